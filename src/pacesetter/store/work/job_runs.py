"""Jobs as rows: who asked for what, which process works on it, and how far it is.

A process holds a job by a lease on the database's own clock and by a fence number: whoever
takes a job over raises the fence, and every later write of the former holder finds another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, and_, case, delete, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import LeaseLost, UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.job import ACTIVE, job_runs
from pacesetter.store.work.cycles import database_clock

KEPT = timedelta(days=90)  # how long a job that has ended can be looked up
ASKING_LOCK = 0x6A6F6273  # any number that nothing else locks: who asks for a job waits for who asks now
MOST_LOST = 3  # a job during which the process died so often is not taken up again

ENDED = ("done", "failed", "cancelled", "interrupted")
_of = job_runs.c


@dataclass(frozen=True)
class Taken:
    """A job that this process works on, as long as the row carries this fence."""

    id: UUID
    fence: int
    kind: str
    parameters: dict[str, Any]
    asked_at: datetime
    lease_s: float


def work_key(kind: str, parameters: dict[str, Any]) -> str:
    """The same for the same work."""
    return hashlib.sha256(orjson.dumps([kind, parameters], option=orjson.OPT_SORT_KEYS)).hexdigest()


def _lost(conn: AsyncConnection) -> Any:
    return and_(_of.state == "running", _of.lease_until < database_clock(conn))


def _hopeless() -> Any:
    """Of the jobs whose process is gone those that nobody takes up again."""
    return or_(_of.kind == "warm", _of.lost >= MOST_LOST - 1)


def _shown(conn: AsyncConnection) -> Any:
    """The state as people see it: a job whose process is gone does not run, but waits, or has ended."""
    gone = case((_of.stop_asked, "cancelled"), (_hopeless(), "interrupted"), else_="queued")
    return case((_lost(conn), gone), else_=_of.state)


async def add_job(
    conn: AsyncConnection, kind: str, parameters: dict[str, Any], *, by: str, at: datetime
) -> tuple[UUID, bool]:
    """Queue a job, or join the one of the same work that has not ended; its id, and whether it is new."""
    if conn.dialect.name == "postgresql":  # SQLite's writers queue anyway
        await conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ASKING_LOCK})")
    await _give_up(conn, at)
    await conn.execute(delete(job_runs).where(_of.state.in_(ENDED), _of.asked_at < at - KEPT))
    newest = await conn.scalar(select(func.max(_of.asked_at)))
    # no two are asked for at the same instant: it names the tick of a cycle
    asked_at = at if newest is None or at > newest else newest + timedelta(microseconds=1)
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    key = work_key(kind, parameters)
    values = {"kind": kind, "parameters": parameters, "work_key": key, "asked_by": by, "asked_at": asked_at}
    while True:
        adding = dialect.insert(job_runs).values(id=new_id(), **values)
        adding = adding.on_conflict_do_nothing(index_elements=["work_key"], index_where=ACTIVE)
        added = (await conn.execute(adding.returning(_of.id))).scalar()
        if added is not None:
            return added, True
        same = await conn.scalar(select(_of.id).where(_of.work_key == key, ACTIVE))
        if same is not None:  # else it has ended at this very moment
            return same, False


async def list_jobs(
    conn: AsyncConnection,
    *,
    state: str | None = None,
    kind: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Row[Any]]:
    """At most ``limit`` jobs (of a state or kind), the newest first; ``before``: when the last one seen was
    asked for, and its id."""
    query = select(job_runs, _shown(conn).label("shown")).where(*_wanted(conn, state, kind))
    if before is not None:
        at, job_id = before
        query = query.where(or_(_of.asked_at < at, and_(_of.asked_at == at, _of.id < job_id)))
    return list(await conn.execute(query.order_by(_of.asked_at.desc(), _of.id.desc()).limit(limit)))


async def count_jobs(conn: AsyncConnection, *, state: str | None = None, kind: str | None = None) -> int:
    """How many jobs there are of a state or kind."""
    return int(await conn.scalar(select(func.count(_of.id)).where(*_wanted(conn, state, kind))) or 0)


def _wanted(conn: AsyncConnection, state: str | None, kind: str | None) -> list[Any]:
    of_kind = [true()] if kind is None else [_of.kind == kind]
    return of_kind if state is None else [*of_kind, _shown(conn) == state]


async def find_job(conn: AsyncConnection, job_id: UUID) -> Row[Any]:
    """One job; ``UnknownName`` when there is none."""
    row = (await conn.execute(select(job_runs, _shown(conn).label("shown")).where(_of.id == job_id))).first()
    if row is None:
        raise UnknownName(
            f"there is no job {job_id}", mend="GET /api/v1/jobs lists them: ended ones for 90 days"
        )
    return row


async def waits_for_work(conn: AsyncConnection) -> bool:
    """Whether there is a job to take; a cheap look, without a lock."""
    return (
        await conn.scalar(select(_of.id).where(or_(_of.state == "queued", _lost(conn))).limit(1)) is not None
    )


async def take_job(conn: AsyncConnection, *, owner: str, lease_s: float, at: datetime) -> Taken | None:
    """Take the job that was asked for first: one that is queued, or whose process died."""
    await _give_up(conn, at)
    first = (
        select(_of.id, _of.state)
        .where(or_(_of.state == "queued", _lost(conn)))
        .order_by(_of.asked_at, _of.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = (await conn.execute(first)).first()
    if found is None:
        return None
    values = {
        "state": "running",
        "owner": owner,
        "fence": _of.fence + 1,
        "lost": _of.lost + int(found.state == "running"),
        "lease_until": database_clock(conn, lease_s),
        "started_at": func.coalesce(_of.started_at, at),
        **dict.fromkeys(("message", "done", "total", "unit")),
    }
    row = (
        await conn.execute(update(job_runs).where(_of.id == found.id).values(values).returning(*job_runs.c))
    ).one()
    return Taken(row.id, row.fence, row.kind, row.parameters, row.asked_at, lease_s)


async def _give_up(conn: AsyncConnection, at: datetime) -> None:
    """End the jobs whose process died and that are not taken up again."""
    said = {
        "what": "the server that worked on it ended without a word",
        "where": "",
        "mend": "ask for it again; is there memory enough?",
    }
    gone = update(job_runs).where(_lost(conn))
    ended = {"ended_at": at, "lease_until": None, "fence": _of.fence + 1}
    await conn.execute(gone.where(_of.stop_asked).values(state="cancelled", **ended))
    await conn.execute(gone.where(_hopeless()).values(state="interrupted", problem=said, **ended))


async def keep_job(conn: AsyncConnection, job: Taken, **progress: Any) -> bool:
    """Renew the lease and write how far it is; whether somebody asked it to stop."""
    values = {"lease_until": database_clock(conn, job.lease_s), **progress}
    return bool(await _write(conn, job, values))


async def wants_stop(conn: AsyncConnection, job_id: UUID) -> bool:
    """Whether somebody asked a job to stop."""
    return bool(await conn.scalar(select(_of.stop_asked).where(_of.id == job_id)))


async def end_job(
    conn: AsyncConnection, job: Taken, state: str, *, at: datetime, message: str | None = None, **said: Any
) -> None:
    """Write how a job ended; ``said``: its problem, how far it was."""
    values = {"state": state, "ended_at": at, "lease_until": None, **said}
    await _write(conn, job, {**values, "message": None if message is None else message[:500]})


async def put_back(conn: AsyncConnection, job: Taken, message: str) -> None:
    """Queue a job again that a process was in the middle of, because that process has to end."""
    await _write(conn, job, {"state": "queued", "lease_until": None, "message": message})


async def _write(conn: AsyncConnection, job: Taken, values: dict[str, Any]) -> Any:
    mine = (_of.id == job.id) & (_of.fence == job.fence) & (_of.state == "running")
    row = (await conn.execute(update(job_runs).where(mine).values(values).returning(_of.stop_asked))).first()
    if row is None:
        raise LeaseLost("another process works on this job now", where=str(job.id))
    return row.stop_asked


async def ask_stop(conn: AsyncConnection, job_id: UUID, at: datetime) -> None:
    """Cancel a job that does not run (any more); ask one that runs to stop."""
    mine = update(job_runs).where(_of.id == job_id)
    now = {"state": "cancelled", "ended_at": at, "lease_until": None, "fence": _of.fence + 1}
    idle = or_(_of.state == "queued", _lost(conn))
    await conn.execute(mine.where(idle).values(stop_asked=True, **now))
    await conn.execute(mine.where(_of.state == "running").values(stop_asked=True))
