"""The figures of a box's day: what each is called, its unit, its formula, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One figure of a box's day.

    ``name``: as it is stored and asked for; ``unit``: USD, %, boxes, boxes a day, listings, days or 0-10;
    ``higher_is_better``: which end of a board over it is rank 1; ``formula``: how it is computed;
    ``about``: what it tells, for somebody who has never heard of it.
    """

    name: str
    title: str
    unit: str
    higher_is_better: bool
    formula: str
    about: str


def _change(days: int, title: str) -> Measure:
    at_least = f"between {days} and {days + 2} days before" if days > 1 else "1 to 3 days before"
    return Measure(
        f"floor_price_{days}d_change_pct",
        f"Floor price, {title} change",
        "%",
        True,
        f"100 * (floor / earlier floor - 1); earlier: the newest one known {at_least}",
        "How much dearer or cheaper the cheapest box became; the date it is compared with is shown.",
    )


_ALL = (
    Measure(
        "floor_price_usd",
        "Floor price",
        "USD",
        True,
        "as observed",
        "What the cheapest box on offer costs.",
    ),
    _change(1, "1-day"),
    _change(7, "7-day"),
    _change(30, "30-day"),
    Measure(
        "daily_volume_usd",
        "Volume of the day",
        "USD",
        True,
        "boxes sold * floor price",
        "What the boxes sold on this day were worth at the floor price.",
    ),
    Measure(
        "unified_volume_usd",
        "Volume of 30 days",
        "USD",
        True,
        "sum of the volumes of the days that were observed, out of the 30 calendar days up to this one",
        "What was sold in a month, as far as somebody looked: days without an observation add nothing.",
    ),
    Measure(
        "unified_volume_7d_ema",
        "Volume a day, smoothed over 7 days",
        "USD",
        True,
        "e = e * 0.75^d + x * (1 - 0.75^d); x: volume of the day, d: days since the last known volume; "
        "the first known volume is the start",
        "What is sold on a day lately: the newest days count most, and a gap fades by how long it was.",
    ),
    Measure(
        "boxes_sold_per_day",
        "Boxes sold on the day",
        "boxes",
        True,
        "as observed",
        "How many boxes were sold on this day.",
    ),
    Measure(
        "boxes_sold_30d_avg",
        "Boxes sold a day, mean of 30 days",
        "boxes a day",
        True,
        "mean of boxes sold over the days with known sales, out of the 30 calendar days up to this one",
        "How many boxes are sold on a usual day of the last month.",
    ),
    Measure(
        "active_listings_count",
        "Listings",
        "listings",
        True,
        "as observed",
        "How many boxes are on offer. More is more to choose from, neither good nor bad by itself.",
    ),
    Measure(
        "boxes_added_today",
        "Boxes added on the day",
        "boxes",
        True,
        "as observed",
        "How many boxes were newly offered on this day. More is more supply.",
    ),
    Measure(
        "liquidity_score",
        "Liquidity",
        "0-10",
        True,
        "min(10, 100 * mean of boxes sold a day over 30 days / listings); from 7 days with known sales on",
        "How easily a box finds a buyer: 10 when a tenth of all that is offered is sold every day.",
    ),
    Measure(
        "days_to_20pct_increase",
        "Days to a 20 % rise",
        "days",
        False,
        "listings / (mean of boxes sold - mean of boxes added a day over 30 days), at most 180; "
        "from 5 listings and 7 days with known sales on, and only while more is sold than added",
        "How long today's listings last at the pace they are bought up: a rough guess at when prices jump.",
    ),
    Measure(
        "expected_days_to_sell",
        "Days to sell one",
        "days",
        False,
        "listings / mean of boxes sold a day over 30 days, from 1 to 365; from 7 days with known sales on",
        "How long a box that is offered now waits for its buyer, if all on offer are sold in turn.",
    ),
    Measure(
        "visible_market_cap_usd",
        "Value of all listings",
        "USD",
        True,
        "listings * floor price",
        "What all boxes on offer would cost at the floor price.",
    ),
)

MEASURES: dict[str, Measure] = {one.name: one for one in _ALL}
"""Every figure of a box's day by its name, in the order in which they are stored and shown."""
