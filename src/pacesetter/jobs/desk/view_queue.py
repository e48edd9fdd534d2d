"""The research queue as it is looked at: who waits, who left, or a symbol's past in it."""

from __future__ import annotations

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.store.desk.research_queue import QueueRow, entries_of, left_entries, open_entries
from pacesetter.store.symbols.symbols import find_symbol

ENDS = ("promoted", "dropped", "expired", "displaced")


async def view_queue(
    ws: Workspace,
    *,
    symbol: str | None = None,
    left: bool = False,
    status: str | None = None,
    limit: int | None = None,
) -> list[QueueRow]:
    """Who waits, the best first; with ``left``, or the ``status`` that they left with, who left, the last
    first; or all entries that a symbol ever had, the newest first."""
    if status is not None and status not in ENDS:
        raise unknown("status", status, list(ENDS))
    if symbol is not None and (left or status):
        raise InputError("a symbol and --left or --status exclude each other", mend="ask for one of the two")
    async with ws.db.read() as conn:
        if symbol is not None:
            return await entries_of(conn, (await find_symbol(conn, symbol)).symbol)
        if left or status is not None:
            return await left_entries(conn, status=status, limit=limit)
        return (await open_entries(conn))[:limit]
