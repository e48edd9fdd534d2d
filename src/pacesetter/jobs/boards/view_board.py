"""Look at a board: as it was published, or else computed on the spot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from pacesetter.jobs.boards.board_view import BoardView
from pacesetter.jobs.boards.compute_board import compute_board
from pacesetter.jobs.boards.published_board import find_published
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.method import Method


async def view_board(
    ws: Workspace,
    board: str,
    *,
    on: date | None = None,
    method: str | Method | None = None,
    known_at: datetime | None = None,
    top: int | None = None,
) -> BoardView:
    """A board on a date (default: its newest published one), by a stored method's name or a method.

    Published rows are shown where there are any; another method, or a date that was not
    published, is computed from the same bars and not stored. ``known_at``: as it was
    published by that instant, else computed from what was known then.
    """
    view = await find_published(ws, board, on=on, method=method, known_at=known_at)
    view = view or await compute_board(ws, board, on=on, method=method, known_at=known_at)
    return cut(view, top)


def cut(view: BoardView, top: int | None) -> BoardView:
    """The first ``top`` rows only."""
    return view if top is None else replace(view, rows=view.rows[:top])
