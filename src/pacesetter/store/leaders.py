"""The firsts of a date's boards, found by the database: nobody reads all rows to show a few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.board_pages import by_symbol
from pacesetter.store.boards import HEADED, head_at
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
        .where(head.metric_date == on, domains.c.is_active, head_at(None))
        .group_by(*told)
        .order_by(domains.c.position, head.head_from)
    )
    newest = {row.domain_id: row for row in sorted(rows.all(), key=lambda row: row.head_from)}
    return sorted(newest.values(), key=lambda row: row.position)


def of_boards(boards: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that rows are those of some boards (``count_boards``)."""
    keys = ("domain_id", "method_version_id", "metric_date", "cycle_id")
    return or_(*(and_(*(RESULT[key] == getattr(board, key) for key in keys)) for board in boards))


async def first_rows(conn: AsyncConnection, boards: Sequence[Any]) -> dict[Any, Row[Any]]:
    """The first of each board that has one, by domain_id: of equals the one whose symbol comes first."""
    rows = await conn.execute(
        select(RESULT.domain_id, RESULT.symbol, RESULT.score, RESULT.composite_score, symbol_universe.c.name)
        .join(symbol_universe, symbol_universe.c.symbol == RESULT.symbol)
        .where(of_boards(boards), RESULT.current_rank == 1)
        .order_by(by_symbol(conn, RESULT.symbol).desc())
    )
    firsts: Sequence[Any] = rows.all()
    return {row.domain_id: row for row in firsts}


async def best_rows(conn: AsyncConnection, boards: Sequence[Any], limit: int | None) -> list[Row[Any]]:
    """The symbols with the greatest composites on several boards, each once, under the last of its boards,
    with their ``place`` among all: equal composites share one."""
    turn = func.row_number().over(
        partition_by=RESULT.symbol, order_by=(domains.c.position.desc(), RESULT.domain_id)
    )
    columns = (RESULT.symbol, RESULT.composite_score, RESULT.score, RESULT.coverage)
    each = (
        select(*columns, turn.label("turn"))
        .join(domains, domains.c.id == RESULT.domain_id)
        .where(of_boards(boards), RESULT.score.is_not(None), RESULT.composite_score.is_not(None))
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
