"""The research queue: every entry that ever was, one open one a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.records import Records
from pacesetter.store.tables.research import research_queue as research_queue_table


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """An entry of the research queue."""

    id: UUID
    symbol: str
    stock_id: UUID | None = None
    status: str = "queued"
    score: float
    entry_score: float
    entered_on: date
    scored_on: date
    left_on: date | None = None
    reason: str | None = None
    breakdown: Any
    created_at: datetime | None = None
    updated_at: datetime | None = None


research_queue = Records(research_queue_table, QueueRow, "entry of the research queue")


async def open_entries(conn: AsyncConnection) -> list[QueueRow]:
    """Who waits, the best first, ties by symbol."""
    of = research_queue_table.c
    return await research_queue.find(conn, of.status == "queued", order_by=[of.score.desc(), of.symbol])


async def left_entries(
    conn: AsyncConnection, *, status: str | None = None, on: date | None = None, limit: int | None = None
) -> list[QueueRow]:
    """Who left the queue, the last first, ties by symbol; by how they left, or on one night alone."""
    of = research_queue_table.c
    where: list[ColumnElement[bool]] = [of.left_on.is_not(None)]
    if status is not None:
        where.append(of.status == status)
    if on is not None:
        where.append(of.left_on == on)
    return await research_queue.find(conn, *where, order_by=[of.left_on.desc(), of.symbol], limit=limit)


async def entries_of(conn: AsyncConnection, symbol: str) -> list[QueueRow]:
    """Every time that a symbol was in the queue, the newest first."""
    of = research_queue_table.c
    return await research_queue.find(conn, of.symbol == symbol, order_by=[of.entered_on.desc(), of.id.desc()])
