"""Where the symbols of a portfolio stand: each on the board that knows it best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import of_head
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.boards.leaders import count_boards, heads_of_boards
from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import ranking_results

_of = ranking_results.c


async def held_ranks(conn: AsyncConnection, symbols: Sequence[str]) -> dict[str, tuple[Row[Any], int]]:
    """By symbol its newest published row (board, slug, metric_date, current_rank, score, rank_change) on the
    board that ranks the most symbols among those that rank it, and how many it ranks."""
    on = await newest_published_date(conn)
    boards: Sequence[Any] = [] if on is None else await count_boards(conn, on)
    if not boards or not symbols:
        return {}
    heads = heads_of_boards(boards)
    ranked = {board.domain_id: board.ranked for board in boards}
    columns = (_of.symbol, _of.domain_id, _of.metric_date, _of.current_rank, _of.score, _of.rank_change)
    found: dict[str, tuple[Any, int]] = {}
    for chunk in chunks(sorted(set(symbols))):
        rows = await conn.execute(
            select(*columns, domains.c.name.label("board"), domains.c.slug)
            .join_from(heads, ranking_results, of_head(heads.c))
            .join(domains, domains.c.id == _of.domain_id)
            .where(_of.symbol.in_(chunk), _of.current_rank.is_not(None))
            .order_by(_of.symbol, domains.c.position)
        )
        for row in rows:
            n = ranked[row.domain_id]
            if row.symbol not in found or n > found[row.symbol][1]:
                found[row.symbol] = (row, n)
    return found
