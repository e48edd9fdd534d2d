"""Figures of boxes over time: one point a date on which the box was observed, and none between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import by_symbol
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.box import boxes, unified_box_metrics
from pacesetter.store.tables.symbol import symbol_universe

MARKET_SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "symbol": pl.String,
    "metric_date": pl.Date,
    "floor_price_usd": pl.Float64,
    "daily_volume_usd": pl.Float64,
}
SEAM_SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "symbol": pl.String,
    "named": pl.Boolean,
    "date": pl.Date,
    "floor_price_usd": pl.Float64,
}
_of = unified_box_metrics.c


async def read_box_points(
    conn: AsyncConnection,
    symbol: str,
    names: Sequence[str],
    *,
    first: date | None = None,
    last: date | None = None,
    limit: int,
) -> list[Row[Any]]:
    """The newest ``limit`` points of a box, oldest first: ``metric_date``, ``point_before`` (the observed
    date before it, whether asked for or not) and columns of ``unified_box_metrics``."""
    lagged = func.lag(_of.metric_date, type_=_of.metric_date.type)
    before = lagged.over(order_by=_of.metric_date).label("point_before")
    chosen = [_of[name] for name in names]
    every = select(_of.metric_date, before, *chosen).where(_of.symbol == symbol).subquery()
    day = every.c.metric_date
    within = ([day >= first] if first is not None else []) + ([day <= last] if last is not None else [])
    rows = await conn.execute(select(every).where(*within).order_by(day.desc()).limit(limit))
    return list(reversed(rows.all()))


async def read_box_lines(
    conn: AsyncConnection, symbols: Sequence[str], name: str, *, until: date | None, points: int
) -> list[Row[Any]]:
    """The last ``points`` points of each box (symbol, metric_date, value), oldest first."""
    newest = func.row_number().over(partition_by=_of.symbol, order_by=_of.metric_date.desc()).label("newest")
    wanted = [_of.symbol.in_(symbols)] + ([_of.metric_date <= until] if until is not None else [])
    every = select(_of.symbol, _of.metric_date, _of[name].label("value"), newest).where(*wanted).subquery()
    order = (by_symbol(conn, every.c.symbol), every.c.metric_date)
    return list(await conn.execute(select(every).where(every.c.newest <= points).order_by(*order)))


async def read_ranks(conn: AsyncConnection, symbol: str, *, until: date, limit: int) -> list[Row[Any]]:
    """The newest ``limit`` ranks of a box, newest first, each with what it is compared with."""
    ranks = (_of.metric_date, _of.current_rank, _of.previous_rank, _of.previous_on, _of.rank_change)
    query = select(*ranks).where(
        _of.symbol == symbol, _of.metric_date <= until, _of.current_rank.is_not(None)
    )
    return list(await conn.execute(query.order_by(_of.metric_date.desc()).limit(limit)))


async def read_market_frame(conn: AsyncConnection) -> pl.DataFrame:
    """What the market's index is made of (``MARKET_SCHEMA``), of all days and in no order."""
    query = text(f"SELECT {', '.join(MARKET_SCHEMA)} FROM unified_box_metrics")  # raw: the quickest
    return await read_frame(conn, query, MARKET_SCHEMA)


async def read_seams(conn: AsyncConnection) -> pl.DataFrame:
    """The floor prices of all boxes (``SEAM_SCHEMA``): a row a box and observed day."""
    about = symbol_universe.c
    query = select(
        _of.symbol, about.name.is_not(None).label("named"), _of.metric_date, _of.floor_price_usd
    ).join(symbol_universe, about.symbol == _of.symbol)
    return await read_frame(conn, query, SEAM_SCHEMA)


async def read_box_symbols(conn: AsyncConnection) -> set[str]:
    """The symbols of all boxes but those that are joined into another one."""
    return set(await conn.scalars(select(boxes.c.symbol).where(boxes.c.joined_to.is_(None))))
