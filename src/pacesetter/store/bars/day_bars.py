"""Bars of single days of many symbols."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.bar import market_data_cache


async def read_day_bars(
    conn: AsyncConnection, wanted: Collection[tuple[str, date]]
) -> dict[tuple[str, date], Row[Any]]:
    """The final accepted bars of pairs of symbol and date (low, high, close); pairs without one are left
    out."""
    of = market_data_cache.c
    found: dict[tuple[str, date], Row[Any]] = {}
    for chunk in chunks(sorted(set(wanted))):
        query = select(of.symbol, of.date, of.low, of.high, of.close)
        here = tuple_(of.symbol, of.date).in_(chunk) & of.is_final.is_(True)
        found |= {(row.symbol, row.date): row for row in await conn.execute(query.where(here))}
    return found
