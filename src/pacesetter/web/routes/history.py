"""A symbol's published ranks over time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from pacesetter.store.boards import newest_published_date, read_symbol_history
from pacesetter.store.symbols import find_symbol
from pacesetter.web.body import Body, freshness
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["history"])


class HistoryItem(BaseModel):
    """A symbol on one board and session."""

    date: dt.date
    board: str
    slug: str
    rank: int | None
    previous_rank: int | None
    previous_on: dt.date | None
    rank_change: int | None
    score: float | None
    composite: float | None
    coverage: float | None
    unranked_reason: str | None


class HistoryBody(Body):
    """All published ranks of a symbol, newest first."""

    symbol: str
    name: str | None
    rows: list[HistoryItem]


@router.get("/history/{ticker}")
async def read_history(
    ws: Reading,
    ticker: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")],
    limit: Annotated[int, Query(ge=1, le=10_000, description="At most so many rows.")] = 1000,
) -> HistoryBody:
    """The ranks of a symbol on all its boards."""
    async with ws.db.read() as conn:
        known = await find_symbol(conn, ticker)
        rows = await read_symbol_history(conn, known.symbol, limit)
        as_of = await newest_published_date(conn)
    items = [
        HistoryItem(
            date=row.metric_date,
            board=row.board,
            slug=row.slug,
            rank=row.current_rank,
            previous_rank=row.previous_rank,
            previous_on=row.previous_on,
            rank_change=row.rank_change,
            score=row.score,
            composite=row.composite_score,
            coverage=row.coverage,
            unranked_reason=row.unranked_reason,
        )
        for row in rows
    ]
    return HistoryBody(**await freshness(ws, as_of), symbol=known.symbol, name=known.name, rows=items)
