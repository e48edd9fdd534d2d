"""Suspicious prices that are held back, and a person's decision on them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.bars.decide_bar import Decision, accept_bar, list_cases, repair_bar
from pacesetter.jobs.words import held_bar_in_words
from pacesetter.kernel.dates import parse_date
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.inputs import Given
from pacesetter.web.paging import Page
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["quarantine"], dependencies=[Requires("read")])
MOST = 100_000


class HeldItem(BaseModel):
    """A price that waits for a decision."""

    id: UUID
    symbol: str
    date: dt.date
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    adj_close: float | None
    volume: int | None
    reason: str
    because: str = Field(description="The reason in words.")
    detail: str | None
    data_source: str
    fetched_at: dt.datetime


class HeldBody(Body):
    """A page of the prices that are held back, newest session first; ``count`` in all."""

    count: int
    next: str | None
    rows: list[HeldItem]


class Repair(Given):
    """What the price should have been: its prices times ``scale``, then the values given."""

    open: float | None = Field(None, gt=0)
    high: float | None = Field(None, gt=0)
    low: float | None = Field(None, gt=0)
    close: float | None = Field(None, gt=0)
    adj_close: float | None = Field(None, gt=0)
    volume: float | None = Field(None, ge=0, le=2**62)
    scale: float = Field(1.0, gt=0, le=1e9)


class DecisionBody(BaseModel):
    """The price that is stored now; the next cycle ranks again the sessions that it touches."""

    symbol: str
    date: dt.date
    state: str
    reason: str
    because: str = Field(description="Why it was held back, in words.")
    by: str
    close: float


Symbol = Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")]
Day = Annotated[str, Path(max_length=10, description="Session, as YYYY-MM-DD.")]


@router.get("/quarantine")
async def read_held(
    ws: Reading,
    page: Page,
    symbol: Annotated[str | None, Query(max_length=32, description="Only this one.")] = None,
) -> HeldBody:
    """Prices that are held back."""
    found = await list_cases(ws, symbol, MOST)
    rows, more = page.cut(found, lambda row: (-row.date.toordinal(), row.symbol, row.id.hex))
    async with ws.db.read() as conn:
        as_of = await newest_published_date(conn)
    items = [held_item(row) for row in rows]
    return HeldBody(**await freshness(ws, as_of), count=len(found), next=more, rows=items)


@router.post("/quarantine/{symbol}/{day}/accept", dependencies=[Requires("write")])
async def accept(ws: Reading, who: Asking, symbol: Symbol, day: Day) -> DecisionBody:
    """Take a held price as it is."""
    return decision_body(
        await accept_bar(ws, symbol, parse_date(day, where="day"), by=who.name, user_id=who.user_id)
    )


@router.post("/quarantine/{symbol}/{day}/repair", dependencies=[Requires("write")])
async def repair(ws: Reading, who: Asking, symbol: Symbol, day: Day, asked: Repair) -> DecisionBody:
    """Take a held price with other values, which no later fetch overwrites."""
    values = {k: v for k, v in asked.model_dump(exclude={"scale"}).items() if v is not None}
    on = parse_date(day, where="day")
    return decision_body(
        await repair_bar(ws, symbol, on, values, by=who.name, scale=asked.scale, user_id=who.user_id)
    )


def held_item(row: Any) -> HeldItem:
    """A held price as an answer."""
    same = {name: getattr(row, name) for name in HeldItem.model_fields if hasattr(row, name)}
    return HeldItem(**same, because=held_bar_in_words(row.reason))


def decision_body(done: Decision) -> DecisionBody:
    """A decision as an answer."""
    return DecisionBody(
        symbol=done.symbol,
        date=done.on,
        state=done.state,
        reason=done.reason,
        because=held_bar_in_words(done.reason),
        by=done.by,
        close=done.bar["close"],
    )
