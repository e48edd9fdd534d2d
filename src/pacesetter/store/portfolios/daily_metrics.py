"""The newest figures of every symbol: one row a symbol, never replaced by an older session's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
import polars as pl
from sqlalchemy import ColumnElement, Row, and_, func, or_, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import by_symbol
from pacesetter.store.database.bulk import stage
from pacesetter.store.tables.exposure import BETAS, RATIOS, RETURNS, symbol_daily_metrics

Place = tuple[bool, float, str]  # (value is missing, value, symbol): a row's place under a sort

NUMBERS = ("price", *RETURNS, *RATIOS, *BETAS, "data_quality")
METRICS_SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "symbol": pl.String,
    "metric_date": pl.Date,
    **dict.fromkeys(("name", "sector", "industry", "currency"), pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    "quality_notes": pl.List(pl.String),
    "data_revision": pl.Int64,
    "computed_at": pl.Datetime("us", "UTC"),
}
_of = symbol_daily_metrics.c


async def upsert_metrics(conn: AsyncConnection, frame: pl.DataFrame, *, replace: bool = True) -> int:
    """Store figures (``METRICS_SCHEMA``), one row a symbol; how many were written.

    A row of an earlier session, or of earlier data, than the stored one changes nothing; with ``replace``
    false no stored row is changed.
    """
    if frame.is_empty():
        return 0
    given = frame["quality_notes"].to_list()
    told = pl.Series("quality_notes", [orjson.dumps(notes).decode() for notes in given])
    rows = frame.select(*METRICS_SCHEMA).with_columns(told).sort("symbol")
    await stage(conn, "incoming_metrics", rows, key=("symbol",))
    columns = ", ".join(f'"{name}"' for name in METRICS_SCHEMA)
    sqlite = conn.dialect.name == "sqlite"
    source = columns if sqlite else columns.replace('"quality_notes"', '"quality_notes"::jsonb')
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in METRICS_SCHEMA if name != "symbol")
    newer = "(excluded.metric_date, excluded.data_revision) >= (m.metric_date, m.data_revision)"
    change = f"UPDATE SET {sets} WHERE {newer}" if replace else "NOTHING"
    done = await conn.execute(
        text(
            f"INSERT INTO symbol_daily_metrics AS m ({columns}) "
            f"SELECT {source} FROM incoming_metrics WHERE true ORDER BY symbol "
            f"ON CONFLICT (symbol) DO {change}"
        )
    )
    return done.rowcount


async def find_metrics(conn: AsyncConnection, symbol: str) -> Row[Any] | None:
    """The figures of a symbol."""
    row: Row[Any] | None = (
        await conn.execute(select(symbol_daily_metrics).where(_of.symbol == symbol))
    ).first()
    return row


async def list_metrics(conn: AsyncConnection, symbols: Sequence[str] | None = None) -> list[Row[Any]]:
    """The figures of some symbols, or of all, in the order of symbols."""
    wanted = true() if symbols is None else _of.symbol.in_(symbols)
    query = select(symbol_daily_metrics).where(wanted)
    return list(await conn.execute(query.order_by(by_symbol(conn, _of.symbol))))


async def page_metrics(
    conn: AsyncConnection, sort: str, *, after: Place | None, limit: int, sector: str | None = None
) -> list[Row[Any]]:
    """At most ``limit`` rows behind the place ``after``, by symbol or one of ``NUMBERS`` (descending with
    a leading "-"); missing values last either way, equal ones by symbol."""
    down = sort.startswith("-")
    name = sort.removeprefix("-")
    symbol = by_symbol(conn, _of.symbol)
    query = select(symbol_daily_metrics).where(of_sector(sector)).limit(limit)
    if name == "symbol":
        if after is not None:
            query = query.where(symbol < after[2] if down else symbol > after[2])
        return list(await conn.execute(query.order_by(symbol.desc() if down else symbol)))
    value = symbol_daily_metrics.c[name]
    if after is not None:
        missing, at, last = after
        behind = and_(value.is_(None), symbol > last)
        if not missing:
            beyond = value < at if down else value > at
            behind = or_(beyond, and_(value == at, symbol > last), value.is_(None))
        query = query.where(behind)
    order = (value.is_(None), value.desc() if down else value, symbol)
    return list(await conn.execute(query.order_by(*order)))


async def count_metrics(conn: AsyncConnection, *, sector: str | None = None) -> int:
    """How many symbols have figures (of a sector)."""
    return int(await conn.scalar(select(func.count(_of.symbol)).where(of_sector(sector))) or 0)


async def newest_metrics_date(conn: AsyncConnection) -> date | None:
    """The newest session that any figures are of."""
    found: date | None = await conn.scalar(select(func.max(_of.metric_date)))
    return found


def of_sector(sector: str | None) -> ColumnElement[bool]:
    """The condition that a row is of a sector (None: any)."""
    return true() if sector is None else _of.sector == sector
