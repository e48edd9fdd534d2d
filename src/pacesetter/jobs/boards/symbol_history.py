"""A symbol's published ranks over time on its boards, and where its score is heading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boards.published_board import NOTHING
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.ranking.trend import DATES, Trend, score_trend
from pacesetter.store.boards.histories import boards_of_symbol, final_dates, read_board_history, read_scores
from pacesetter.store.boards.memberships import membership
from pacesetter.store.symbols.domains import find_domain, list_domains
from pacesetter.store.symbols.symbols import find_symbol


@dataclass(frozen=True)
class HistoryRow:
    """A symbol on one published date of a board; ``method`` with its version. ``rank_change``
    counts places since ``previous_on``, the date before it by the same method."""

    on: date
    provisional: bool
    rank: int | None
    score: float | None
    composite: float | None
    coverage: float | None
    previous_rank: int | None
    previous_on: date | None
    rank_change: int | None
    unranked_reason: str | None
    method: str


@dataclass(frozen=True)
class TrendView:
    """The trend of the score over the newest seven final dates by one method, the last of them
    ``until``; or no ``trend`` with a ``reason``: ``too_few_dates`` or ``unranked_date``."""

    trend: Trend | None
    until: date | None
    reason: str | None = None


@dataclass(frozen=True)
class BoardHistory:
    """A symbol on one board. ``rows``: newest first. ``points``: rank by published date, oldest
    first; None also on dates on which the symbol was not on the board. ``left_on``: the first
    date on which it was not any more."""

    board: str
    slug: str
    rows: list[HistoryRow]
    points: list[tuple[date, int | None]]
    trend: TrendView
    left_on: date | None
    asset_type: str = "equity"


@dataclass(frozen=True)
class SymbolHistory:
    """A symbol's published ranks on its boards, or on the one asked for."""

    symbol: str
    name: str | None
    simulated: bool
    known_at: datetime | None
    boards: list[BoardHistory]


async def read_symbol_history(
    ws: Workspace,
    symbol: str,
    *,
    board: str | None = None,
    first: date | None = None,
    last: date | None = None,
    known_at: datetime | None = None,
) -> SymbolHistory:
    """The published ranks of a symbol from ``first`` to ``last`` (default: all), as they were
    published by an instant (default: now).

    ``UnknownName``: nobody knows the symbol or board. ``BadDate``: ``first`` is after ``last``,
    or no date between has a row. ``InputError``: it is on no (such) board, or nothing is published.
    """
    if first is not None and last is not None and first > last:
        raise BadDate(f"{first} is after {last}", where="--from", mend="give the earlier date to --from")
    async with ws.db.read() as conn:
        known = await find_symbol(conn, symbol)
        asked = await list_domains(conn) if board is None else [await find_domain(conn, board)]
        on = await boards_of_symbol(conn, known.symbol, known_at)
        mine = [domain for domain in asked if domain.id in on]
        if not mine:
            raise await nothing_of(conn, known.symbol, asked, board, known_at)
        every = [await read_one(conn, known.symbol, d, first, last, known_at) for d in mine]
    found = [one for one in every if one is not None]
    if not found:
        raise BadDate(
            f"no rank of {known.symbol} is published {span_in_words(first, last)}",
            mend=f"`pacesetter history {known.symbol}` shows all dates",
        )
    return SymbolHistory(known.symbol, known.name, ws.simulated, known_at, found)


async def read_one(
    conn: AsyncConnection,
    symbol: str,
    domain: Row[Any],
    first: date | None,
    last: date | None,
    at: datetime | None,
) -> BoardHistory | None:
    """A symbol's history on one board; None where it has no row between the dates."""
    dates = await read_board_history(conn, symbol, domain.id, first=first, last=last, at=at)
    mine = [n for n, row in enumerate(dates) if row.symbol is not None]
    if not mine:
        return None
    newest = dates[mine[0]]
    return BoardHistory(
        domain.name,
        domain.slug,
        [history_row(dates[n]) for n in mine],
        [(row.metric_date, row.current_rank) for row in reversed(dates[: mine[-1] + 1])],
        await read_trend(conn, symbol, domain.id, newest.method_version_id, until=newest.metric_date, at=at),
        dates[mine[0] - 1].metric_date if mine[0] else None,
        domain.asset_type,
    )


def history_row(row: Row[Any]) -> HistoryRow:
    """A stored row as people look at it."""
    return HistoryRow(
        on=row.metric_date,
        provisional=row.is_provisional,
        rank=row.current_rank,
        score=row.score,
        composite=row.composite_score,
        coverage=row.coverage,
        previous_rank=row.previous_rank,
        previous_on=row.previous_on,
        rank_change=row.rank_change,
        unranked_reason=row.unranked_reason,
        method=f"{row.method} v{row.method_version}",
    )


async def read_trend(
    conn: AsyncConnection,
    symbol: str,
    domain_id: UUID,
    method_version_id: UUID,
    *,
    until: date,
    at: datetime | None = None,
) -> TrendView:
    """The trend on a board as of a date: provisional ranks do not count, nor do other methods'."""
    dates = await final_dates(conn, domain_id, method_version_id, until=until, limit=DATES, at=at)
    rows = await read_scores(conn, domain_id, method_version_id, dates, symbols=[symbol], at=at)
    scores = {row.metric_date: row.score for row in rows}
    trend = score_trend(np.array([scores.get(on) for on in dates], dtype=np.float64))
    newest = dates[-1] if dates else None
    if trend is not None:
        return TrendView(trend, newest)
    return TrendView(None, newest, "too_few_dates" if len(dates) < DATES else "unranked_date")


async def nothing_of(
    conn: AsyncConnection, symbol: str, asked: list[Row[Any]], board: str | None, at: datetime | None
) -> InputError:
    """Why there is no row at all: the symbol is on none of these boards, or nothing is published yet."""
    on = {spell.domain_id for spell in await membership(conn) if spell.symbol == symbol}
    if not any(domain.id in on for domain in asked):
        where = "on no board" if board is None else f"not on the board {asked[0].name!r}"
        return InputError(f"{symbol} is {where}", mend="`pacesetter domains` lists the boards")
    if at is not None:
        return InputError(
            f"no rank of {symbol} was published by {at:%Y-%m-%d %H:%M} UTC", mend="ask for a later instant"
        )
    return InputError(f"no rank of {symbol} is published yet", mend=NOTHING)


def span_in_words(first: date | None, last: date | None) -> str:
    """``from 2025-01-02 to 2025-01-31``, or the one end that is given."""
    ends = [f"from {first}"] * (first is not None) + [f"to {last}"] * (last is not None)
    return " ".join(ends)
