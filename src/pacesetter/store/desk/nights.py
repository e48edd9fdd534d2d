"""Nights that the desk has worked through, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.research import desk_nights


@dataclass(frozen=True, kw_only=True)
class NightRow:
    """A night that the desk has worked through."""

    night_on: date
    known_until: datetime
    regime: str
    resting: Any
    counts: Any
    inputs: str
    fingerprint: str
    rules: Any
    done_at: datetime
    created_at: datetime | None = None
    updated_at: datetime | None = None


nights = Records(desk_nights, NightRow, "night")


async def hold_nights(conn: AsyncConnection) -> None:
    """Nobody else works on a night's rows until this transaction ends; on SQLite its write lock sees to
    that. Whoever waited here reads what the first one stored."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE desk_nights IN SHARE ROW EXCLUSIVE MODE"))


async def newest_night(conn: AsyncConnection) -> NightRow | None:
    """The newest session that was worked through."""
    found = await nights.find(conn, order_by=[desk_nights.c.night_on.desc()], limit=1)
    return found[0] if found else None


async def newest_night_on(conn: AsyncConnection) -> date | None:
    """The session of the newest night; None before the first."""
    night = await newest_night(conn)
    return None if night is None else night.night_on


async def list_nights(conn: AsyncConnection, limit: int = 30) -> list[NightRow]:
    """Nights, the newest first."""
    return await nights.find(conn, order_by=[desk_nights.c.night_on.desc()], limit=limit)
