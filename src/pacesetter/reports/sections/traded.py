"""Traded: what was bought and sold since the report before, by a person or on paper, and why it was."""

from __future__ import annotations

from collections.abc import Sequence

from pacesetter.reports.figures import write_day, write_number, write_price
from pacesetter.reports.night import Night, Traded
from pacesetter.reports.section import Item, Told, section

VERBS = {"buy": "bought", "sell": "sold", "short": "sold short", "cover": "bought back"}


@section("traded", order=25, title="Traded", nothing="Nothing was traded.")
def tell_traded(night: Night, _: Sequence[Told]) -> list[Item]:
    """The trades of the portfolios since the report before, in their order."""
    return [_tell(one, n) for n, one in enumerate(night.traded)]


def _tell(one: Traded, n: int) -> Item:
    verb = VERBS.get(one.action, one.action)
    said = f"{verb} {write_number(one.quantity, 4)} at {write_price(one.price, one.unit)}"
    why = f" · {one.why}" if one.why else ""
    return Item(
        key=f"{one.on.isoformat()} {n}",
        title=f"{one.symbol} · {one.name}" if one.name else one.symbol,
        words=f"{said} on {write_day(one.on)} · {one.portfolio}{why}",
        mark=[one.on.isoformat(), one.symbol, said, one.portfolio],
        tone="bad" if one.why.startswith("stop") else "good" if one.why.startswith("target") else "plain",
    )
