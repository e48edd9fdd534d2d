"""Rank jumps: a symbol that moved across much of a board since the date before.

Only the largest of an evening are told: when new figures come in for everybody, everybody's rank moves.
"""

from __future__ import annotations

import polars as pl

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import make_find
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

SHOWN = ("board", "board_name", "rank", "previous_rank", "rank_change", "n_ranked")


@seeker(
    "rank_jump",
    "A rank that changed by 20 % of the board and at least 10 places, up or down",
    types=("rank_jump",),
    parameters={
        "share": Parameter(0.2, 0.01, 1.0, "of the ranked symbols that it passed or was passed by"),
        "fewest_places": Parameter(10.0, 1.0, 10_000.0, "so many places at least"),
        "most": Parameter(20.0, 1.0, 10_000.0, "so many of an evening, the largest first"),
        "full_at_share": Parameter(0.5, 0.01, 1.0, "this share of the board gives the full score"),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """Of several boards the one on which it moved farthest. Confidence: 0.5 up to 0.7."""
    far = evidence.ranks.with_columns(share=pl.col("rank_change").abs() / pl.col("n_ranked")).filter(
        pl.col("share") >= given["share"],
        pl.col("rank_change").abs() >= given["fewest_places"],
        pl.col("previous_on").is_not_null(),
    )
    order = ["symbol", "share", "n_ranked", "board"]
    first = far.sort(order, descending=[False, True, True, False]).unique(
        "symbol", keep="first", maintain_order=True
    )
    most = first.sort("share", "symbol", descending=[True, False]).head(int(given["most"]))
    found = []
    for row in most.iter_rows(named=True):
        strength = measure_strength(row["share"], given["share"], given["full_at_share"])
        found.append(
            make_find(
                evidence,
                given,
                row["symbol"],
                "rank_jump",
                strength=strength,
                confidence=0.5 + 0.2 * strength,
                direction="up" if row["rank_change"] > 0 else "down",
                previous_on=row["previous_on"].isoformat(),
                **{name: row[name] for name in SHOWN},
            )
        )
    return found
