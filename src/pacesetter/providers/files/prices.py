"""Prices from a file or a folder of files, every row of them accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_args

import polars as pl

from pacesetter.kernel.errors import BadFile, InputError
from pacesetter.market.bar import ACTION_SCHEMA, BAR_SCHEMA, REJECTION_SCHEMA, Basis, no_actions
from pacesetter.market.symbol import normalise_symbol
from pacesetter.providers.files.columns import (
    PRICE_COLUMNS,
    is_blank,
    parse_dates,
    parse_numbers,
    rename_columns,
)
from pacesetter.providers.files.table import PARQUET, TEXT, read_table

NUMBERS = ("open", "high", "low", "close", "adj_close", "volume", "dividend", "split")


@dataclass(frozen=True)
class PriceFile:
    """What a file holds: bars with their source ``row``, rows that could not be read, actions,
    the adjustment basis of the prices, and what was assumed, for the user to read."""

    name: str
    frame: pl.DataFrame
    rejections: pl.DataFrame
    basis: Basis
    actions: pl.DataFrame = field(default_factory=no_actions)
    said: list[str] = field(default_factory=list)


def read_prices(path: Path, *, basis: str | None = None) -> PriceFile:
    """Read prices: Parquet or CSV, long form or one file a symbol (named by the file), or a folder."""
    if basis is not None and basis not in get_args(Basis):
        raise InputError(
            f"{basis!r} is no basis", where="--basis", mend=f"use one of {', '.join(get_args(Basis))}"
        )
    if path.is_dir():
        parts = sorted(p for p in path.iterdir() if p.suffix.casefold() in (*PARQUET, *TEXT))
        if not parts:
            raise BadFile("the folder holds no CSV or Parquet file", where=str(path))
        files = [read_one(part, basis) for part in parts]
        bases = {file.basis for file in files}
        if len(bases) > 1:
            raise BadFile(
                "the folder mixes adjusted and unadjusted files", where=str(path), mend="say --basis"
            )
        return PriceFile(
            name=path.name,
            frame=pl.concat([file.frame for file in files]),
            rejections=pl.concat([file.rejections for file in files]),
            basis=files[0].basis,
            actions=pl.concat([file.actions for file in files]),
            said=[f"{len(files)} files", *files[0].said],
        )
    return read_one(path, basis)


def read_one(path: Path, basis: str | None) -> PriceFile:
    """Read one file."""
    table = rename_columns(read_table(path), PRICE_COLUMNS, path)
    if "date" not in table.columns:
        raise BadFile("there is no date column", where=str(path), mend="name it Date")
    if "close" not in table.columns and "adj_close" not in table.columns:
        raise BadFile("there is no price column", where=str(path), mend="name it Close or Adj Close")
    said: list[str] = []
    if "symbol" not in table.columns:
        symbol = normalise_symbol(path.stem)
        table = table.with_columns(symbol=pl.lit(symbol))
        said.append(f"all rows are {symbol}, by the file's name")
    typed, unreadable = type_columns(table, path)
    assumed, why = assume_basis(typed.columns)
    said.append(f"prices taken as {basis or assumed}: {'as stated' if basis else why}")
    if "close" not in typed.columns:
        typed = typed.with_columns(close=pl.col("adj_close"))
    absent = [
        pl.lit(None, kind).alias(name) for name, kind in BAR_SCHEMA.items() if name not in typed.columns
    ]
    bars = typed.with_columns(absent).select(*BAR_SCHEMA, "row")
    return PriceFile(path.name, bars, unreadable, cast("Basis", basis or assumed), actions_of(typed), said)


def assume_basis(columns: list[str]) -> tuple[Basis, str]:
    """What prices are most likely adjusted for, by the columns given, and why."""
    if "close" not in columns:
        return "split_dividend", "only an adjusted close is given"
    if "adj_close" in columns:
        return "split", "an adjusted close stands beside the close (--basis says otherwise)"
    return "split_dividend", "there is no adjusted close beside the close (--basis says otherwise)"


def type_columns(table: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Typed rows, and the rows with a date, number or symbol that cannot be read."""
    table = table.with_columns(pl.col("row").cast(pl.Int64), date_text=pl.col("date").cast(pl.String))
    table = parse_dates(table, "date", path)
    comma = path.suffix.casefold() in TEXT and decimal_comma(table)
    bad: Any = pl.when(pl.col("date").is_null()).then(pl.lit("unreadable_date"))
    for name in NUMBERS:
        if name not in table.columns:
            continue
        if table.schema[name] == pl.String:
            value = pl.when(~is_blank(pl.col(name))).then(parse_numbers(pl.col(name), comma_decimal=comma))
            bad = bad.when(value.is_null() & ~is_blank(pl.col(name))).then(pl.lit(f"unreadable_{name}"))
            table = table.with_columns(value.alias(f"{name}_value"))
        else:
            table = table.with_columns(pl.col(name).cast(pl.Float64).alias(f"{name}_value"))
    symbols = {s: spell(s) for s in table["symbol"].unique().to_list()}
    spelt = pl.col("symbol").replace_strict(symbols, return_dtype=pl.String)
    checked = table.with_columns(
        reason=bad.when(spelt.is_null()).then(pl.lit("unreadable_symbol")), spelt=spelt
    )
    given = [c for c in NUMBERS if f"{c}_value" in checked.columns]
    good = checked.filter(pl.col("reason").is_null()).select(
        "row", "date", symbol="spelt", **{c: pl.col(f"{c}_value") for c in given}
    )
    if "volume" in good.columns:
        good = good.with_columns(pl.col("volume").round().cast(pl.Int64, strict=False))
    refused = checked.filter(pl.col("reason").is_not_null()).select(
        "row", "symbol", date="date_text", reason="reason", detail=pl.lit("the cell holds no such value")
    )
    return good, refused.select(list(REJECTION_SCHEMA)).cast(dict(REJECTION_SCHEMA))


def spell(symbol: str | None) -> str | None:
    """The one spelling of a symbol, None for what cannot be one."""
    try:
        return normalise_symbol(symbol or "")
    except InputError:
        return None


def decimal_comma(table: pl.DataFrame) -> bool:
    """Whether numbers are written with a decimal comma: some price has a comma, none a point after it."""
    texts = [c for c in ("open", "high", "low", "close", "adj_close") if table.schema.get(c) == pl.String]
    for name in texts:
        cells = table[name].drop_nulls()
        if cells.str.contains(r"\d,\d{1,2}$|\d,\d{4,}$").any() and not cells.str.contains(r"\.\d+$").any():
            return True
    return False


def actions_of(typed: pl.DataFrame) -> pl.DataFrame:
    """Dividends and splits where the file has such columns."""
    frames = [no_actions()]
    for name, kind, nothing in (("dividend", "dividend", 0.0), ("split", "split", 1.0)):
        if name in typed.columns:
            real = typed.filter(pl.col(name).is_finite() & (pl.col(name) > 0) & (pl.col(name) != nothing))
            frames.append(
                real.select(
                    "symbol", ex_on="date", kind=pl.lit(kind), value=name, currency=pl.lit(None, pl.String)
                )
            )
    return pl.concat(frames).select(list(ACTION_SCHEMA))
