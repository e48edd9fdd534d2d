"""Symbols with names and sectors from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pacesetter.kernel.errors import BadFile
from pacesetter.market.bar import REJECTION_SCHEMA
from pacesetter.market.symbol import ASSET_TYPES, guess_listing
from pacesetter.providers.files.columns import SYMBOL_COLUMNS, rename_columns
from pacesetter.providers.files.prices import spell
from pacesetter.providers.files.table import read_table


@dataclass(frozen=True)
class SymbolFile:
    """Described symbols, refused rows, and remarks for the user."""

    name: str
    frame: pl.DataFrame
    rejections: pl.DataFrame
    said: list[str]


def read_symbols(path: Path) -> SymbolFile:
    """Read a list of symbols from CSV or Parquet."""
    table = rename_columns(read_table(path), SYMBOL_COLUMNS, path)
    if "symbol" not in table.columns:
        raise BadFile("there is no symbol column", where=str(path), mend="name it Symbol or Ticker")
    text = table.with_columns(pl.exclude("row").cast(pl.String).str.strip_chars())
    symbols = {s: spell(s) for s in text["symbol"].unique().to_list()}
    spelt = pl.col("symbol").replace_strict(symbols, return_dtype=pl.String)
    reason: Any = pl.when(spelt.is_null()).then(pl.lit("unreadable_symbol"))
    if "asset_type" in text.columns:
        text = text.with_columns(pl.col("asset_type").str.to_lowercase())
        known = pl.col("asset_type").is_in(ASSET_TYPES) | pl.col("asset_type").is_null()
        reason = reason.when(~known).then(pl.lit("unknown_asset_type"))
    reason = reason.when(~spelt.is_first_distinct()).then(pl.lit("duplicate_row"))
    checked = text.with_columns(reason=reason, symbol_text=pl.col("symbol"), symbol=spelt)
    refused = checked.filter(pl.col("reason").is_not_null()).select(
        pl.col("row").cast(pl.Int64),
        symbol="symbol_text",
        date=pl.lit(None, pl.String),
        reason="reason",
        detail=pl.lit("the row was left out"),
    )
    good = checked.filter(pl.col("reason").is_null()).drop(
        "row", "reason", "symbol_text", "isin", "country", strict=False
    )
    good, said = mend_currencies(good)
    return SymbolFile(path.name, good, refused.cast(REJECTION_SCHEMA), said)


def mend_currencies(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Where quotes are in pence (GBX, GBp) the currency is pounds; other quotes are in their currency."""
    listings = [guess_listing(symbol) for symbol in frame["symbol"]]
    if "currency" not in frame.columns:
        return frame.with_columns(exchange_mic=pl.Series([x.mic for x in listings], dtype=pl.String)), []
    pence = pl.col("currency").is_in(["GBX", "GBp", "GBP"]) & pl.Series(
        [x.quote_unit == "GBX" for x in listings], dtype=pl.Boolean
    )
    mended = frame.with_columns(
        quote_unit=pl.when(pence).then(pl.lit("GBX")).otherwise(pl.col("currency").str.to_uppercase()),
        currency=pl.when(pence).then(pl.lit("GBP")).otherwise(pl.col("currency").str.to_uppercase()),
    )
    return mended.with_columns(exchange_mic=pl.Series([x.mic for x in listings], dtype=pl.String)), []
