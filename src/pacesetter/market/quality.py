"""The quality gate: every delivered bar is accepted, quarantined or refused, with a reason.

Impossible bars are refused. Of the others, one that does not fit the last accepted bar
of its symbol is quarantined, alone; the next is judged against the last accepted one
again. Three suspicious bars in a row that agree with each other are a new level: they
are released together as a real move. A bar that was accepted stays accepted, whatever
comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.market.suspicion import judge_sequences

PRICES = ("open", "high", "low", "close")
OHLC_TOLERANCE = 1e-3  # vendors round adjusted opens and closes apart; more is a contradiction
HELD_SCHEMA = {"reason": pl.String, "detail": pl.String}


@dataclass(frozen=True)
class Verdict:
    """Where each row went: ``accepted`` bars (released ones among them), ``quarantined`` bars with
    reason and detail, ``refused`` rows, and the ``released`` cases with the reason they were held for.
    ``marks`` (symbol, date, mark) are remarks on accepted bars."""

    accepted: pl.DataFrame
    quarantined: pl.DataFrame
    refused: pl.DataFrame
    released: pl.DataFrame
    marks: pl.DataFrame


def judge(
    bars: pl.DataFrame,
    *,
    context: pl.DataFrame,
    held: pl.DataFrame,
    splits: pl.DataFrame,
    today: date,
) -> Verdict:
    """Judge delivered ``bars`` (``BAR_SCHEMA``, ``is_final``, optionally ``row``).

    ``context``: the last accepted bars from before them; ``held``: quarantined ones from
    before them, which this delivery may confirm; ``splits``: symbol, ex_on, value.
    """
    numbered = bars if "row" in bars.columns else bars.with_row_index("row", offset=1)
    numbered = numbered.with_columns(pl.col("row").cast(pl.Int64))
    possible, refused = refuse_impossible(numbered, today)
    columns = [c for c in bars.columns if c != "row"]
    old = context.select([c for c in columns if c in context.columns])
    waiting = held.select([*columns, *HELD_SCHEMA]) if not held.is_empty() else None
    sequence = pl.concat(
        [
            old.with_columns(origin=pl.lit(0, pl.Int8)),
            *([] if waiting is None else [waiting.select(columns).with_columns(origin=pl.lit(1, pl.Int8))]),
            possible.select(columns).with_columns(origin=pl.lit(2, pl.Int8)),
        ],
        how="diagonal",
    ).sort("symbol", "date", maintain_order=True)
    judged = judge_sequences(sequence, splits)
    new = judged.filter(pl.col("origin") == 2)
    confirmed = judged.filter(pl.col("released"), pl.col("origin") > 0)
    late = confirmed.filter(pl.col("origin") == 1).select(columns)
    accepted = pl.concat([new.filter(pl.col("reason") == "").select(columns), late])
    marks = judged.filter(pl.col("mark") != "", pl.col("origin") == 2).select("symbol", "date", "mark")
    return Verdict(
        accepted=accepted.sort("symbol", "date"),
        quarantined=new.filter(pl.col("reason") != "").select(*columns, *HELD_SCHEMA),
        refused=refused,
        released=confirmed.select(*columns, reason=pl.lit("level_shift"), detail=pl.col("detail")),
        marks=marks,
    )


def refuse_impossible(bars: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split into possible bars and refused rows with the first reason that holds."""
    given = [pl.col(c) for c in (*PRICES, "adj_close")]
    shown = [c.is_not_null() & (c.is_nan() | c.is_infinite() | (c <= 0)) for c in given]
    low, high = pl.col("low"), pl.col("high")
    slack = OHLC_TOLERANCE * pl.col("close")
    outside = (pl.col("close") > high + slack) | (pl.col("close") < low - slack)
    outside = outside | (pl.col("open") > high + slack) | (pl.col("open") < low - slack)
    reason = (
        pl.when(pl.all_horizontal(pl.col(c).is_null() for c in (*PRICES, "adj_close", "volume")))
        .then(pl.lit("empty_row"))
        .when(pl.col("close").is_null())
        .then(pl.lit("no_close"))
        .when(pl.any_horizontal(shown))
        .then(pl.lit("price_not_positive"))
        .when(pl.col("volume") < 0)
        .then(pl.lit("negative_volume"))
        .when(high < low)
        .then(pl.lit("high_below_low"))
        .when(outside.fill_null(value=False))
        .then(pl.lit("outside_high_low"))
        .when(pl.col("date") > today)
        .then(pl.lit("future_date"))
        .when(pl.struct("symbol", "date").is_first_distinct().not_())
        .then(pl.lit("duplicate_row"))
        .otherwise(pl.lit(""))
    )
    checked = bars.with_columns(reason=reason)
    bad = checked.filter(pl.col("reason") != "")
    figures = [pl.col(c).cast(pl.String).fill_null("-") for c in (*PRICES, "volume")]
    detail = pl.concat_str([pl.lit("o h l c v:"), *figures], separator=" ")
    refused = bad.select("row", "symbol", pl.col("date").cast(pl.String), "reason", detail=detail)
    return checked.filter(pl.col("reason") == "").drop("reason"), refused.select(list(REJECTION_SCHEMA))
