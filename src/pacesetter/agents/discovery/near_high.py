"""Near the high: within 2 % of the highest price of 52 weeks, and traded more than usual."""

from __future__ import annotations

import polars as pl

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import fresh_rows, make_find
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

SHOWN = (
    "price.close",
    "price.high_252d",
    "price.below_high_pct",
    "price.volume_ratio",
    "price.change_1d_pct",
)


@seeker(
    "near_high",
    "Within 2 % of the highest price of 52 weeks, on volume, after a rise",
    types=("near_high",),
    parameters={
        "within_pct": Parameter(2.0, 0.0, 50.0, "so far below the high, in %, or nearer"),
        "volume_times": Parameter(1.5, 0.0, 100.0, "so many times the mean volume at least"),
        "sure_at_times": Parameter(3.0, 0.0, 1000.0, "so many times give the full confidence"),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """Only on a session on which the price did not fall: volume near a high may also be its end.

    Strength: how near, at the high itself in full. Confidence: 0.5 up to 0.7 by the volume, which is no
    part of the strength, for unusual volume is told of by itself.
    """
    found = []
    is_near = pl.col("price.below_high_pct") <= given["within_pct"]
    is_traded = pl.col("price.volume_ratio") >= given["volume_times"]
    is_up = pl.col("price.change_1d_pct") >= 0
    for row in fresh_rows(evidence, where=is_near & is_traded & is_up):
        below, ratio = row["price.below_high_pct"], row["price.volume_ratio"]
        nearness = 1.0 - below / given["within_pct"] if given["within_pct"] > 0 else 1.0
        found.append(
            make_find(
                evidence,
                given,
                row["symbol"],
                "near_high",
                strength=nearness,
                confidence=0.5 + 0.2 * measure_strength(ratio, given["volume_times"], given["sure_at_times"]),
                facts={name: row[name] for name in SHOWN},
                direction="up",
            )
        )
    return found
