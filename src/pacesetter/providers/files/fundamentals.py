"""Fundamentals from a file: one row a symbol, or a symbol and period."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pacesetter.kernel.errors import BadFile
from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.providers.files.columns import (
    FACT_COLUMNS,
    is_blank,
    parse_dates,
    parse_numbers,
    rename_columns,
)
from pacesetter.providers.files.prices import spell
from pacesetter.providers.files.table import read_table

PLAIN = ("symbol", "as_of", "known_on", "currency")


@dataclass(frozen=True)
class FactFile:
    """Snapshots (row, symbol, measures, optionally as_of, known_on, currency), refused rows, remarks."""

    name: str
    frame: pl.DataFrame
    rejections: pl.DataFrame
    said: list[str]


def read_fundamentals(path: Path) -> FactFile:
    """Read fundamentals from CSV or Parquet; a blank is a measure that is not known."""
    table = rename_columns(read_table(path), FACT_COLUMNS, path)
    measures = [c for c in table.columns if c not in (*PLAIN, "row")]
    if "symbol" not in table.columns or not measures:
        raise BadFile(
            "there is no symbol column, or no measure that is known",
            where=str(path),
            mend=f"name columns like Symbol, {', '.join(m for m in FACT_COLUMNS if m not in PLAIN)}",
        )
    for name in ("as_of", "known_on"):
        if name in table.columns:
            table = parse_dates(table, name, path)
    bad: Any = pl.when(pl.col("symbol").is_null()).then(pl.lit("unreadable_symbol"))
    values = []
    for name in measures:
        if table.schema[name] == pl.String:
            value: Any = pl.when(~is_blank(pl.col(name))).then(
                parse_numbers(pl.col(name), comma_decimal=False)
            )
            bad = bad.when(value.is_null() & ~is_blank(pl.col(name))).then(pl.lit(f"unreadable_{name}"))
        else:
            value = pl.col(name).cast(pl.Float64).fill_nan(None)
        values.append(value.alias(name))
    symbols = {s: spell(s) for s in table["symbol"].unique().to_list()}
    spelt = pl.col("symbol").replace_strict(symbols, return_dtype=pl.String)
    reason = bad.when(spelt.is_null()).then(pl.lit("unreadable_symbol"))
    checked = table.with_columns(*values, reason=reason, symbol_text=pl.col("symbol"), symbol=spelt)
    twice = pl.struct([c for c in ("symbol", "as_of", "known_on") if c in table.columns])
    checked = checked.with_columns(
        reason=pl.when(pl.col("reason").is_null() & ~twice.is_first_distinct())
        .then(pl.lit("duplicate_row"))
        .otherwise(pl.col("reason"))
    )
    refused = checked.filter(pl.col("reason").is_not_null()).select(
        pl.col("row").cast(pl.Int64),
        symbol="symbol_text",
        date=pl.lit(None, pl.String),
        reason="reason",
        detail=pl.lit("the row was left out"),
    )
    good = checked.filter(pl.col("reason").is_null()).drop("reason", "symbol_text")
    said = [f"measures: {', '.join(measures)}"]
    return FactFile(path.name, good, refused.cast(REJECTION_SCHEMA), said)
