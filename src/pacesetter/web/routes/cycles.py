"""What was done when: cycles and backfills, and the health of the data."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.health.diagnose import diagnose
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.work.cycles import list_cycles
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.paging import Page
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["cycles"], dependencies=[Requires("read")])
MOST = 10_000


class CycleItem(BaseModel):
    """One tick: a daily, intraday, manual or backfill cycle, or a follow-up of one."""

    id: UUID
    kind: str
    calendar: str
    scheduled_for: dt.datetime
    metric_date: dt.date
    status: str
    stage: str
    provisional: bool
    source: str | None
    fingerprint: str | None = Field(description="Hash of all that its ranks were computed from.")
    code_version: str | None
    error: str | None
    started_at: dt.datetime
    published_at: dt.datetime | None


class CyclesBody(Body):
    """A page of cycles, newest first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[CycleItem]


class FindingItem(BaseModel):
    """One thing that was looked at, and the command that mends it."""

    level: str = Field(description="ok, warn or bad.")
    what: str
    where: str
    mend: str


class DataHealthBody(Body):
    """What is well and what is not."""

    findings: list[FindingItem]


@router.get("/cycles")
async def read_cycles(
    ws: Reading,
    page: Page,
    status: Annotated[str | None, Query(max_length=12, description="claimed, published or failed.")] = None,
) -> CyclesBody:
    """All cycles."""
    async with ws.db.read() as conn:
        every = await list_cycles(conn, status, MOST)
        as_of = await newest_published_date(conn)
    rows, more = page.cut(every, lambda row: (-row.started_at.timestamp(), row.id.hex))
    items = [
        CycleItem(
            **{name: getattr(row, name) for name in CycleItem.model_fields if hasattr(row, name)},
            provisional=row.is_provisional,
            source=row.data_source,
        )
        for row in rows
    ]
    return CyclesBody(**await freshness(ws, as_of), count=len(every), next=more, rows=items)


@router.get("/health/data")
async def read_data_health(holder: Holder, ws: Reading) -> DataHealthBody:
    """What `pacesetter doctor` says: schema, plug-ins, age of prices, held prices, unranked members."""
    found = await holder.compute(diagnose)
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
    items = [FindingItem(level=f.level, what=f.what, where="", mend=f.mend) for f in found]
    return DataHealthBody(**await freshness(ws, as_of), findings=items)
