"""Why ranks moved: the movers of a board, or one symbol in full."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.explain_changes import (
    BoardChanges,
    explain_board_changes,
    explain_every_board,
    why_none_moved,
)
from pacesetter.jobs.boards.first_date import find_first_date
from pacesetter.jobs.boards.jump_base_rates import base_rates
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.base_rate import BaseRate
from pacesetter.ranking.ledger import Ledger
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import Span, Top
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["changes"], dependencies=[Requires("read")])
Shares = Annotated[dict[str, str], Field(description="Exact places as fractions, by cause; positive lifts.")]


class ChangeItem(BaseModel):
    """A symbol's change: shares of the rank add up to rank_change, of the composite to composite_change."""

    symbol: str
    name: str | None
    status: str = Field(description="moved, entered, left or absent.")
    rank_before: int | None
    rank_after: int | None
    unranked_before: str | None
    unranked_after: str | None
    unranked_because: str | None = Field(description="Why it is unranked at an end, in words.")
    rank_change: int | None
    rank_shares: Shares
    composite_change: float | None
    composite_shares: dict[str, float]
    remarks: list[str]


class BaseRateItem(BaseModel):
    """What jumps at least as large were followed by, over 21 sessions, beyond the board's mean."""

    n: int
    median: float | None
    share_positive: float | None
    low: float | None
    high: float | None
    reason: str = Field(description="too_few or no_jump where there is no figure.")
    because: str | None = Field(description="The reason in words.")


class MoversOf(BaseModel):
    """Who moved on a board, most places first."""

    board: str
    slug: str
    last: dt.date
    methods: list[str] = Field(description="What the board was ranked by at either end.")
    members: int
    rows: list[ChangeItem]


class BoardMovers(MoversOf):
    """Who moved on a board between two published sessions, most places first."""

    first: dt.date


class ChangesBody(Body, MoversOf):
    """The changes of a board between two published sessions, most places first; none on its first one."""

    first: dt.date | None = Field(description="null: there is no published session before the last.")
    why_none: str | None = Field(None, description="Why there is nothing to compare; null where there is.")


class MoversBody(Body):
    """Who moved on every board of stocks and funds; boards with a single published session are left out."""

    rows: list[BoardMovers]
    why_none: str | None = Field(None, description="Why no board can be compared; null where one can.")


class ChangeBody(Body):
    """The change of one symbol."""

    board: str
    slug: str
    first: dt.date
    last: dt.date
    methods: list[str]
    change: ChangeItem
    base_rate: BaseRateItem | None


Board = Annotated[str, Query(max_length=80, description="Name or slug of a board, such as ai-tech.")]


@router.get("/changes")
@kept("detail")
async def read_movers(holder: Holder, ws: Reading, board: Board, span: Span, top: Top = 50) -> ChangesBody:
    """Who moved, each with all causes; without dates the newest session against the one before."""
    first, last = span
    alone = await find_first_date(ws, board, last) if first is None else None
    if alone is not None:
        fresh = await freshness(ws, alone.on, calendar=calendar_of(ws, alone.asset_type))
        return ChangesBody(
            **fresh,
            board=alone.board,
            slug=alone.slug,
            first=None,
            last=alone.on,
            methods=[alone.method] * 2,
            members=alone.members,
            rows=[],
            why_none=alone.why,
        )
    found = await holder.compute(lambda own: explain_board_changes(own, board, first=first, last=last))
    fresh = await freshness(ws, found.last, calendar=calendar_of(ws, found.asset_type))
    return ChangesBody(**fresh, **vars(movers_of(found, top)))


@router.get("/movers")
@kept("detail")
async def read_all_movers(
    holder: Holder,
    ws: Reading,
    to: Annotated[
        dt.date | None, Query(description="Up to this published session; without it the newest.")
    ] = None,
    top: Top = 50,
) -> MoversBody:
    """Who moved on every board of stocks and funds since its published session before, with all causes."""
    found = await holder.compute(lambda own: explain_every_board(own, last=to))
    if not found:
        newest, why = await why_none_moved(ws, to)
        return MoversBody(**await freshness(ws, newest), rows=[], why_none=why)
    newest = max(one.last for one in found)
    return MoversBody(**await freshness(ws, newest), rows=[movers_of(one, top) for one in found])


def movers_of(found: BoardChanges, top: int | None) -> BoardMovers:
    """The ``top`` members that changed most, of those that changed at all."""
    moved = [one for one in found.ledgers if one.rank_change or one.status in ("entered", "left")]
    return BoardMovers(
        board=found.board,
        slug=found.slug,
        first=found.first,
        last=found.last,
        methods=list(found.methods),
        members=len(found.ledgers),
        rows=[change_item(found, one) for one in moved[:top]],
    )


@router.get("/changes/{symbol}")
@kept("detail")
async def read_change(
    holder: Holder,
    ws: Reading,
    symbol: Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")],
    board: Board,
    span: Span,
) -> ChangeBody:
    """Why one symbol moved, and what such jumps were followed by."""
    name, (first, last) = symbol.upper(), span

    async def work(own: Workspace) -> tuple[BoardChanges, dict[str, BaseRate]]:
        found = await explain_board_changes(own, board, symbol=name, first=first, last=last)
        rates = await base_rates(own, found.slug, found.last, [name], since=found.first)
        return found, rates

    found, rates = await holder.compute(work)
    rate = rates.get(name)
    return ChangeBody(
        **await freshness(ws, found.last, calendar=calendar_of(ws, found.asset_type)),
        board=found.board,
        slug=found.slug,
        first=found.first,
        last=found.last,
        methods=list(found.methods),
        change=change_item(found, found.ledgers[0]),
        base_rate=None if rate is None else BaseRateItem(**vars(rate), because=in_words(rate.reason) or None),
    )


def change_item(found: BoardChanges, one: Ledger) -> ChangeItem:
    """A ledger as an answer."""
    return ChangeItem(
        symbol=one.symbol,
        name=found.names.get(one.symbol),
        status=one.status,
        rank_before=one.before.rank,
        rank_after=one.after.rank,
        unranked_before=one.before.reason or None,
        unranked_after=one.after.reason or None,
        unranked_because=in_words(one.after.reason or one.before.reason) or None,
        rank_change=one.rank_change,
        rank_shares={name: str(share) for name, share in one.rank_shares.items()},
        composite_change=one.composite_change,
        composite_shares=dict(one.composite_shares),
        remarks=list(one.remarks),
    )
