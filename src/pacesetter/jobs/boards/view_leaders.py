"""The leader of every board, and the best overall."""

from __future__ import annotations

from datetime import date

from pacesetter.jobs.boards.board_view import BoardRow, Leader, LeadersView
from pacesetter.jobs.boards.daily_cycle import choose_date
from pacesetter.jobs.boards.published_board import HELD_DAYS, behind
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.bars.quarantine import held_counts
from pacesetter.store.boards import boards as stored
from pacesetter.store.boards.evidence import universe_boards
from pacesetter.store.boards.leaders import best_rows, count_boards, first_rows


async def view_leaders(ws: Workspace, *, on: date | None = None, top: int | None = 10) -> LeadersView:
    """The leader of every board on a date (default: the newest published), and the best overall.

    "Best overall" compares scores on the universe scale, so boards whose scores are taken
    inside the board are kept out of it.
    """
    if on is not None:
        choose_date(ws, on)
    async with ws.db.read() as conn:
        as_of = on or await stored.newest_published_date(conn)
        boards = [] if as_of is None else await count_boards(conn, as_of)
        firsts = await first_rows(conn, boards) if boards else {}
        wide = await universe_boards(conn, as_of) if as_of and boards else set()
        compared = [board for board in boards if board.domain_id in wide]
        best = await best_rows(conn, compared, top) if compared else []
        shown = sorted({row.symbol for row in (*firsts.values(), *best)})
        held = await held_counts(conn, as_of - HELD_DAYS, as_of, shown) if as_of and shown else {}
    leaders = []
    for board in boards:
        first = firsts.get(board.domain_id)
        leaders.append(
            Leader(
                board=board.board,
                slug=board.slug,
                symbol=first.symbol if first else None,
                name=first.name if first else None,
                score=first.score if first else None,
                composite=first.composite_score if first else None,
                ranked=board.ranked,
                members=board.members,
                held_bars=held.get(first.symbol, 0) if first else 0,
            )
        )
    return LeadersView(
        as_of=as_of,
        simulated=ws.simulated,
        stale_sessions=behind(ws, as_of),
        provisional=any(board.is_provisional for board in boards),
        leaders=leaders,
        best=[
            BoardRow(
                symbol=row.symbol,
                name=row.name,
                rank=row.place,
                score=row.score,
                composite=row.composite_score,
                coverage=row.coverage,
                held_bars=held.get(row.symbol, 0),
            )
            for row in best
        ],
    )
