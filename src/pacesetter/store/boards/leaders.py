"""The firsts of a date's boards, found by the database: nobody reads all rows to show a few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import by_symbol, of_head
from pacesetter.store.boards.boards import HEADED, head_at, of_exchange
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads, ranking_results
from pacesetter.store.tables.symbol import symbol_universe

RESULT = ranking_results.c


async def count_boards(conn: AsyncConnection, on: date) -> list[Row[Any]]:
    """The boards of a date in their order, each under the method that it was published with last: its
    head's key, name, slug, position, is_provisional, and how many ``members`` it has, and ``ranked`` ones."""
    head = board_heads.c
    key = (head.domain_id, head.method_version_id, head.metric_date, head.cycle_id)
    about = (domains.c.name.label("board"), domains.c.slug, domains.c.position)
    told = (*key, *about, head.is_provisional, head.head_from)
    rows = await conn.execute(
        select(*told, func.count().label("members"), func.count(RESULT.current_rank).label("ranked"))
        .join_from(board_heads, ranking_results, HEADED)
        .join(domains, domains.c.id == head.domain_id)
        .where(head.metric_date == on, domains.c.is_active, head_at(None), of_exchange())
        .group_by(*told)
        .order_by(domains.c.position, head.head_from)
    )
    newest = {
        row.domain_id: row
        for row in sorted(rows.all(), key=lambda row: (row.head_from, row.method_version_id))
    }
    return sorted(newest.values(), key=lambda row: row.position)


def heads_of_boards(boards: Sequence[Any]) -> Subquery:
    """The heads of some boards of a date (``count_boards``), to join rows to.

    Found by date and board again: a condition with four values a board outgrows what an engine reads.
    """
    head = board_heads.c
    turn = func.row_number().over(
        partition_by=(head.domain_id, head.metric_date),
        order_by=(head.head_from.desc(), head.method_version_id.desc()),
    )
    current = (
        select(head.domain_id, head.method_version_id, head.metric_date, head.cycle_id, turn.label("turn"))
        .where(head.metric_date.in_({board.metric_date for board in boards}), head_at(None))
        .where(head.domain_id.in_({board.domain_id for board in boards}))
        .subquery("current")
    )
    return select(current).where(current.c.turn == 1).subquery("heads")


async def first_rows(conn: AsyncConnection, boards: Sequence[Any]) -> dict[Any, Row[Any]]:
    """The first of each board that has one, by domain_id: of equals the one whose symbol comes first."""
    heads = heads_of_boards(boards)
    rows = await conn.execute(
        select(RESULT.domain_id, RESULT.symbol, RESULT.score, RESULT.composite_score, symbol_universe.c.name)
        .join_from(heads, ranking_results, of_head(heads.c))
        .join(symbol_universe, symbol_universe.c.symbol == RESULT.symbol)
        .where(RESULT.current_rank == 1)
        .order_by(by_symbol(conn, RESULT.symbol).desc())
    )
    firsts: Sequence[Any] = rows.all()
    return {row.domain_id: row for row in firsts}


async def best_rows(conn: AsyncConnection, boards: Sequence[Any], limit: int | None) -> list[Row[Any]]:
    """The symbols with the greatest composites on several boards, each once, under the last of its boards,
    with their ``place`` among all: equal composites share one."""
    heads = heads_of_boards(boards)
    turn = func.row_number().over(
        partition_by=RESULT.symbol, order_by=(domains.c.position.desc(), RESULT.domain_id)
    )
    columns = (RESULT.symbol, RESULT.composite_score, RESULT.score, RESULT.coverage)
    each = (
        select(*columns, turn.label("turn"))
        .join_from(heads, ranking_results, of_head(heads.c))
        .join(domains, domains.c.id == RESULT.domain_id)
        .where(RESULT.score.is_not(None), RESULT.composite_score.is_not(None))
        .subquery("each")
    )
    place = func.rank().over(order_by=each.c.composite_score.desc()).label("place")
    once = select(each, place).where(each.c.turn == 1).subquery("once")
    rows = await conn.execute(
        select(once, symbol_universe.c.name)
        .join(symbol_universe, symbol_universe.c.symbol == once.c.symbol)
        .order_by(once.c.place, by_symbol(conn, once.c.symbol))
        .limit(limit)
    )
    return list(rows.all())
