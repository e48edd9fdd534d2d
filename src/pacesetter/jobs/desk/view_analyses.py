"""Analysts' opinions as people look at them: of a night, or of one symbol the newest up to a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.desk.analyses import AnalysisRow, analyses
from pacesetter.store.symbols.symbols import find_symbol

_of = analyses.table.c


@dataclass(frozen=True)
class AnalysesView:
    """Opinions of one session, by symbol and analyst; nothing where there are none yet."""

    on: date | None
    symbol: str | None
    rows: list[AnalysisRow]


async def view_analyses(
    ws: Workspace, *, symbol: str | None = None, on: date | None = None, analyst: str | None = None
) -> AnalysesView:
    """Opinions of a session, else of the newest one that has any; of a symbol the newest up to ``on``.
    ``UnknownName`` for no such symbol."""
    async with ws.db.read() as conn:
        named = None if symbol is None else (await find_symbol(conn, symbol)).symbol
        where = [] if named is None else [_of.symbol == named]
        until = [] if on is None else [_of.analysed_on <= on if named else _of.analysed_on == on]
        newest = await conn.scalar(select(func.max(_of.analysed_on)).where(*where, *until))
        if newest is None:
            return AnalysesView(None, named, [])
        only = [] if analyst is None else [_of.analyst == analyst]
        rows = await analyses.find(
            conn, _of.analysed_on == newest, *where, *only, order_by=[_of.symbol, _of.analyst]
        )
    return AnalysesView(newest, named, rows)
