"""Take a whole import back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.store import revisions
from pacesetter.store.import_undo import undo_import


async def undo(ws: Workspace, import_id: str) -> dict[str, Any]:
    """Undo the import whose id starts or ends with ``import_id``; returns what was done.

    Ranks that were published from its data stay as they were published; the next cycle
    ranks again.
    """
    at: datetime = ws.now()
    async with ws.db.write() as conn:
        found = await revisions.find_import(conn, import_id)
        if found.undone_at is not None:
            raise InputError(f"the import of {found.file_name} is undone already", where=str(found.id))
        done = await undo_import(conn, found.id, at)
    return {"import_id": str(found.id), "file": found.file_name, "kind": found.kind, **done}


async def list_imports(ws: Workspace) -> list[Row[Any]]:
    """The newest imports first."""
    async with ws.db.read() as conn:
        return await revisions.list_imports(conn)
