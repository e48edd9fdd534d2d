"""The research queue: symbols that wait to be looked at, and how they left."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.view_queue import view_queue
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.jobs.workspace import Workspace
from pacesetter.research.desk import load_desk
from pacesetter.store.desk.nights import newest_night
from pacesetter.store.desk.research_queue import QueueRow
from pacesetter.store.symbols.symbols import find_symbol
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.breakdown import BreakdownItem, breakdown_item
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["signals"], dependencies=[Requires("read")])
Status = Literal["queued", "promoted", "dropped", "expired", "displaced"]


class QueueItem(BaseModel):
    """An entry of the queue."""

    id: UUID
    symbol: str
    name: str | None
    status: Status = Field(
        description="queued: it waits; promoted: on to the analysts; dropped: under the lowest score; "
        "expired: too long in the queue; displaced: others scored higher."
    )
    score: float = Field(description="Of scored_on: while it waits the newest, later the last one.")
    entry_score: float
    entered_on: dt.date
    scored_on: dt.date
    left_on: dt.date | None
    days_waited: int = Field(description="Until it left, or until scored_on.")
    reason: str | None = Field(description="Why it left.")
    breakdown: BreakdownItem = Field(description="How the score came about.")


class QueueBody(Body):
    """Who waits, the best first; or who left, the last first. ``count``: how many rows there are here."""

    state: Literal["open", "left"]
    enter_at: float = Field(description="Score from which a symbol enters.")
    promote_at: float = Field(description="Score from which it leaves for analysis.")
    most_entries: int
    count: int
    rows: list[QueueItem]


class QueueHistoryBody(Body):
    """Every time that a symbol was in the queue, the newest first."""

    symbol: str
    rows: list[QueueItem]


@router.get("/research-queue", response_model=QueueBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_queue(
    request: Request,
    ws: Reading,
    state: Annotated[Literal["open", "left"], Query(description="Who waits, or who left.")] = "open",
    status: Annotated[
        Literal["promoted", "dropped", "expired", "displaced"] | None,
        Query(description="Of those who left: only who left so."),
    ] = None,
    limit: Annotated[Whole, Query(ge=1, le=1000, description="At most so many rows.")] = 100,
    fields: Fields = None,
) -> Any:
    """The research queue."""
    left = state == "left" or status is not None
    found = await view_queue(ws, left=left, status=status, limit=limit)
    rule = load_desk().queue
    body = QueueBody(
        **await freshness(ws, await newest_on(ws)),
        state="left" if left else "open",
        enter_at=rule.enter_at,
        promote_at=rule.promote_at,
        most_entries=rule.most_entries,
        count=len(found),
        rows=await queue_items(ws, found),
    )
    return present(request, body, fields)


@router.get("/research-queue/{symbol}")
@kept("detail")
async def read_queue_history(
    ws: Reading, symbol: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")]
) -> QueueHistoryBody:
    """A symbol's past in the queue."""
    async with ws.db.read() as conn:
        named = (await find_symbol(conn, symbol)).symbol
    rows = await queue_items(ws, await view_queue(ws, symbol=named))
    return QueueHistoryBody(**await freshness(ws, await newest_on(ws)), symbol=named, rows=rows)


async def newest_on(ws: Workspace) -> dt.date | None:
    """The session of the newest night."""
    async with ws.db.read() as conn:
        night = await newest_night(conn)
    return None if night is None else night.night_on


async def queue_items(ws: Workspace, rows: list[QueueRow]) -> list[QueueItem]:
    """Entries as answers."""
    names = await name_symbols(ws, {row.symbol for row in rows})
    own = ("id", "symbol", "status", "score", "entry_score", "entered_on", "scored_on", "left_on", "reason")
    return [
        QueueItem(
            **{name: getattr(row, name) for name in own},
            name=names.get(row.symbol),
            days_waited=((row.left_on or row.scored_on) - row.entered_on).days,
            breakdown=breakdown_item(row.breakdown, row.scored_on),
        )
        for row in rows
    ]
