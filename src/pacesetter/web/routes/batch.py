"""How far the nightly batch of symbols is, and who was left out for which reason."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.symbols.view_batch import BatchDay, view_batch
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.inputs import Whole
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["batch"], dependencies=[Requires("read")])


class LeftOutItem(BaseModel):
    """Symbols without a value, for one reason."""

    reason: str
    because: str = Field(description="The reason in words.")
    count: int
    symbols: list[str] = Field(description="The first of them.")


class PhaseItem(BaseModel):
    """A phase of a session's batch."""

    phase: str = Field(description="prices, market_beta, rate_beta, ridge, spread or daily_metrics.")
    state: str = Field(
        description="waiting, running, done, failed, or interrupted: its process ended without a word."
    )
    done: int = Field(description="Symbols with a result.")
    total: int = Field(description="Symbols looked at.")
    problems: list[LeftOutItem]
    error: str | None
    data_revision: int | None = Field(description="The state of the data that it is computed from.")
    started_at: dt.datetime | None
    ended_at: dt.datetime | None


class BatchItem(BaseModel):
    """A session's batch; ``state`` is done when every phase is."""

    on: dt.date
    state: str = Field(description="running, done, failed or interrupted.")
    phases: list[PhaseItem]


class BatchBody(Body):
    """The newest sessions that have a batch, newest first; ``as_of`` is the newest that is done."""

    scheduled_for: dt.datetime = Field(description="When the next batch is due (UTC).")
    rows: list[BatchItem]


@router.get("/batch")
async def read_batch(
    ws: Reading,
    limit: Annotated[Whole, Query(ge=1, le=250, description="At most so many sessions.")] = 10,
) -> BatchBody:
    """The phases of the newest batches."""
    found = await view_batch(ws, limit=limit)
    return BatchBody(
        **await freshness(ws, found.as_of),
        scheduled_for=found.scheduled_for,
        rows=[batch_item(one) for one in found.days],
    )


def batch_item(day: BatchDay) -> BatchItem:
    """A session's batch as an answer."""
    phases = [
        PhaseItem(**{**vars(one), "problems": [LeftOutItem(**vars(p)) for p in one.problems]})
        for one in day.phases
    ]
    return BatchItem(on=day.on, state=day.state, phases=phases)
