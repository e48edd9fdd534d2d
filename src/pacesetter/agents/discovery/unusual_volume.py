"""Unusual volume: a symbol trades far more than on the thirty sessions before.

On a day on which everything does, such as when options expire, what counts is how much more than the
market: the threshold is then so many times the market's own median.
"""

from __future__ import annotations

import polars as pl

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import fresh_rows, make_find, market_median
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

SHOWN = ("price.volume", "price.volume_mean_30d", "price.volume_ratio", "price.close", "price.change_1d_pct")


@seeker(
    "unusual_volume",
    "Volume of at least three times the mean of the 30 sessions before",
    types=("unusual_volume",),
    parameters={
        "times": Parameter(3.0, 1.0, 100.0, "so many times the mean volume make a signal"),
        "full_at_times": Parameter(6.0, 1.0, 1000.0, "so many times give the full score"),
        "market_counts": Parameter(1.0, 0.0, 1.0, "how much of the market's own is taken off; 0: nothing"),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """Confidence: 0.6 at the threshold up to 0.8; volume says that something is on, not what."""
    found = []
    usual = max(1.0, given["market_counts"] * (market_median(evidence, "price.volume_ratio") or 0.0))
    enough = pl.col("price.volume_ratio") >= given["times"] * usual
    for row in fresh_rows(evidence, "price.volume_ratio", where=enough):
        times = row["price.volume_ratio"] / usual
        strength = measure_strength(times, given["times"], given["full_at_times"])
        found.append(
            make_find(
                evidence,
                given,
                row["symbol"],
                "unusual_volume",
                strength=strength,
                confidence=0.6 + 0.2 * strength,
                facts={name: row[name] for name in SHOWN},
                market_ratio=usual,
                direction="up" if (row["price.change_1d_pct"] or 0.0) >= 0 else "down",
            )
        )
    return found
