"""A symbol's published ranks, board by board and date by date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.boards import HEADED, head_at
from pacesetter.store.tables.method import method_versions, methods
from pacesetter.store.tables.ranking import board_heads, ranking_results

HEAD, RESULT = board_heads.c, ranking_results.c


async def boards_of_symbol(conn: AsyncConnection, symbol: str, at: datetime | None = None) -> set[UUID]:
    """The boards that ever published a row of ``symbol``, by the heads at an instant (None: now)."""
    found = await conn.scalars(
        select(RESULT.domain_id)
        .join(board_heads, HEADED)
        .where(RESULT.symbol == symbol, head_at(at))
        .distinct()
    )
    return set(found)


async def read_board_history(
    conn: AsyncConnection,
    symbol: str,
    domain_id: UUID,
    *,
    first: date | None = None,
    last: date | None = None,
    at: datetime | None = None,
) -> Sequence[Row[Any]]:
    """Every published date of a board from ``first`` to ``last``, newest first, with the row of
    ``symbol``: its columns are null on a date on which it was not on the board.

    Of several methods of a date the one that was published last, as everywhere.
    """
    turn = func.row_number().over(
        partition_by=HEAD.metric_date, order_by=(HEAD.head_from.desc(), HEAD.method_version_id)
    )
    heads = select(HEAD.method_version_id, HEAD.metric_date, HEAD.head_from, turn.label("turn")).where(
        HEAD.domain_id == domain_id, head_at(at)
    )
    if first is not None:
        heads = heads.where(HEAD.metric_date >= first)
    if last is not None:
        heads = heads.where(HEAD.metric_date <= last)
    newest = heads.subquery()
    query = (
        select(
            HEAD.metric_date,
            HEAD.method_version_id,
            HEAD.is_provisional,
            methods.c.name.label("method"),
            method_versions.c.version.label("method_version"),
            RESULT.symbol,
            *(RESULT[name] for name in ("current_rank", "score", "composite_score", "coverage")),
            *(RESULT[name] for name in ("previous_rank", "previous_on", "rank_change", "unranked_reason")),
        )
        .join_from(
            newest,
            board_heads,
            and_(
                HEAD.domain_id == domain_id,
                HEAD.method_version_id == newest.c.method_version_id,
                HEAD.metric_date == newest.c.metric_date,
                HEAD.head_from == newest.c.head_from,
            ),
        )
        .join(method_versions, method_versions.c.id == HEAD.method_version_id)
        .join(methods, methods.c.id == method_versions.c.method_id)
        .outerjoin(ranking_results, and_(HEADED, RESULT.symbol == symbol))
        .where(newest.c.turn == 1)
        .order_by(HEAD.metric_date.desc())
    )
    return (await conn.execute(query)).all()


async def final_dates(
    conn: AsyncConnection,
    domain_id: UUID,
    method_version_id: UUID,
    *,
    until: date,
    limit: int | None = None,
    at: datetime | None = None,
) -> list[date]:
    """The newest ``limit`` (None: all) dates with final ranks of a board by one method, on or before
    ``until``, oldest first."""
    dates = await conn.scalars(
        select(HEAD.metric_date)
        .where(
            HEAD.domain_id == domain_id,
            HEAD.method_version_id == method_version_id,
            HEAD.metric_date <= until,
            head_at(at),
            ~HEAD.is_provisional,
        )
        .order_by(HEAD.metric_date.desc())
        .limit(limit)
    )
    return list(dates)[::-1]


async def read_scores(
    conn: AsyncConnection,
    domain_id: UUID,
    method_version_id: UUID,
    dates: Sequence[date],
    *,
    symbols: Sequence[str] | None = None,
    at: datetime | None = None,
) -> list[Row[Any]]:
    """(symbol, metric_date, score) of a board by one method on ``dates``, oldest first; of all
    symbols or some. The score (0–100) is null where the symbol was not ranked."""
    own = HEADED
    if symbols is not None:  # dates and board once more: PostgreSQL looks symbols up by all it is told
        own = and_(HEADED, RESULT.symbol.in_(symbols), RESULT.metric_date.in_(dates))
    query = (
        select(RESULT.symbol, HEAD.metric_date, RESULT.score)
        # outer: begun at the heads, a few symbols are looked up by the key; SQLite would read whole dates
        .join_from(board_heads, ranking_results, own, isouter=True)
        .where(
            HEAD.domain_id == domain_id,
            HEAD.method_version_id == method_version_id,
            HEAD.metric_date.in_(dates),
            head_at(at),
        )
        .order_by(HEAD.metric_date)
    )
    rows: Sequence[Any] = (await conn.execute(query)).all()
    return [row for row in rows if row.symbol is not None]
