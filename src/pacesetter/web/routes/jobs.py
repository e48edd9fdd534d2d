"""Long work that is asked for and done beside the requests: cycles, backfills, nights, warming."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from pacesetter.jobs.runner.queue import Kind, State, ask_job, look_through, look_up, stop_job
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.dates import parse_date
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.errors import ACCEPTED, OK
from pacesetter.web.inputs import Given
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["jobs"], dependencies=[Requires("read")])

BoardName = Annotated[str, Field(min_length=1, max_length=80)]
JobId = Annotated[UUID, Path(description="Id of a job.")]


class JobAsked(Given):
    """Work to do. ``cycle``: fetch what is missing and rank a session; ``backfill``: rank past sessions;
    ``warm``: make the answers that are asked for most; ``batch``: measure every symbol's exposures;
    ``portfolios``: value all of them; ``night``: let the desk work over a session, once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "cycle", "on": "2025-07-24"}]})

    kind: Kind
    on: str | None = Field(
        None,
        max_length=10,
        description="Session of a cycle, a batch or a night; default: the newest whose prices can be final "
        "(a batch: and those that were missed before it; a night: the newest with final ranks).",
        json_schema_extra={"format": "date"},
    )
    first: str | None = Field(
        None,
        alias="from",
        max_length=10,
        description="First session of a backfill; default: all that have prices.",
        json_schema_extra={"format": "date"},
    )
    last: str | None = Field(
        None,
        alias="to",
        max_length=10,
        description="Last session of a backfill; default: the newest.",
        json_schema_extra={"format": "date"},
    )
    boards: list[BoardName] | None = Field(
        None, min_length=1, max_length=200, description="Boards of a backfill; default: all."
    )


class ProgressItem(BaseModel):
    """How far a job is."""

    done: int
    total: int
    unit: str


class ProblemItem(BaseModel):
    """Why a job ended badly."""

    what: str
    where: str
    mend: str


class JobItem(BaseModel):
    """A job."""

    id: UUID
    kind: Kind
    state: State = Field(
        description="interrupted: its process ended without a word; where its server died, it waits again."
    )
    asked_by: str
    asked_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None
    progress: ProgressItem | None
    message: str | None = Field(description="What it is at, or what came of it.")
    problem: ProblemItem | None
    parameters: dict[str, Any] = Field(description="What was asked for, with the defaults filled in.")


class JobBody(Body, JobItem):
    """One job."""


class JobsBody(Body):
    """A page of jobs, newest first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[JobItem]


@router.get("/jobs")
async def read_jobs(
    ws: Reading,
    page: Page,
    state: Annotated[State | None, Query(description="Only jobs in this state.")] = None,
    kind: Annotated[Kind | None, Query(description="Only jobs of this kind.")] = None,
) -> JobsBody:
    """Jobs of the last 90 days."""
    before = None if page.after is None else read_place(page.after)
    found, count = await look_through(ws, state=state, kind=kind, before=before, limit=page.limit + 1)
    rows = [JobItem(**vars(job)) for job in found[: page.limit]]
    more = write_cursor((rows[-1].asked_at.isoformat(), rows[-1].id.hex)) if len(found) > len(rows) else None
    return JobsBody(**await fresh(ws), count=count, next=more, rows=rows)


@router.post("/jobs", status_code=ACCEPTED, dependencies=[Requires("write")])
async def ask(ws: Reading, who: Asking, asked: JobAsked, request: Request, response: Response) -> JobBody:
    """Ask for work. Who asks for what is queued or running already joins it."""
    dates = {"on": asked.on, "from": asked.first, "to": asked.last}
    given = {name: None if text is None else parse_date(text, where=name) for name, text in dates.items()}
    about = await fresh(ws)  # before: a failure once the job is kept would free the Idempotency-Key
    job = await ask_job(ws, asked.kind, {**given, "boards": asked.boards}, by=who.name)
    request.app.state.job_runner.wake()
    response.headers["Location"] = request.app.url_path_for("read_job", job_id=job.id)
    return JobBody(**about, **vars(job))


@router.get("/jobs/{job_id}")
async def read_job(ws: Reading, job_id: JobId) -> JobBody:
    """One job."""
    job = await look_up(ws, job_id)
    return JobBody(**await fresh(ws), **vars(job))


@router.delete(
    "/jobs/{job_id}",
    dependencies=[Requires("write")],
    responses={ACCEPTED: {"model": JobBody, "description": "It stops where nothing is left half done."}},
)
async def stop(ws: Reading, job_id: JobId, response: Response) -> JobBody:
    """Cancel a job that waits, or ask one that runs to stop; one that has ended stays as it is."""
    about = await fresh(ws)
    job = await stop_job(ws, job_id)
    response.status_code = ACCEPTED if job.state == "running" else OK
    return JobBody(**about, **vars(job))


async def fresh(ws: Workspace) -> dict[str, Any]:
    """How fresh the newest ranks are."""
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
    return await freshness(ws, as_of)


def read_place(after: tuple[Any, ...]) -> tuple[dt.datetime, UUID]:
    """The job that a cursor names."""
    try:
        at, job_id = after
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC), UUID(job_id)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise bad_cursor() from None
