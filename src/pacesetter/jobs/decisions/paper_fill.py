"""What a session's bar does to a position on paper: pure, in that session's shares and the major currency.

The open comes first. At or under the stop there, everything goes at the open; at or above the target, the
first part goes at the open. Then the day: where it touched the stop, all that is left goes at the stop, even
if it touched the target, too, for nobody knows which came first; else the first part goes at the target. The
rest stays until the stop, or until a SELL is approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal


@dataclass(frozen=True)
class DayPrices:
    """A session's prices."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


@dataclass(frozen=True)
class Sale:
    """So many are sold at a price; ``why``: stop or target."""

    quantity: Decimal
    price: Decimal
    why: str


def sell_on_bar(
    day: DayPrices,
    quantity: Decimal,
    *,
    stop: Decimal | None,
    target: Decimal | None,
    part_sold: bool,
    part_pct: float,
) -> tuple[Sale, ...]:
    """What of ``quantity`` is sold on a session; ``part_sold``: the first target was reached before."""
    if quantity <= 0:
        return ()
    if stop is not None and day.open <= stop:
        return (Sale(quantity, day.open, "stop"),)
    sales = []
    left = quantity
    part = count_part(quantity, part_pct)
    if not part_sold and target is not None and day.open >= target:
        sales.append(Sale(part, day.open, "target"))
        left, part_sold = left - part, True
    if stop is not None and day.low <= stop:
        if left > 0:
            sales.append(Sale(left, stop, "stop"))
    elif not part_sold and target is not None and day.high >= target:
        sales.append(Sale(part, target, "target"))
    return tuple(sales)


def count_part(quantity: Decimal, part_pct: float) -> Decimal:
    """The first part of a position: whole shares, rounded up, never more than there are."""
    part = (quantity * Decimal(str(part_pct)) / 100).to_integral_value(ROUND_CEILING)
    return min(part, quantity)
