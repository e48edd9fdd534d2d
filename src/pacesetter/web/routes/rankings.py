"""Ranked boards: the leaders of all, or one with every figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_page import PageAsked, find_page, page_of, read_key, sort_key
from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.board_view import BoardRow, BoardView
from pacesetter.jobs.boards.compute_board import compute_board
from pacesetter.jobs.boards.view_leaders import view_leaders
from pacesetter.jobs.words import in_words, scope_in_words
from pacesetter.store.boards.board_pages import Key
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Flag
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Asked, Page, bad_cursor, write_cursor
from pacesetter.web.parameters import KnownAt, On, Top
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["rankings"], dependencies=[Requires("read")])
Sort = Literal[
    "rank",
    "-rank",
    "symbol",
    "score",
    "-score",
    "composite",
    "-composite",
    "rank_change",
    "-rank_change",
    "coverage",
    "-coverage",
]


class FactorItem(BaseModel):
    """One factor of one symbol: contribution = weight · normalized."""

    raw: float | None
    normalized: float | None
    weight: float
    contribution: float | None
    missing_reason: str | None = None
    missing_because: str | None = Field(None, description="The reason in words.")


class TrendItem(BaseModel):
    """Where a score is heading."""

    slope: float = Field(description="Points of score a published date, over the last seven.")
    direction: str = Field(description="up, flat or down.")


class IntervalItem(BaseModel):
    """The 90 % interval of a rank over redrawn years."""

    low: int | None
    high: int | None
    n_ranked: int = Field(description="Redrawn years in which the symbol has a rank.")
    n_draws: int
    flip_share: float | None = Field(description="Of them, those in which the next symbol is ahead.")
    tied_with_next: bool


class RowItem(BaseModel):
    """A member of a board; an unranked one has no rank and says why."""

    symbol: str
    name: str | None
    rank: int | None
    score: float | None
    composite: float | None
    coverage: float | None
    previous_rank: int | None
    previous_on: date | None
    rank_change: int | None = Field(description="previous_rank − rank: positive is up; null for a newcomer.")
    unranked_reason: str | None
    unranked_because: str | None = Field(description="The reason in words.")
    held_bars: int = Field(description="Bars of the year before that wait for a decision, and are not used.")
    factors: dict[str, FactorItem]
    trend: TrendItem | None = None
    interval: IntervalItem | None = Field(None, description="Measured for the newest date only.")


class BoardBody(Body):
    """A board on a session, or a page of it: ``count`` rows in all, ``next`` is the next page's cursor."""

    board: str
    slug: str
    method: str
    method_version: int
    scope: str = Field(description="Over whom factors were normalised and scores taken.")
    scope_words: str = Field(description="The same in words, such as all equities.")
    origin: str = Field(description="published, or computed for this answer.")
    provisional: bool
    previous_on: date | None
    computed_at: datetime | None
    known_at: datetime | None
    remarks: list[str] = Field(description="What one has to know to read this.")
    count: int = 0
    next: str | None = None
    rows: list[RowItem]


class LeaderItem(BaseModel):
    """The first of a board."""

    board: str
    slug: str
    symbol: str | None
    name: str | None
    score: float | None
    composite: float | None
    ranked: int
    members: int
    held_bars: int


class BestItem(BaseModel):
    """A place in the best overall."""

    rank: int | None
    symbol: str
    name: str | None
    score: float | None
    composite: float | None
    coverage: float | None
    held_bars: int


class LeadersBody(Body):
    """The leader of every board, and the best overall on the scale of the whole universe."""

    provisional: bool
    leaders: list[LeaderItem]
    best: list[BestItem]


@router.get("/rankings")
@kept("leaderboard")
async def read_leaders(ws: Reading, on: On = None, top: Top = 10) -> LeadersBody:
    """The leader of every board and the best overall."""
    view = await view_leaders(ws, on=on, top=top)
    return LeadersBody(
        **await freshness(ws, view.as_of),
        provisional=view.provisional,
        leaders=[LeaderItem(**vars(leader)) for leader in view.leaders],
        best=[BestItem(**{name: getattr(row, name) for name in BestItem.model_fields}) for row in view.best],
    )


@router.get("/rankings/{board:path}", response_model=BoardBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_board(
    request: Request,
    holder: Holder,
    ws: Reading,
    page: Page,
    board: Annotated[str, Path(max_length=80, description="Name or slug of a board, such as ai-tech.")],
    on: On = None,
    known_at: KnownAt = None,
    method: Annotated[
        str | None, Query(max_length=80, description="Rank by this method on the spot.")
    ] = None,
    sort: Annotated[
        Sort, Query(description="Ascending; a leading - is descending. Ties go by symbol.")
    ] = "rank",
    search: Annotated[
        str | None, Query(max_length=40, description="Only rows whose symbol or name contains it.")
    ] = None,
    ranked: Annotated[Flag | None, Query(description="Only ranked rows, or only unranked ones.")] = None,
    top: Top = None,
    fields: Fields = None,
) -> Any:
    """One board with what every rank is made of, sorted and in pages."""
    asked = PageAsked(page.limit, sort, search, ranked, top, place(page, sort))
    found = await find_page(ws, board, asked, on=on, method=method, known_at=known_at)
    if found is None:
        view = await holder.compute(
            lambda own: compute_board(own, board, on=on, method=method, known_at=known_at)
        )
        found = page_of(view, asked)
    shown = found.view
    more = write_cursor(sort_key(sort)(shown.rows[-1])) if found.more else None
    calendar = calendar_of(ws, shown.asset_type)
    body = board_body(shown, await freshness(ws, shown.as_of, shown.source, calendar=calendar))
    return present(request, body.model_copy(update={"count": found.count, "next": more}), fields)


def place(page: Asked, sort: str) -> Key | None:
    """The place that a cursor names; ``BadParameter`` for one of another list."""
    try:
        return read_key(page.after, sort)
    except ValueError:
        raise bad_cursor() from None


def board_body(view: BoardView, fresh: dict[str, Any]) -> BoardBody:
    """A board as an answer."""
    names = ("board", "slug", "method", "method_version", "scope", "origin", "provisional", "previous_on")
    head = {name: getattr(view, name) for name in (*names, "computed_at", "known_at", "remarks")}
    head["scope_words"] = scope_in_words(view.scope)
    return BoardBody(**fresh, **head, rows=[row_item(row) for row in view.rows])


def row_item(row: BoardRow) -> RowItem:
    """A row as an answer."""
    factors = {
        name: FactorItem(**vars(view), missing_because=in_words(view.missing_reason) or None)
        for name, view in row.factors.items()
    }
    return RowItem(
        **{
            **vars(row),
            "factors": factors,
            "unranked_because": in_words(row.unranked_reason) or None,
            "trend": row.trend and TrendItem(**vars(row.trend)),
            "interval": row.interval and IntervalItem(**vars(row.interval)),
        }
    )
