"""Why a symbol stands where it stands: every number with what it was made of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.factors.base import Factor, factors
from pacesetter.jobs.boards.board_page import find_row
from pacesetter.jobs.boards.board_view import BoardRow, BoardView
from pacesetter.jobs.boards.symbol_history import TrendView, read_trend
from pacesetter.jobs.boards.view_board import view_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.market.symbol import BOX
from pacesetter.ranking.trend import LongTerm, long_term_score, refuse
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.evidence import read_stats
from pacesetter.store.boards.memberships import members_on
from pacesetter.store.boards.methods import find_method
from pacesetter.store.boxes.box_records import when_observed
from pacesetter.store.symbols.domains import list_domains
from pacesetter.store.symbols.symbols import find_symbol


@dataclass(frozen=True)
class StatisticsView:
    """What z was taken with: n values, centre, scale, the rule, and over whom."""

    scope: str
    n: int
    centre: float | None
    scale: float | None
    rule: str


@dataclass(frozen=True)
class BoardExplanation:
    """A symbol on one board: the board (without its rows), its row, by factor the
    statistics behind z and the factor's declaration, and the trend of the score: None where
    the board was computed and not published."""

    head: BoardView
    row: BoardRow
    ranked: int
    statistics: dict[str, StatisticsView]
    factors: dict[str, Factor]
    trend: TrendView | None


@dataclass(frozen=True)
class Explanation:
    """A symbol on all its boards, or on the one asked for; ``long_term``: its score over a year
    as of ``long_term_on``, the newest of the boards' dates."""

    symbol: str
    name: str | None
    asset_type: str
    last_price_date: date | None
    boards: list[BoardExplanation]
    long_term: LongTerm
    long_term_on: date


async def explain_symbol(
    ws: Workspace, symbol: str, *, board: str | None = None, on: date | None = None
) -> Explanation:
    """Explain a symbol's ranks on a date (default: the newest published); no boards for one that is on
    none that is ranked. ``InputError`` where it is not on ``board``, or nothing at all is ranked."""
    async with ws.db.read() as conn:
        known = await find_symbol(conn, symbol)
        published = await stored.newest_published_date(conn, until=on)
        domains = await list_domains(conn)
        day = on or ws.now().date()
        mine = [d for d in domains if known.symbol in await members_on(conn, d.id, day)]
    if board is not None:
        view = await view_board(ws, board, on=on)
        mine = [d for d in mine if d.slug == view.slug]
    if board is not None and not mine:
        raise InputError(
            f"{known.symbol} is not on the board {board!r}", mend="`pacesetter domains` lists the boards"
        )
    explained = []
    for domain in mine:
        view, ranked = await view_row(ws, domain.slug, known.symbol, on)
        if not view.rows:
            continue  # it has joined since
        async with ws.db.read() as conn:
            method, version_id = await find_method(conn, view.method, view.method_version)
            trend = (
                await read_trend(conn, known.symbol, domain.id, version_id, until=view.as_of)
                if view.origin == "published"
                else None
            )
        explained.append(
            BoardExplanation(
                head=replace(view, rows=[]),
                row=view.rows[0],
                ranked=ranked,
                statistics=await read_statistics(ws, domain.slug, view),
                factors={part.name: factors.get(part.uses) for part in method.factors},
                trend=trend,
            )
        )
    newest = max((one.head.as_of for one in explained), default=published)
    if newest is None:
        raise InputError("nothing is ranked yet", mend="`pacesetter cycle` ranks what is stored")
    long_term = await measure_long_term(ws, known.symbol, newest)
    return Explanation(
        known.symbol, known.name, known.asset_type, known.last_price_date, explained, long_term, newest
    )


async def newest_ranks(conn: AsyncConnection, known: Row[Any]) -> date | None:
    """The newest date that tells of a symbol: of an exchange's boards, or of the box itself."""
    if known.asset_type != BOX:
        return await stored.newest_published_date(conn)
    seen = await when_observed(conn, known.symbol)
    return seen.ranked_on or seen.last_on


async def view_row(ws: Workspace, slug: str, symbol: str, on: date | None) -> tuple[BoardView, int]:
    """A board with the row of one symbol alone, if it is on it then, and how many are ranked."""
    found = await find_row(ws, slug, symbol, on=on)
    if found is not None:
        return found
    view = await view_board(ws, slug, on=on)
    ranked = sum(row.rank is not None for row in view.rows)
    return replace(view, rows=[row for row in view.rows if row.symbol == symbol]), ranked


async def measure_long_term(ws: Workspace, symbol: str, on: date) -> LongTerm:
    """The long-term score of a symbol on a date, from the bars stored now."""
    panel = await load_panel(
        ws.db,
        ws.home,
        sessions=[on],
        calendar=ws.settings.calendar,
        asset_types=(),  # nobody else is asked for, so the symbol is loaded in the benchmark's place
        benchmark=symbol,
    )
    if symbol not in panel.symbols:
        return refuse("no_bars")
    return await asyncio.to_thread(long_term_score, panel, panel.symbols.index(symbol))


async def read_statistics(ws: Workspace, slug: str, view: BoardView) -> dict[str, StatisticsView]:
    """The stored statistics of a published view; none for one computed on the spot."""
    if view.origin != "published":
        return {}
    async with ws.db.read() as conn:
        domain = next(d for d in await list_domains(conn) if d.slug == slug)
        _, version_id = await find_method(conn, view.method, view.method_version)
        head = await stored.find_head(conn, domain.id, view.as_of, method_version_id=version_id)
        if head is None:
            return {}
        rows = await read_stats(conn, head.cycle_id, version_id, view.as_of, domain.id)
    return {
        name: StatisticsView(scope, row.n, row.centre, row.scale, row.rule)
        for (scope, name), row in rows.items()
        if scope == view.scope
    }
