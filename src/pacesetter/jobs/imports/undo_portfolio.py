"""Take back what the command line names: an import, or one trade."""

from __future__ import annotations

from typing import Any

from pacesetter.jobs.imports.import_portfolio import list_imports, undo_import
from pacesetter.jobs.portfolios.keep_portfolios import look_for
from pacesetter.jobs.portfolios.trade_portfolio import look_through, remove_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import UnknownName


async def undo(ws: Workspace, name: str, which: str) -> dict[str, Any]:
    """Undo the import or trade of a portfolio whose id begins or ends with ``which``; what was done.

    ``UnknownName`` where none or several fit."""
    about = await look_for(ws, name)
    wanted = which.casefold()

    def fits(key: Any) -> bool:
        return str(key).startswith(wanted) or str(key).endswith(wanted)

    imports = [row.id for row in await list_imports(ws, about.id) if fits(row.id)]
    _, rows, _ = await look_through(ws, about.id, before=None, limit=1_000_000)
    trades = [row.id for row in rows if fits(row.id)]
    if len(imports) + len(trades) != 1:
        what = "nothing" if not imports and not trades else f"{len(imports) + len(trades)} of them"
        mend = "`pacesetter portfolio trades` and the import's own answer name the ids"
        raise UnknownName(f"{what} of {about.name} has the id {which!r}", mend=mend)
    if imports:
        done = await undo_import(ws, about.id, str(imports[0]))
        return {"import_id": str(done.id), "file": done.file_name, "trades_removed": done.trades_removed}
    gone = await remove_trade(ws, about.id, trades[0])
    return {"trade_id": str(gone.id), "trades_removed": 1}
