"""Reading the queue of symbols: one job, pages of them, who is before whom, how long one takes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import UnknownName
from pacesetter.store.database.bulk import chunks
from pacesetter.store.symbols.onboarding import is_lost, queue
from pacesetter.store.symbols.onboarding_waits import is_waiting
from pacesetter.store.work.cycles import database_clock

RECENT = 20  # completions that the mean time is taken of

_of = queue.c


def _shown(conn: AsyncConnection) -> Any:
    """The status as people see it: a job whose process is gone waits for the next."""
    return case((is_lost(conn), "pending"), else_=_of.status)


def _rows(conn: AsyncConnection) -> Any:
    return select(queue, _shown(conn).label("shown"))


async def find_jobs(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """Those jobs that there are, by id."""
    found: dict[UUID, Row[Any]] = {}
    for chunk in chunks(ids):
        rows = await conn.execute(_rows(conn).where(_of.id.in_(chunk)))
        found |= {row.id: row for row in rows}
    return found


async def find_job(conn: AsyncConnection, job_id: UUID) -> Row[Any]:
    """One job; ``UnknownName`` when there is none."""
    row = (await find_jobs(conn, [job_id])).get(job_id)
    if row is None:
        raise UnknownName(
            f"no symbol was asked for under {job_id}", mend="GET /api/v1/onboarding lists what was"
        )
    return row


async def list_jobs(
    conn: AsyncConnection, *, status: str | None, before: UUID | None, limit: int
) -> list[Row[Any]]:
    """At most ``limit`` jobs (of a status), the newest first, behind ``before``: ids follow time."""
    query = _rows(conn).where(*_wanted(conn, status), true() if before is None else _of.id < before)
    return list(await conn.execute(query.order_by(_of.id.desc()).limit(limit)))


async def count_jobs(conn: AsyncConnection, status: str | None = None) -> int:
    """How many jobs there are (of a status)."""
    return int(await conn.scalar(select(func.count(_of.id)).where(*_wanted(conn, status))) or 0)


def _wanted(conn: AsyncConnection, status: str | None) -> list[Any]:
    return [true()] if status is None else [_shown(conn) == status]


async def places(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, int]:
    """How many jobs are taken before each of ``ids`` that waits for its turn: 0 is the next one."""
    waits = or_(and_(_of.status == "pending", ~is_waiting()), is_lost(conn))
    order = func.row_number().over(order_by=(_of.priority_rank, _of.created_at, _of.id))
    line = select(_of.id, (order - 1).label("place")).where(waits).subquery()
    found: dict[UUID, int] = {}
    for chunk in chunks(ids):
        some = select(line).where(line.c.id.in_(chunk))
        found |= {row.id: row.place for row in await conn.execute(some)}
    return found


async def mean_time_s(conn: AsyncConnection) -> float | None:
    """Seconds that a symbol took, of the newest ones that went through at the first try."""
    worked = and_(_of.status == "completed", _of.attempts == 1, _of.started_at.is_not(None))
    newest = select(_of.started_at, _of.completed_at).where(worked).order_by(_of.id.desc()).limit(RECENT)
    spans = [(row.completed_at - row.started_at).total_seconds() for row in await conn.execute(newest)]
    return sum(spans) / len(spans) if spans else None


async def count_working(conn: AsyncConnection) -> int:
    """How many jobs are worked on at this moment."""
    working = and_(_of.status == "processing", _of.lease_until >= database_clock(conn))
    return int(await conn.scalar(select(func.count(_of.id)).where(working)) or 0)
