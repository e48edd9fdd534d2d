"""Sparklines: the last closes of a board's members."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.sparklines import read_sparklines
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import On
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["sparklines"], dependencies=[Requires("read")])


class SparklineItem(BaseModel):
    """A member's closes; empty where it has none in these sessions."""

    symbol: str
    values: list[float | None] = Field(description="One a session of the answer; null where it has no bar.")


class SparklinesBody(Body):
    """Adjusted closes of a board's members in the board's order, at most 1000 of them; ``count`` in all."""

    board: str
    slug: str
    measure: str = Field(description="adj_close: adjusted for splits and dividends back from the newest.")
    sessions: list[dt.date] = Field(description="The dates of the values, oldest first.")
    count: int = Field(description="Members of the board.")
    rows: list[SparklineItem]


@router.get("/sparklines/{board:path}")
@kept("series")
async def read_lines(
    ws: Reading,
    board: Annotated[str, Path(max_length=80, description="Name or slug of a board, such as ai-tech.")],
    on: On = None,
    points: Annotated[Whole, Query(ge=2, le=66, description="So many sessions, up to on.")] = 30,
    symbols: Annotated[
        str | None,
        Query(max_length=5000, description="Only these members, such as NVDA,AMD; default: the first 1000."),
    ] = None,
) -> SparklinesBody:
    """The last closes of each member, for small pictures beside the ranks."""
    names = None if symbols is None else [name.strip().upper() for name in symbols.split(",")]
    found = await read_sparklines(ws, board, on=on, points=points, symbols=names)
    return SparklinesBody(
        **await freshness(ws, found.on, calendar=calendar_of(ws, found.asset_type)),
        board=found.board,
        slug=found.slug,
        measure="adj_close",
        sessions=found.sessions,
        count=found.count,
        rows=[SparklineItem(symbol=name, values=values) for name, values in found.closes.items()],
    )
