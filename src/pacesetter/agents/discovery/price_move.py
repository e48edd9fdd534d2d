"""Price moves: 10 % in a session, or 20 % in five, up or down.

Where the whole market moves, a move must be as large without it, too: the market's median is taken off.
"""

from __future__ import annotations

import polars as pl

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import fresh_rows, make_find, market_median
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

DAY, WEEK = "price.change_1d_pct", "price.change_5d_pct"
SHOWN = ("price.close", DAY, WEEK, "price.volume_ratio")


@seeker(
    "price_move",
    "A change of 10 % in a session, or of 20 % in five sessions, up or down",
    types=("price_move",),
    parameters={
        "day_pct": Parameter(10.0, 0.1, 100.0, "the change in a session that makes a signal, in %"),
        "week_pct": Parameter(20.0, 0.1, 200.0, "the change in five sessions that makes one, in %"),
        "full_at_times": Parameter(2.0, 1.0, 100.0, "so many times such a change give the full score"),
        "market_counts": Parameter(1.0, 0.0, 1.0, "how much of the market's own is taken off; 0: nothing"),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """A week's move is told on the first session on which it is there, not on the days after it.

    Confidence: 0.6 at the threshold up to 0.8."""
    day_pct, week_pct = given["day_pct"], given["week_pct"]
    market = {name: given["market_counts"] * (market_median(evidence, name) or 0.0) for name in (DAY, WEEK)}
    found = []
    moved = (pl.col(DAY).abs() >= day_pct) | (pl.col(WEEK).abs() >= week_pct)
    for row in fresh_rows(evidence, DAY, where=moved):
        day = _times(row[DAY], market[DAY], day_pct)
        week = _times(row[WEEK] or 0.0, market[WEEK], week_pct)
        before = evidence.of_before(row["symbol"]).get(WEEK, 0.0) / week_pct
        if abs(before) >= 1 and before * week > 0:
            week = 0.0
        times = max(day, week, key=abs)
        if abs(times) < 1:
            continue
        strength = measure_strength(abs(times), 1.0, given["full_at_times"])
        found.append(
            make_find(
                evidence,
                given,
                row["symbol"],
                "price_move",
                strength=strength,
                confidence=0.6 + 0.2 * strength,
                facts={name: row[name] for name in SHOWN},
                market={name: round(value, 6) for name, value in market.items()},
                direction="up" if times > 0 else "down",
            )
        )
    return found


def _times(change: float, market: float, threshold: float) -> float:
    """How many thresholds a change is, with or without the market's, whichever is less; against the market
    nothing is taken off."""
    without = change - market if change * market > 0 else change
    return 0.0 if change * without <= 0 else min(change, without, key=abs) / threshold
