"""A symbol's published ranks over time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.symbol_history import BoardHistory, HistoryRow, read_symbol_history
from pacesetter.jobs.words import in_words
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import KnownAt, Span
from pacesetter.web.routes.rankings import TrendItem
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["history"], dependencies=[Requires("read")])


class HistoryItem(BaseModel):
    """A symbol on one board and session."""

    date: dt.date
    board: str
    slug: str
    method: str
    provisional: bool
    rank: int | None
    previous_rank: int | None
    previous_on: dt.date | None
    rank_change: int | None
    score: float | None
    composite: float | None
    coverage: float | None
    unranked_reason: str | None
    unranked_because: str | None = Field(description="The reason in words.")


class BoardTrend(BaseModel):
    """Where a symbol's score on a board is heading, or why that cannot be said."""

    board: str
    slug: str
    trend: TrendItem | None
    reason: str | None
    because: str | None = Field(description="The reason in words.")
    left_on: dt.date | None = Field(description="First date on which it was not on the board any more.")


class HistoryBody(Body):
    """The published ranks of a symbol, newest first, and its trend on each board."""

    symbol: str
    name: str | None
    boards: list[BoardTrend]
    rows: list[HistoryItem]


@router.get("/history/{ticker}", response_model=HistoryBody, responses=FORMS)
@kept("series", by_accept=True)
async def read_history(
    request: Request,
    ws: Reading,
    span: Span,
    ticker: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")],
    board: Annotated[str | None, Query(max_length=80, description="Only this board.")] = None,
    known_at: KnownAt = None,
    limit: Annotated[Whole, Query(ge=1, le=10_000, description="At most so many rows.")] = 1000,
    fields: Fields = None,
) -> Any:
    """The ranks of a symbol on all its boards, or on one."""
    found = await read_symbol_history(ws, ticker, board=board, first=span[0], last=span[1], known_at=known_at)
    rows = [history_item(one, row) for one in found.boards for row in one.rows]
    rows.sort(key=lambda row: row.date, reverse=True)  # stable: boards keep their order within a date
    body = HistoryBody(
        **await freshness(ws, rows[0].date, calendar=calendar_of(ws, found.boards[0].asset_type)),
        symbol=found.symbol,
        name=found.name,
        boards=[
            BoardTrend(
                board=one.board,
                slug=one.slug,
                trend=None if one.trend.trend is None else TrendItem(**vars(one.trend.trend)),
                reason=one.trend.reason,
                because=in_words(one.trend.reason) or None,
                left_on=one.left_on,
            )
            for one in found.boards
        ],
        rows=rows[:limit],
    )
    return present(request, body, fields)


def history_item(one: BoardHistory, row: HistoryRow) -> HistoryItem:
    """A row as an answer."""
    more = {name: getattr(row, name) for name in HistoryItem.model_fields if hasattr(row, name)}
    because = in_words(row.unranked_reason) or None
    return HistoryItem(date=row.on, board=one.board, slug=one.slug, unranked_because=because, **more)
