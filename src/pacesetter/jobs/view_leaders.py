"""The leader of every board, and the best overall."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from pacesetter.jobs.board_view import BoardRow, Leader, LeadersView
from pacesetter.jobs.daily_cycle import choose_date
from pacesetter.jobs.published_board import HELD_DAYS, behind
from pacesetter.jobs.workspace import Workspace
from pacesetter.store import boards as stored
from pacesetter.store.quarantine import held_counts


async def view_leaders(ws: Workspace, *, on: date | None = None, top: int | None = 10) -> LeadersView:
    """The leader of every board on a date (default: the newest published), and the best overall.

    "Best overall" compares scores on the universe scale, so boards whose scores are taken
    inside the board are kept out of it.
    """
    if on is not None:
        choose_date(ws, on)
    async with ws.db.read() as conn:
        as_of = on or await stored.newest_published_date(conn)
        rows = [] if as_of is None else await stored.read_day(conn, as_of)
        wide = set() if as_of is None else await stored.universe_boards(conn, as_of)
        held = {} if as_of is None else await held_counts(conn, as_of - HELD_DAYS, as_of)
    boards: dict[str, list[Row[Any]]] = {}
    for row in rows:
        boards.setdefault(row.slug, []).append(row)
    leaders = []
    for slug, members in boards.items():
        first, ranked = members[0], sum(row.current_rank is not None for row in members)
        has = first.current_rank is not None
        leaders.append(
            Leader(
                board=first.board,
                slug=slug,
                symbol=first.symbol if has else None,
                name=first.name if has else None,
                score=first.score,
                composite=first.composite_score,
                ranked=ranked,
                members=len(members),
                held_bars=held.get(first.symbol, 0) if has else 0,
            )
        )
    comparable = {row.symbol: row for row in rows if row.score is not None and row.domain_id in wide}
    best = sorted(comparable.values(), key=lambda row: (-row.composite_score, row.symbol))
    return LeadersView(
        as_of=as_of,
        simulated=ws.simulated,
        stale_sessions=behind(ws, as_of),
        provisional=any(row.is_provisional for row in rows),
        leaders=leaders,
        best=[
            BoardRow(
                symbol=row.symbol,
                name=row.name,
                rank=1 + sum(other.composite_score > row.composite_score for other in best),
                score=row.score,
                composite=row.composite_score,
                coverage=row.coverage,
                held_bars=held.get(row.symbol, 0),
            )
            for row in best[:top]
        ],
    )
