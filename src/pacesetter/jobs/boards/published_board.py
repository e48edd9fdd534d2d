"""Read a published board with the evidence behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.board_view import BoardRow, BoardView, RankInterval
from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.boards.factor_views import stored_factors
from pacesetter.jobs.boards.thin_days import say_thin_days
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_behind
from pacesetter.market.symbol import BOX
from pacesetter.ranking.confidence import TIED
from pacesetter.ranking.method import Method
from pacesetter.ranking.trend import DATES, Trend, score_trend
from pacesetter.store.bars.quarantine import held_counts
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.board_pages import BoardSize, measure_board
from pacesetter.store.boards.evidence import read_stats, read_values
from pacesetter.store.boards.histories import final_dates, read_scores
from pacesetter.store.boards.intervals import read_intervals
from pacesetter.store.boards.methods import find_method, find_method_version, read_method
from pacesetter.store.symbols.domains import find_domain

HELD_DAYS = timedelta(days=366)  # bars held back further in the past move little
NOTHING = "import prices (`pacesetter import prices FILE`) and run `pacesetter cycle`, or `pacesetter up`"


async def find_published(
    ws: Workspace,
    board: str,
    *,
    on: date | None = None,
    method: str | Method | None = None,
    known_at: datetime | None = None,
) -> BoardView | None:
    """The published board, read and not computed; None when it was not published."""
    async with ws.db.read() as conn:
        found = await find_published_head(ws, conn, board, on=on, method=method, known_at=known_at)
        return None if found is None else await published_view(ws, conn, *found, known_at)


async def find_published_head(
    ws: Workspace,
    conn: AsyncConnection,
    board: str,
    *,
    on: date | None,
    method: str | Method | None,
    known_at: datetime | None,
) -> tuple[Row[Any], Any] | None:
    """The board, and the head of what was published of it; None when it was not published."""
    domain = await find_domain(conn, board)
    if on is not None:
        choose_date(ws, on, calendar_of(ws, domain.asset_type))
    version_id = None
    if isinstance(method, str):
        _, version_id = await find_method(conn, method)
    elif method is not None:
        version_id = await find_method_version(conn, method)
        if version_id is None:
            return None
    if on is None and domain.asset_type == BOX:  # on many days somebody looked, but at no price
        on = await stored.newest_ranked_date(conn, domain, at=known_at)
    head = await stored.find_head(conn, domain.id, on, method_version_id=version_id, at=known_at)
    return None if head is None else (domain, head)


def behind(ws: Workspace, as_of: date | None, asset_type: str = "equity") -> int:
    """Completed sessions that are newer than a date."""
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    return sessions_behind(calendar_of(ws, asset_type), as_of, ws.now(), delay) or 0


@dataclass(frozen=True)
class HeadFacts:
    """What never changes about the rows that a head names: the method they were ranked by, the
    statistics behind z, over whom these were taken, and the size of the board."""

    method: Method
    stats: dict[tuple[str, str], Row[Any]]
    scope: str
    size: BoardSize


async def head_facts(ws: Workspace, conn: AsyncConnection, domain: Row[Any], head: Any) -> HeadFacts:
    """The facts of a published head, read once."""
    key = (head.domain_id, head.method_version_id, head.metric_date, head.cycle_id)
    return await ws.facts.of(key, partial(read_head_facts, conn, domain, head))


async def read_head_facts(conn: AsyncConnection, domain: Row[Any], head: Any) -> HeadFacts:
    """The facts of a published head, from the database."""
    version_id, on = head.method_version_id, head.metric_date
    stats = await read_stats(conn, head.cycle_id, version_id, on, domain.id)
    scope = f"universe:{domain.asset_type}"
    if not any(key[0] == scope for key in stats):
        scope = f"domain:{domain.slug}"
    size = await measure_board(conn, head)
    return HeadFacts(await read_method(conn, version_id), stats, scope, size)


async def published_view(
    ws: Workspace,
    conn: AsyncConnection,
    domain: Row[Any],
    head: Any,
    known_at: datetime | None = None,
    *,
    rows: Sequence[Row[Any]] | None = None,
) -> BoardView:
    """The published board that a head names, with the evidence behind every number.

    ``rows``: only these of it, as ``read_board`` gives them.
    """
    on = head.metric_date
    facts = await head_facts(ws, conn, domain, head)
    method, scope = facts.method, facts.scope
    members = None if rows is None else [row.symbol for row in rows]
    if rows is None:
        rows = await stored.read_board(conn, head)
    symbols = [row.symbol for row in rows]
    used = sorted({part.uses for part in method.factors})
    values = await read_values(conn, head.cycle_id, on, domain.id, symbols, used)
    held = await held_counts(conn, on - HELD_DAYS, on, members)
    trends = await read_trends(conn, head, known_at, members)
    intervals = await read_intervals(conn, head, members)
    views = stored_factors(method, rows, scope, facts.stats, values)
    return BoardView(
        board=domain.name,
        slug=domain.slug,
        method=method.name,
        method_version=method.version,
        as_of=on,
        previous_on=facts.size.previous_on,
        scope=scope,
        origin="published",
        provisional=head.is_provisional,
        simulated=ws.simulated,
        stale_sessions=behind(ws, on, domain.asset_type),
        asset_type=domain.asset_type,
        computed_at=head.published_at,
        known_at=known_at,
        source=head.newest_source,
        remarks=await say_thin_days(conn, domain, on, facts.size.previous_on, known_at),
        rows=[
            BoardRow(
                symbol=row.symbol,
                name=row.name,
                rank=row.current_rank,
                score=row.score,
                composite=row.composite_score,
                coverage=row.coverage,
                previous_rank=row.previous_rank,
                previous_on=row.previous_on,
                rank_change=row.rank_change,
                unranked_reason=row.unranked_reason,
                held_bars=held.get(row.symbol, 0),
                factors=factors,
                trend=trends.get(row.symbol),
                interval=rank_interval(intervals.get(row.symbol)),
            )
            for row, factors in zip(rows, views, strict=True)
        ],
    )


async def read_trends(
    conn: AsyncConnection, head: Any, known_at: datetime | None, symbols: Sequence[str] | None = None
) -> dict[str, Trend]:
    """The trend of each symbol's score (of ``symbols``, where given) over the board's last final dates,
    up to the head's."""
    board = (head.domain_id, head.method_version_id)
    dates = await final_dates(conn, *board, until=head.metric_date, limit=DATES, at=known_at)
    by_symbol: dict[str, list[float]] = {}
    for row in await read_scores(conn, *board, dates, symbols=symbols, at=known_at):
        by_symbol.setdefault(row.symbol, []).append(np.nan if row.score is None else row.score)
    trends = {symbol: score_trend(np.array(scores)) for symbol, scores in by_symbol.items()}
    return {symbol: trend for symbol, trend in trends.items() if trend is not None}


def rank_interval(row: Any) -> RankInterval | None:
    """A stored interval as it is looked at."""
    if row is None:
        return None
    tied = row.flip_share is not None and row.flip_share > TIED
    return RankInterval(row.low_rank, row.high_rank, row.n_ranked, row.n_draws, row.flip_share, tied)
