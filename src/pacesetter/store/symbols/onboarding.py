"""The queue of symbols that somebody asked for: asked for, joined, taken, given back, ended.

At most one job of a symbol is active, by a partial unique index. A process holds a job by a lease on
the database's own clock and by a fence number: whoever takes it over raises the fence, and every later
write of the former holder finds another. The lease of a job that is pending says until when nobody
takes it: so long one waits after a try that failed for a passing reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import LeaseLost
from pacesetter.kernel.ids import new_id
from pacesetter.store.database.bulk import chunks
from pacesetter.store.symbols.onboarding_waits import needs_no_source, without_waiting
from pacesetter.store.tables.onboarding import ACTIVE, symbol_onboarding_queue
from pacesetter.store.work.cycles import database_clock

PRIORITIES = ("high", "normal", "low")  # by their rank
MOST_TAKEN = 5  # a job during which the process died, taken so often, is not taken up again

queue = symbol_onboarding_queue
_of = queue.c


@dataclass(frozen=True)
class Taken:
    """A job that this process works on, as long as the row carries this fence."""

    id: UUID
    fence: int
    symbol: str
    attempts: int  # this one counted
    lease_s: float


def in_order(symbols: Collection[str]) -> list[str]:
    """The symbols in one order, so that two that ask for the same ones do not wait for each other."""
    return sorted(set(symbols))


async def ask_for(
    conn: AsyncConnection, symbols: Collection[str], *, by: str, priority: str, at: datetime
) -> dict[str, tuple[UUID, bool]]:
    """Queue a job for each symbol, or join the active one; its id, and whether it was joined.

    Joining leaves the higher priority standing and adds who asked. Who asks for several gets them in
    their order.
    """
    answer: dict[str, tuple[UUID, bool]] = {}
    ids = {symbol: new_id() for symbol in symbols}
    for chunk in chunks(in_order(symbols)):
        left = chunk
        while left:
            answer |= {s: (job, False) for s, job in (await _add(conn, left, ids, by, priority, at)).items()}
            left = [s for s in left if s not in answer]
            answer |= {s: (job, True) for s, job in (await _join(conn, left, by, priority)).items()}
            left = [s for s in left if s not in answer]  # those that have ended at this very moment
    return answer


async def _add(
    conn: AsyncConnection,
    symbols: Sequence[str],
    ids: Mapping[str, UUID],
    by: str,
    priority: str,
    at: datetime,
) -> dict[str, UUID]:
    """New jobs of those symbols that have no active one. PostgreSQL waits here for a rival's commit."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    rows = [_new_row(symbol, by, priority, at, id=ids[symbol]) for symbol in symbols]
    adding = dialect.insert(queue).values(rows)
    adding = adding.on_conflict_do_nothing(index_elements=["symbol"], index_where=ACTIVE)
    return {row.symbol: row.id for row in await conn.execute(adding.returning(_of.symbol, _of.id))}


def _new_row(symbol: str, by: str, priority: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "symbol": symbol,
        "priority": priority,
        "priority_rank": PRIORITIES.index(priority),
        "requested_by": [by],
        "requested_at": at,
        **more,
    }


async def _join(conn: AsyncConnection, symbols: Sequence[str], by: str, priority: str) -> dict[str, UUID]:
    """The active jobs of symbols, which are somebody's already."""
    if not symbols:
        return {}
    wanted = select(_of.id, _of.symbol, _of.priority_rank, _of.requested_by)
    wanted = wanted.where(_of.symbol.in_(symbols), ACTIVE).order_by(_of.symbol).with_for_update()
    joined, rank = {}, PRIORITIES.index(priority)
    for row in (await conn.execute(wanted)).all():
        joined[row.symbol] = row.id
        values: dict[str, Any] = {}
        if rank < row.priority_rank:
            values |= {"priority": priority, "priority_rank": rank}
        if by not in row.requested_by:
            values["requested_by"] = [*row.requested_by, by]
        if values:
            await conn.execute(update(queue).where(_of.id == row.id).values(**values))
    return joined


async def note_known(
    conn: AsyncConnection, symbols: Collection[str], *, by: str, priority: str, at: datetime
) -> dict[str, UUID]:
    """The completed job of each symbol for which nothing is left to do; one is written where none is."""
    found: dict[str, UUID] = {}
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    for chunk in chunks(in_order(symbols)):
        done = select(_of.symbol, _of.id).where(_of.symbol.in_(chunk), _of.status == "completed")
        found |= {row.symbol: row.id for row in await conn.execute(done.order_by(_of.id))}
        ended = {"status": "completed", "stage": "done", "completed_at": at}
        rows = [_new_row(s, by, priority, at, **ended) for s in chunk if s not in found]
        if rows:
            await conn.execute(dialect.insert(queue).values(rows))
        found |= {row["symbol"]: row["id"] for row in rows}
    return found


def is_lost(conn: AsyncConnection) -> ColumnElement[bool]:
    """Of the jobs that are worked on those whose process is gone."""
    return and_(_of.status == "processing", _of.lease_until < database_clock(conn))


def is_free(conn: AsyncConnection) -> ColumnElement[bool]:
    """Those that somebody may take."""
    waits = or_(_of.lease_until.is_(None), _of.lease_until < database_clock(conn))
    return and_(_of.status.in_(("pending", "processing")), waits)


async def waits_for_work(
    conn: AsyncConnection, only: Collection[UUID] | None = None, *, fetching: bool = True
) -> bool:
    """Whether there is a job to take (of ``only``); a cheap look, without a lock. Not ``fetching``: one that
    can be done without any source of prices."""
    return await conn.scalar(select(_of.id).where(*_among(conn, only, fetching)).limit(1)) is not None


def _among(conn: AsyncConnection, only: Collection[UUID] | None, fetching: bool) -> list[ColumnElement[bool]]:
    among = [is_free(conn)] if only is None else [is_free(conn), _of.id.in_(only)]
    return among if fetching else [*among, needs_no_source()]


async def take_next(
    conn: AsyncConnection,
    *,
    owner: str,
    lease_s: float,
    at: datetime,
    only: Collection[UUID] | None = None,
    fetching: bool = True,
) -> Taken | None:
    """Take the next job: the highest priority, then who asked first; pending, or one whose process died.
    Not ``fetching``: what needs no source of prices.

    PostgreSQL passes over rows that others are about to take; SQLite has one writer at a time.
    """
    await _give_up(conn, at)
    first = (
        select(_of.id)
        .where(*_among(conn, only, fetching))
        .order_by(_of.priority_rank, _of.created_at, _of.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    values = {
        "status": "processing",
        "stage": "queued",
        "owner": owner,
        "fence": _of.fence + 1,
        "attempts": _of.attempts + 1,
        "lease_until": database_clock(conn, lease_s),
        "started_at": at,
        **without_waiting(),
    }
    taking = update(queue).where(_of.id == first, is_free(conn)).values(values)
    row = (await conn.execute(taking.returning(_of.id, _of.fence, _of.symbol, _of.attempts))).first()
    return None if row is None else Taken(row.id, row.fence, row.symbol, row.attempts, lease_s)


async def _give_up(conn: AsyncConnection, at: datetime) -> None:
    """End the jobs whose process died again and again."""
    said = "the process that worked on it died every time — is there memory enough? the log may say"
    ended = {"status": "failed", "cause": "interrupted", "error_message": said, "completed_at": at}
    gone = update(queue).where(is_lost(conn), _of.attempts >= MOST_TAKEN)
    await conn.execute(gone.values(**ended, lease_until=None, fence=_of.fence + 1))


async def _write(conn: AsyncConnection, job: Taken, values: Mapping[str, Any]) -> None:
    mine = (_of.id == job.id) & (_of.fence == job.fence) & (_of.status == "processing")
    if (await conn.execute(update(queue).where(mine).values(**values))).rowcount != 1:
        raise LeaseLost("another process works on this symbol now", where=job.symbol)


async def advance(conn: AsyncConnection, job: Taken, stage: str) -> None:
    """Note the stage that begins, and renew the lease; ``LeaseLost`` when another took over.

    In a transaction that writes data it also keeps a process that lost the job from writing them.
    """
    await _write(conn, job, {"stage": stage, "lease_until": database_clock(conn, job.lease_s)})


async def renew(conn: AsyncConnection, job: Taken) -> None:
    """Prolong the lease."""
    await _write(conn, job, {"lease_until": database_clock(conn, job.lease_s)})


async def complete(conn: AsyncConnection, job: Taken, *, at: datetime) -> None:
    """The symbol is ready."""
    ended = {"status": "completed", "stage": "done", "completed_at": at, "lease_until": None}
    await _write(conn, job, {**ended, "cause": None, "error_message": None})


async def fail(conn: AsyncConnection, job: Taken, *, cause: str, said: str, at: datetime) -> None:
    """It cannot be had: the cause in a word, and a sentence with what mends it."""
    why = {"cause": cause[:24], "error_message": said[:1000]}
    await _write(conn, job, {"status": "failed", "completed_at": at, "lease_until": None, **why})


async def try_later(conn: AsyncConnection, job: Taken, *, cause: str, said: str, wait_s: float) -> None:
    """Queue it again, to be taken after a while: the cause may pass."""
    why = {"cause": cause[:24], "error_message": said[:1000]}
    wait = {"status": "pending", "stage": "queued", "lease_until": database_clock(conn, wait_s)}
    await _write(conn, job, {**wait, **why})


async def give_back(conn: AsyncConnection, job: Taken) -> None:
    """Queue it again as if it had not been taken: its process has to end."""
    waits = {"status": "pending", "stage": "queued", "lease_until": None, "started_at": None}
    await _write(conn, job, {**waits, "attempts": _of.attempts - 1})


async def free_jobs(conn: AsyncConnection, owner: str, *, blamed: bool) -> None:
    """Free what a process held that is known to be dead; ``blamed``: it died of itself, so the attempt
    counts."""
    waits = {"status": "pending", "stage": "queued", "lease_until": None, "started_at": None}
    held = (_of.owner == owner) & (_of.status == "processing")
    attempts = _of.attempts if blamed else _of.attempts - 1
    await conn.execute(update(queue).where(held).values(**waits, attempts=attempts, fence=_of.fence + 1))
