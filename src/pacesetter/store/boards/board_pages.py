"""One page of a published board, cut by the database: in the same order on both engines.

Symbols are compared by their code points, as Python does, whatever language a server's
database is set to; missing values come last in either direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.tables.ranking import FIVE, ranking_results
from pacesetter.store.tables.symbol import symbol_universe

Key = tuple[bool, float, str]  # (value is missing, ± value, symbol): a row's place under a sort

SORTED_BY = {
    "rank": "current_rank",
    "score": "score",
    "composite": "composite_score",
    "rank_change": "rank_change",
    "coverage": "coverage",
}
SHOWN = (
    *("symbol", *FIVE, "composite_score", "score", "current_rank", "coverage"),
    *("previous_rank", "previous_on", "rank_change", "unranked_reason"),
)
LEAN = ("symbol", *SORTED_BY.values())
BY_CODE_POINT = {"sqlite": "BINARY", "postgresql": "C"}


def by_symbol(conn: AsyncConnection, column: Any) -> ColumnElement[str]:
    """Symbols in the order of their code points."""
    return column.collate(BY_CODE_POINT[conn.dialect.name])  # type: ignore[no-any-return]


def of_head(head: Any) -> ColumnElement[bool]:
    """The condition that rows are those that a head names: a row of ``board_heads``, or its columns."""
    keys = ("domain_id", "method_version_id", "metric_date", "cycle_id")
    return and_(*(ranking_results.c[key] == getattr(head, key) for key in keys))


def board_of(conn: AsyncConnection, head: Any, top: int | None, columns: Sequence[str]) -> FromClause:
    """The rows that a head names, or the first ``top`` of them by rank."""
    query = select(*(ranking_results.c[name] for name in columns)).where(of_head(head))
    if top is not None:
        rank = ranking_results.c.current_rank
        query = query.order_by(rank.is_(None), rank, by_symbol(conn, ranking_results.c.symbol)).limit(top)
    return query.subquery("board")


@dataclass(frozen=True)
class BoardSize:
    """How many rows a head names, how many of them are ranked, and the date that their previous
    ranks belong to: one for all of them."""

    rows: int
    ranked: int
    previous_on: date | None

    def count(self, *, ranked: bool | None = None, top: int | None = None) -> int:
        """How many rows (of the first ``top``), of which only ranked or unranked ones."""
        first = self.rows if top is None else min(top, self.rows)
        first_ranked = min(first, self.ranked)  # ranked rows come first
        return first if ranked is None else first_ranked if ranked else first - first_ranked


async def measure_board(conn: AsyncConnection, head: Any) -> BoardSize:
    """The size of the board that a head names."""
    row = ranking_results.c
    counted = select(func.count(), func.count(row.current_rank), func.max(row.previous_on))
    return BoardSize(*(await conn.execute(counted.where(of_head(head)))).one())


async def page_rows(
    conn: AsyncConnection,
    head: Any,
    sort: str,
    *,
    after: Key | None,
    limit: int,
    ranked: bool | None = None,
    top: int | None = None,
) -> list[Row[Any]]:
    """At most ``limit`` rows behind the place ``after``, with the symbols' names.

    ``sort``: "symbol" or one of ``SORTED_BY``, descending with a leading "-". Rows with a value
    and rows without one are two questions, each of which an index answers in order.
    """
    column = SORTED_BY.get(sort.removeprefix("-"))
    down = sort.startswith("-")
    rows: list[Row[Any]] = []
    for missing in (True,) if column is None else (False, True):
        place = after
        if after is not None and after[0] != missing:
            if after[0]:
                continue  # the page begins among those without a value
            place = None
        board = board_of(conn, head, top, SHOWN)
        symbol = by_symbol(conn, board.c.symbol)
        query = only(select(board, symbol_universe.c.name), board, ranked).join(
            symbol_universe, symbol_universe.c.symbol == board.c.symbol
        )
        value = None if column is None else board.c[column]
        if value is not None:
            query = query.where(value.is_(None) if missing else value.is_not(None))
        if value is None or missing:
            query = query.order_by(symbol)
            if place is not None:
                query = query.where(symbol > place[2])
        else:
            query = query.order_by(value.desc() if down else value, symbol)
            if place is not None:
                at = -place[1] if down else place[1]
                beyond = value < at if down else value > at
                # the first condition follows from the second, and is what an index can begin at
                query = query.where(
                    value <= at if down else value >= at, or_(beyond, and_(value == at, symbol > place[2]))
                )
        rows += (await conn.execute(query.limit(limit - len(rows)))).all()
        if len(rows) == limit:
            break
    return rows


def only(query: Select[Any], board: FromClause, ranked: bool | None) -> Select[Any]:
    """The query over ranked rows only, or over unranked ones, or as it is."""
    if ranked is None:
        return query
    rank = board.c.current_rank
    return query.where(rank.is_not(None) if ranked else rank.is_(None))


async def lean_rows(conn: AsyncConnection, head: Any, top: int | None) -> list[Row[Any]]:
    """Every row (of the first ``top``) with its name and no more than what rows are sorted by."""
    board = board_of(conn, head, top, LEAN)
    named = select(board, symbol_universe.c.name).join(
        symbol_universe, symbol_universe.c.symbol == board.c.symbol
    )
    return list((await conn.execute(named)).all())


async def rows_of(conn: AsyncConnection, head: Any, symbols: Sequence[str]) -> list[Row[Any]]:
    """The rows of some symbols, with their names, in the order of ``symbols``; none for who is not there."""
    board = board_of(conn, head, None, SHOWN)
    named = select(board, symbol_universe.c.name).join(
        symbol_universe, symbol_universe.c.symbol == board.c.symbol
    )
    found = {row.symbol: row for row in await conn.execute(named.where(board.c.symbol.in_(symbols)))}
    return [found[symbol] for symbol in symbols if symbol in found]
