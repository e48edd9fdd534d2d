"""Sells: what the desk proposes to let go of, and why."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.night import Night
from pacesetter.reports.section import Item, Told, section
from pacesetter.reports.sections.new_buys import tell_order


@section("sells", order=20, title="Sells", layout="cards", over="No longer waits", nothing="Nothing to sell.")
def tell_sells(night: Night, _: Sequence[Told]) -> list[Item]:
    """What the desk proposes to sell, and what it proposed before and nobody has answered."""
    return [tell_order(one) for one in night.orders if one.side == "sell"]
