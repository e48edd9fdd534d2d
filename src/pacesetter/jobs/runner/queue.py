"""Long work that is asked for and done later, one job at a time: asking, looking, stopping.

Asking for work that is queued or running joins it. What a job may be given is checked when it is asked
for, so that a mistake is told to whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row

from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.symbols.batch_dates import plan_dates
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter
from pacesetter.market.calendar import expected_session, latest_session
from pacesetter.store.symbols.domains import find_domain
from pacesetter.store.work.job_runs import add_job, ask_stop, count_jobs, find_job, list_jobs

Kind = Literal["cycle", "backfill", "warm", "batch", "portfolios", "night"]
State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
TAKES = {
    "cycle": {"on"},
    "backfill": {"from", "to", "boards"},
    "warm": set[str](),
    "batch": {"on"},
    "portfolios": set[str](),
    "night": {"on"},
}
MOST = 10_000


@dataclass(frozen=True)
class Job:
    """A job as people see it. ``interrupted``: its process ended without a word; a cycle or a backfill
    whose server died is ``queued`` again instead. ``progress``: done, total and the unit of both."""

    id: UUID
    kind: str
    state: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    progress: dict[str, Any] | None
    message: str | None
    problem: dict[str, str] | None
    parameters: dict[str, Any]


async def ask_job(ws: Workspace, kind: Kind, given: dict[str, Any], *, by: str) -> Job:
    """Queue a job, or join the one that does the same. ``given``: on, from, to (dates), boards (names),
    None where not said. ``BadParameter`` for what the kind does not take, ``BadDate``, ``UnknownName``."""
    parameters = await check_parameters(ws, kind, {k: v for k, v in given.items() if v is not None})
    async with ws.db.write(content=False) as conn:
        job_id, _ = await add_job(conn, kind, parameters, by=by, at=ws.now())
        return job_of(await find_job(conn, job_id))


async def check_parameters(ws: Workspace, kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters as they are kept: the same work is spelt in one way only."""
    beyond = sorted(given.keys() - TAKES[kind])
    if beyond:
        takes = ", ".join(sorted(TAKES[kind])) or "nothing else"
        raise BadParameter(
            f"a job of kind {kind!r} takes no {beyond[0]!r}", where=beyond[0], mend=f"it takes {takes}"
        )
    if kind == "cycle":
        return {"on": str(choose_date(ws, given.get("on") or newest_final(ws)))}
    if kind in ("warm", "portfolios"):
        return {}
    if kind == "night":
        on = given.get("on")
        return {} if on is None else {"on": str(choose_date(ws, on))}
    if kind == "batch":
        on = given.get("on")
        return {} if on is None else {"on": str((await plan_dates(ws, on=on)).dates[0])}
    first, last = given.get("from"), given.get("to")
    check_span(ws, first, last)
    spelt: dict[str, Any] = {name: str(on) for name, on in (("from", first), ("to", last)) if on}
    if given.get("boards"):
        async with ws.db.read() as conn:
            spelt["boards"] = sorted({(await find_domain(conn, name)).slug for name in given["boards"]})
    return spelt


def newest_final(ws: Workspace) -> date:
    """The newest session whose prices can be final."""
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    return expected_session(ws.settings.calendar, ws.now(), delay)


def check_span(ws: Workspace, first: date | None, last: date | None) -> None:
    """``BadDate`` for an end before its beginning, and for a beginning in the future."""
    if first is not None and last is not None and first > last:
        raise BadDate(f"{first} is after {last}", where="from", mend="give the earlier date to from")
    latest = latest_session(ws.settings.calendar, ws.now())
    if first is not None and first > latest:
        raise BadDate(f"{first} has not opened yet", where="from", mend=f"the latest session is {latest}")


async def look_up(ws: Workspace, job_id: UUID) -> Job:
    """One job."""
    async with ws.db.read() as conn:
        return job_of(await find_job(conn, job_id))


async def look_over(
    ws: Workspace, *, state: State | None = None, kind: Kind | None = None, limit: int = MOST
) -> list[Job]:
    """The newest jobs, newest first."""
    return (await look_through(ws, state=state, kind=kind, before=None, limit=limit))[0]


async def look_through(
    ws: Workspace,
    *,
    state: State | None,
    kind: Kind | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> tuple[list[Job], int]:
    """At most ``limit`` jobs that come behind ``before`` (``asked_at`` and id of one), newest first, and how
    many there are in all."""
    async with ws.db.read() as conn:
        rows = await list_jobs(conn, state=state, kind=kind, before=before, limit=limit)
        return [job_of(row) for row in rows], await count_jobs(conn, state=state, kind=kind)


async def stop_job(ws: Workspace, job_id: UUID) -> Job:
    """Cancel a job that waits; ask one that runs to stop. One that has ended stays as it is."""
    async with ws.db.write(content=False) as conn:
        await find_job(conn, job_id)
        await ask_stop(conn, job_id, ws.now())
        return job_of(await find_job(conn, job_id))


def job_of(row: Row[Any]) -> Job:
    """A row as people see it."""
    known = row.total is not None
    return Job(
        id=row.id,
        kind=row.kind,
        state=row.shown,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        progress={"done": row.done, "total": row.total, "unit": row.unit} if known else None,
        message=row.message,
        problem=row.problem,
        parameters=row.parameters,
    )
