"""Symbols that are asked for, and how far each is on its way in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from pacesetter.jobs.symbols.ask_symbols import (
    Onboarding,
    Priority,
    StageName,
    Status,
    ask_symbols,
    look_through,
    look_up,
)
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.auth.principal import Principal
from pacesetter.web.bodies.body import Body
from pacesetter.web.errors import ACCEPTED
from pacesetter.web.inputs import Given
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.routes.jobs import fresh
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["onboarding"], dependencies=[Requires("read")])

MOST = 1000
Spelling = Annotated[str, Field(max_length=100)]
JobId = Annotated[UUID, Path(description="Id of a job.")]


class SymbolsAsked(Given):
    """Symbols to bring in: described, with prices, exposures and the day's figures."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"symbols": ["NVDA"], "priority": "high"}]})

    symbols: list[Spelling] = Field(
        min_length=1, max_length=MOST, description="In Yahoo's spelling: NVDA, BRK-B, VOD.L."
    )
    priority: Priority = Field("normal", description="Of two askers the higher one holds.")


class StageItem(BaseModel):
    """A stage, and whether it is behind."""

    name: StageName
    done: bool


class OnboardingItem(BaseModel):
    """A symbol on its way in."""

    id: UUID
    symbol: str
    status: Status
    priority: Priority
    stage: str = Field(description="queued, describe, prices, exposures, metrics or done.")
    stages: list[StageItem]
    requested_by: list[str] = Field(
        description="Everyone who asked for it, the first one first: owners see all names, others only "
        "their own, and `somebody` for each of the rest."
    )
    requested_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None = Field(description="When it ended, well or not.")
    attempts: int
    eta_s: int | None = Field(description="Seconds until it is completed, as far as the last ones tell.")
    cause: str | None = Field(
        description="Why it failed, is tried again or waits, in a word: unknown_symbol, renamed, delisted, "
        "rate_limited, network, no_data, bad_reply, other_basis, bad_prices, no_provider (it waits until "
        "there are prices or a source of them), setting, interrupted or internal."
    )
    error: str | None = Field(description="The same in a sentence.")
    mend: str | None = Field(description="What mends it.")
    joined: bool = Field(description="It was on its way already when it was asked for.")


class OnboardingBody(Body, OnboardingItem):
    """One symbol on its way in."""


class OnboardingsBody(Body):
    """Symbols on their way in, or a page of them, the newest first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[OnboardingItem]


@router.post("/onboarding", status_code=ACCEPTED, dependencies=[Requires("write")])
async def ask(
    ws: Reading, who: Asking, asked: SymbolsAsked, request: Request, response: Response
) -> OnboardingsBody:
    """Ask for symbols: one job each. Who asks for one that is on its way joins its job; asking again for
    one that failed tries again; one with nothing left to do is completed at once."""
    about = await fresh(ws)  # before: a failure once the jobs are kept would free the Idempotency-Key
    jobs = await ask_symbols(ws, asked.symbols, by=who.name, priority=asked.priority)
    request.app.state.onboarding_runner.wake()
    if len(jobs) == 1:
        response.headers["Location"] = request.app.url_path_for("read_onboarding", job_id=jobs[0].id)
    return OnboardingsBody(**about, count=len(jobs), next=None, rows=[item_of(job, who) for job in jobs])


@router.get("/onboarding")
async def read_onboardings(
    ws: Reading,
    who: Asking,
    page: Page,
    status: Annotated[Status | None, Query(description="Only jobs in this state.")] = None,
) -> OnboardingsBody:
    """Symbols that were asked for."""
    before = None if page.after is None else read_place(page.after)
    found, count = await look_through(ws, status=status, before=before, limit=page.limit + 1)
    rows = [item_of(job, who) for job in found[: page.limit]]
    more = write_cursor((rows[-1].id.hex,)) if len(found) > len(rows) else None
    return OnboardingsBody(**await fresh(ws), count=count, next=more, rows=rows)


@router.get("/onboarding/{job_id}")
async def read_onboarding(ws: Reading, who: Asking, job_id: JobId) -> OnboardingBody:
    """One symbol on its way in."""
    job = await look_up(ws, job_id)
    return OnboardingBody(**await fresh(ws), **item_of(job, who).model_dump())


def item_of(job: Onboarding, reader: Principal) -> OnboardingItem:
    """A job as an answer to somebody: who else asked is for owners to see."""
    told: dict[str, Any] = {"stages": [StageItem(**vars(one)) for one in job.stages]}
    if not reader.may("admin"):
        told["requested_by"] = [name if name == reader.name else "somebody" for name in job.requested_by]
    return OnboardingItem(**{**vars(job), **told})


def read_place(after: tuple[Any, ...]) -> UUID:
    """The job that a cursor names."""
    try:
        (job_id,) = after
        return UUID(job_id)
    except (ValueError, TypeError, AttributeError):
        raise bad_cursor() from None
