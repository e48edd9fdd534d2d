"""The same board by two methods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from pacesetter.jobs.boards.compute_board import compute_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.ranking.method import Method


@dataclass(frozen=True)
class MethodsCompared:
    """The same board by two methods: symbol, name and rank under each, and their rank correlation."""

    board: str
    as_of: date
    methods: tuple[str, str]
    rows: list[tuple[str, str | None, int | None, int | None]]
    correlation: float | None


async def compare_methods(
    ws: Workspace, board: str, one: str | Method, other: str | Method, *, on: date | None = None
) -> MethodsCompared:
    """Rank a board by both methods on a date (default: its newest published one)."""
    first = await compute_board(ws, board, on=on, method=one)
    second = await compute_board(ws, board, on=first.as_of, method=other)
    theirs = {row.symbol: row.rank for row in second.rows}
    rows = [(row.symbol, row.name, row.rank, theirs.get(row.symbol)) for row in first.rows]
    both = np.array([(a, b) for _, _, a, b in rows if a is not None and b is not None], dtype=np.float64)
    apart = len(both) > 2 and both.std(axis=0).all()
    correlation = float(np.asarray(np.corrcoef(both.T))[0, 1]) if apart else None
    names = (f"{first.method} v{first.method_version}", f"{second.method} v{second.method_version}")
    return MethodsCompared(first.board, first.as_of, names, rows, correlation)
