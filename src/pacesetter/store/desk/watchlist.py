"""The watchlist: entries and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.symbol import symbol_aliases, symbol_universe
from pacesetter.store.tables.watchlist import watchlist_entries

OPEN = ("armed", "fired")
MOVED = (
    "status",
    "to_validate",
    "last_triggered_on",
    "checked_on",
    "times_triggered",
    "details",
)  # by a night


@dataclass(frozen=True, kw_only=True)
class WatchRow:
    """What somebody waits for, and where that stands."""

    id: UUID
    user_id: UUID | None = None
    symbol: str
    stock_id: UUID | None = None
    trigger_type: str
    trigger_value: str | None = None
    condition: Any
    thesis: str | None = None
    expiry_date: date | None = None
    hysteresis_pct: float
    cool_down_days: int = 5
    status: str = "armed"
    to_validate: bool = False
    last_triggered_on: date | None = None
    checked_on: date | None = None
    times_triggered: int = 0
    details: Any = None
    deleted_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


watchlist = Records(watchlist_entries, WatchRow, "entry of the watchlist")


async def find_watches(
    conn: AsyncConnection,
    *,
    status: str | None = None,
    symbol: str | None = None,
    user_id: UUID | None = None,
) -> list[WatchRow]:
    """Entries by symbol, the oldest first. ``user_id``: this user's and nobody's own; else everyone's."""
    of = watchlist_entries.c
    where: list[ColumnElement[bool]] = []
    if status is not None:
        where.append(of.status == status)
    if symbol is not None:
        where.append(of.symbol == symbol)
    if user_id is not None:
        where.append(or_(of.user_id == user_id, of.user_id.is_(None)))
    return await watchlist.find(conn, *where, order_by=[of.symbol, of.id])


async def open_watches(conn: AsyncConnection) -> list[WatchRow]:
    """What is watched for, by symbol; nobody else changes one of them until this transaction ends."""
    of = watchlist_entries.c
    standing = (of.status.in_(OPEN), of.deleted_at.is_(None))
    await conn.execute(select(of.id).where(*standing).order_by(of.id).with_for_update())
    return await watchlist.find(conn, of.status.in_(OPEN), order_by=[of.symbol, of.id])


async def move_watches(conn: AsyncConnection, moved: Sequence[tuple[WatchRow, WatchRow]]) -> int:
    """Store where entries stand now, as (before, after); how many there were.

    One that was removed, edited or moved by somebody else since it was read stays as it is.
    """
    standing = {row.id: row for row in await open_watches(conn)} if moved else {}
    fresh = [(before, after) for before, after in moved if standing.get(before.id) == before]
    for before, after in fresh:
        values = {name: getattr(after, name) for name in MOVED}
        await watchlist.change(conn, before.id, **values)
    return len(fresh)


async def present_names(conn: AsyncConnection, symbols: Sequence[str]) -> dict[str, str]:
    """The name that a symbol has now, for those of ``symbols`` that are past names."""
    of = symbol_aliases.c
    query = select(of.alias, of.symbol).where(of.alias.in_(symbols), of.symbol != of.alias)
    return {row.alias: row.symbol for row in await conn.execute(query.order_by(of.valid_from))}


async def listed_symbols(
    conn: AsyncConnection, symbols: Sequence[str]
) -> dict[str, tuple[bool, date | None]]:
    """Whether a symbol is active, and the date of its newest price."""
    of = symbol_universe.c
    query = select(of.symbol, of.is_active, of.last_price_date).where(of.symbol.in_(symbols))
    return {row.symbol: (bool(row.is_active), row.last_price_date) for row in await conn.execute(query)}
