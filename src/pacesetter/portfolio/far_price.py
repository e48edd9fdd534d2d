"""Whether the price of a trade can be of its day: far from what was paid then, it is mostly a slip, of the
decimal point, the day, the currency or a split.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FAR_PCT = 5  # beyond the day's low or high


@dataclass(frozen=True)
class DayRange:
    """What a share cost on a day, in the major unit of ``currency`` and in that day's shares. Where dividends
    were taken off since, it cost more: by at most ``taken_off``, a fraction of the high."""

    low: Decimal
    high: Decimal
    close: Decimal
    currency: str
    taken_off: Decimal = Decimal(0)


def tell_far_price(symbol: str, on: date, price: Decimal, day: DayRange) -> str | None:
    """A sentence on a price that lies more than ``FAR_PCT`` % outside its day; None for any other."""
    margin = Decimal(FAR_PCT) / 100
    if day.low * (1 - margin) <= price <= day.high * (1 + day.taken_off) * (1 + margin):
        return None
    side = "below the low" if price < day.low else "above the high"
    return (
        f"{symbol} at {_plain(price)} on {on} is more than {FAR_PCT} % {side} of that day (low "
        f"{_plain(day.low)}, high {_plain(day.high)}, close {_plain(day.close)} {day.currency}) — it is "
        "kept: look at price, day, currency and splits"
    )


def _plain(price: Decimal) -> str:
    return f"{price.normalize():f}"
