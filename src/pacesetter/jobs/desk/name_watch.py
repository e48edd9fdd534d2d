"""Which entry of the watchlist a person means: by its id, or by the symbol where it has a single one."""

from __future__ import annotations

from uuid import UUID

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.store.desk.watchlist import find_watches
from pacesetter.store.symbols.symbols import find_symbol


async def name_watch(ws: Workspace, given: str, *, user_id: UUID | None = None) -> UUID:
    """The id of an entry; ``InputError`` where a symbol has none, or more than one."""
    try:
        return UUID(given)
    except ValueError:
        pass
    async with ws.db.read() as conn:
        symbol = (await find_symbol(conn, given)).symbol
        rows = await find_watches(conn, symbol=symbol, user_id=user_id)
    if not rows:
        raise InputError(f"{symbol} is not on the watchlist", mend=f'pacesetter watch add {symbol} "…"')
    if len(rows) > 1:
        raise InputError(
            f"{symbol} has {len(rows)} entries",
            mend=f"name one by its id: {', '.join(str(r.id) for r in rows)}",
        )
    return rows[0].id
