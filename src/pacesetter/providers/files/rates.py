"""Exchange rates from a file: a row a rate, or a column a pair."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pacesetter.kernel.errors import BadFile
from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.providers.files.columns import fold, is_blank, parse_dates, parse_numbers
from pacesetter.providers.files.table import read_table

DATES = ("date", "day", "on", "time", "timestamp")
COLUMNS = {
    "base": ("base", "base currency", "from", "from currency"),
    "quote": ("quote", "quote currency", "to", "to currency", "counter currency"),
    "rate": ("rate", "value", "close", "price", "fx rate", "exchange rate"),
}
PAIR = re.compile(r"([A-Z]{3})[/_\-. ]?([A-Z]{3})(=X)?")
CODE = r"^[A-Z]{3}$"
RATES = {"base": pl.String, "quote": pl.String, "on": pl.Date, "rate": pl.Float64}


@dataclass(frozen=True)
class RateFile:
    """Rates (``base``, ``quote``, ``on``, ``rate``: so many quote for one base), refused rows, remarks."""

    frame: pl.DataFrame
    rejections: pl.DataFrame
    said: list[str]


def read_rates(path: Path, *, latest: date) -> RateFile:
    """Read rates from CSV or Parquet: columns date, base, quote, rate; or date and one a pair, such as
    ``EURUSD`` or ``EUR/USD`` (dollars for a euro). Later days than ``latest`` are refused."""
    table = read_table(path)
    day = next((c for c in table.columns if fold(c) in DATES), None)
    if day is None:
        raise BadFile("there is no date column", where=str(path), mend="name it Date")
    long = {
        name: next((c for c in table.columns if fold(c) in spellings), None)
        for name, spellings in COLUMNS.items()
    }
    pairs = {c: found.groups()[:2] for c in table.columns if (found := PAIR.fullmatch(c.strip().upper()))}
    if all(long.values()):
        rows = table.select(
            "row", pl.col(day).alias("on"), *[pl.col(str(c)).alias(n) for n, c in long.items()]
        )
    elif pairs:
        rows = pl.concat(
            table.select(
                "row",
                pl.col(day).alias("on"),
                base=pl.lit(one),
                quote=pl.lit(other),
                rate=pl.col(column).cast(pl.String),
            )
            for column, (one, other) in pairs.items()
        )
        rows = rows.filter(~is_blank(pl.col("rate")))
    else:
        mend = "name columns date, base, quote, rate; or date and one a pair, such as EURUSD"
        raise BadFile("there are no rates in it", where=str(path), mend=mend)
    return judge(rows, path, latest)


def judge(rows: pl.DataFrame, path: Path, latest: date) -> RateFile:
    """Rows as rates, and those that are none with the reason."""
    dated = parse_dates(rows, "on", path)
    text = pl.col("rate").cast(pl.String)
    typed = dated.with_columns(
        pl.col("base", "quote").cast(pl.String).str.strip_chars().str.to_uppercase(),
        rate=parse_numbers(text, comma_decimal=False) if dated["rate"].dtype == pl.String else pl.col("rate"),
        written=text,
    ).with_columns(pl.col("rate").cast(pl.Float64))
    comma = pl.col("written").str.contains(",")
    number = pl.col("rate").is_not_null() & pl.col("rate").is_finite() & (pl.col("rate") > 0)
    reason = (
        pl.when(pl.col("on").is_null())
        .then(pl.lit("unreadable_date"))
        .when(pl.col("on") > latest)
        .then(pl.lit("future_date"))
        .when(~pl.col("base").str.contains(CODE) | ~pl.col("quote").str.contains(CODE))
        .then(pl.lit("unknown_currency"))
        .when(pl.col("base") == pl.col("quote"))
        .then(pl.lit("same_currency"))
        .when(comma.fill_null(value=False))
        .then(pl.lit("decimal_comma"))
        .when(~number.fill_null(value=False))
        .then(pl.lit("not_a_rate"))
    )
    checked = typed.with_columns(reason=reason)
    bad = checked.filter(pl.col("reason").is_not_null())
    refused = bad.select(
        pl.col("row").cast(pl.Int64),
        symbol=pl.concat_str("base", "quote", ignore_nulls=True),
        date=pl.col("on").cast(pl.String),
        reason="reason",
        detail=pl.col("written"),
    )
    good = checked.filter(pl.col("reason").is_null()).select(*RATES).cast(RATES)  # type: ignore[arg-type]
    twice = good.height - good.unique(("base", "quote", "on")).height
    said = [f"{twice} rates stand there twice: the last of each holds"] if twice else []
    return RateFile(good, refused.cast(REJECTION_SCHEMA), said)
