"""The quality gate: every delivered bar is accepted, quarantined or refused, with a reason.

Impossible bars are refused. Of the others, one that does not fit the last accepted bar
of its symbol is quarantined, alone; the next is judged against the last accepted one
again. Three suspicious bars in a row that agree with each other are a new level: they
are released together as a real move; so is a bar that another source gives too. Of a
run of identical bars the first ones stand (they may be quiet days) and those from the
fifth on (by closes alone: the tenth) stay held, also when the run has ended. A bar that
was accepted stays accepted, whatever comes later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.market.suspicion import judge_sequences

PRICES = ("open", "high", "low", "close")
# Vendors take the open and the range of an unfinished day from different moments: deviations
# up to a thousandth are common there and harm nothing. More is a contradiction.
OHLC_TOLERANCE = 1e-3
SAME_CLOSE = 5e-3  # two sources round, and take the close from different venues
HELD_SCHEMA = {"reason": pl.String, "detail": pl.String}


@dataclass(frozen=True)
class Verdict:
    """Where each delivered row went: ``accepted`` bars, ``quarantined`` bars with reason and
    detail, or ``refused`` rows. ``late`` are bars held from earlier deliveries that these confirm;
    ``released`` are the level-shift cases among accepted and late bars. ``marks`` (symbol, date,
    mark) are remarks on delivered bars."""

    accepted: pl.DataFrame
    late: pl.DataFrame
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
    elsewhere: pl.DataFrame | None = None,
) -> Verdict:
    """Judge delivered ``bars`` (``BAR_SCHEMA``, ``is_final``, optionally ``row``).

    ``context``: the last accepted bars from before them; ``held``: quarantined ones from
    before them, which this delivery may confirm; ``splits``: symbol, ex_on, value;
    ``elsewhere``: closes (symbol, date, close) that other sources gave and that are held back.
    """
    numbered = bars if "row" in bars.columns else bars.with_row_index("row", offset=1)
    numbered = numbered.with_columns(pl.col("row").cast(pl.Int64))
    possible, refused = refuse_impossible(numbered, today)
    columns = [c for c in bars.columns if c != "row"]
    sequence = line_up(context, held, possible, columns)
    judged = judge_sequences(with_seconded(sequence, elsewhere), splits)
    new = judged.filter(pl.col("origin") == 2)
    confirmed = judged.filter(pl.col("released"), pl.col("origin") > 0)
    marks = judged.filter(pl.col("mark") != "", pl.col("origin") == 2).select("symbol", "date", "mark")
    return Verdict(
        accepted=new.filter(pl.col("reason") == "").select(columns),
        late=confirmed.filter(pl.col("origin") == 1).select(columns),
        quarantined=new.filter(pl.col("reason") != "").select(*columns, *HELD_SCHEMA),
        refused=refused,
        released=confirmed.select(*columns, reason=pl.lit("level_shift"), detail=pl.col("detail")),
        marks=marks,
    )


def line_up(
    context: pl.DataFrame, held: pl.DataFrame, fresh: pl.DataFrame, columns: list[str]
) -> pl.DataFrame:
    """All bars by symbol and date, one a date, with ``origin``: 0 accepted before, 1 held, 2 fresh.

    What is delivered again is judged again; a held bar of a date that has an accepted one is settled.
    """
    key = ["symbol", "date"]
    old = context.select([c for c in columns if c in context.columns])
    waiting = held.select([c for c in columns if c in held.columns]).join(old, on=key, how="anti")
    parts = [old, waiting, fresh.select(columns)]
    if not (old.is_empty() and waiting.is_empty()):
        parts[:2] = [part.join(fresh, on=key, how="anti") for part in parts[:2]]
    numbered = [part.with_columns(origin=pl.lit(i, pl.Int8)) for i, part in enumerate(parts)]
    return pl.concat(numbered, how="diagonal").sort(key, maintain_order=True)


def with_seconded(sequence: pl.DataFrame, elsewhere: pl.DataFrame | None) -> pl.DataFrame:
    """Add ``seconded``: whether another source gives a fresh bar's close too."""
    if elsewhere is None or elsewhere.is_empty():
        return sequence.with_columns(seconded=pl.lit(value=False))
    theirs = elsewhere.select("symbol", "date", theirs="close").unique(["symbol", "date"])
    same = (pl.col("theirs") / pl.col("close") - 1.0).abs() <= SAME_CLOSE
    joined = sequence.join(theirs, on=["symbol", "date"], how="left", maintain_order="left")
    return joined.with_columns(seconded=(same & (pl.col("origin") == 2)).fill_null(value=False)).drop(
        "theirs"
    )


def refuse_impossible(bars: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split into possible bars and refused rows with the first reason that holds."""
    prices = [pl.col(c) for c in (*PRICES, "adj_close")]
    low, high = pl.col("low"), pl.col("high")
    slack = OHLC_TOLERANCE * pl.col("close")
    outside = (pl.col("close") > high + slack) | (pl.col("close") < low - slack)
    outside = outside | (pl.col("open") > high + slack) | (pl.col("open") < low - slack)
    reason = (
        pl.when(pl.col("symbol").is_null() | pl.col("date").is_null())
        .then(pl.lit("no_symbol_or_date"))
        .when(pl.all_horizontal(c.is_null() | c.is_nan() for c in prices) & pl.col("volume").is_null())
        .then(pl.lit("empty_row"))
        .when(pl.col("close").is_null())
        .then(pl.lit("no_close"))
        .when(pl.any_horizontal((~c.is_finite()).fill_null(value=False) for c in prices))
        .then(pl.lit("not_a_number"))
        .when(pl.any_horizontal((c <= 0).fill_null(value=False) for c in prices))
        .then(pl.lit("price_not_positive"))
        .when(pl.col("volume") < 0)
        .then(pl.lit("negative_volume"))
        .when(high < low)
        .then(pl.lit("high_below_low"))
        .when(outside.fill_null(value=False))
        .then(pl.lit("outside_high_low"))
        .when(pl.col("date") > today)
        .then(pl.lit("future_date"))
        .otherwise(pl.lit(""))
    )
    bad_already = pl.col("reason") != ""  # a refused row does not make a good one of its date a duplicate
    once = pl.struct("symbol", "date", bad_already).is_first_distinct()
    checked = bars.with_columns(reason=reason).with_columns(
        reason=pl.when(bad_already | once).then("reason").otherwise(pl.lit("duplicate_row"))
    )
    bad = checked.filter(pl.col("reason") != "")
    figures = [pl.col(c).cast(pl.String).fill_null("-") for c in (*PRICES, "volume")]
    detail = pl.concat_str([pl.lit("o h l c v:"), *figures], separator=" ")
    refused = bad.select("row", "symbol", pl.col("date").cast(pl.String), "reason", detail=detail)
    return checked.filter(pl.col("reason") == "").drop("reason"), refused.select(list(REJECTION_SCHEMA))
