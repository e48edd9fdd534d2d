"""Take a whole import back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from pacesetter.jobs.boxes.edit_box import undo_edit
from pacesetter.jobs.boxes.join_boxes import undo_join
from pacesetter.jobs.boxes.take_in_boxes import remake
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from pacesetter.store.boxes.box_joins import JOIN
from pacesetter.store.boxes.box_products import EDIT
from pacesetter.store.boxes.boxes import read_touched
from pacesetter.store.database import revisions
from pacesetter.store.import_undo import undo_import


async def undo(ws: Workspace, import_id: str) -> dict[str, Any]:
    """Undo the import whose id starts or ends with ``import_id``; returns what was done.

    Ranks that were published from its prices stay as they were published; the next cycle ranks again.
    Boxes are measured and ranked again at once, in the same transaction: ``ranked`` days.
    """
    at: datetime = ws.now()
    async with ws.db.write() as conn:
        found = await revisions.find_import(conn, import_id)
        if found.undone_at is not None:
            raise InputError(f"the import of {found.file_name} is undone already", where=str(found.id))
        if found.kind == EDIT:
            done = await undo_edit(conn, found, at)
        elif found.kind == JOIN:
            done = await undo_join(ws, conn, found, at)
        else:
            done = await undo_import(conn, found.id, at)
        if found.kind == "boxes":
            revision = await revisions.newest_revision(conn)
            touched = await read_touched(conn, revision)
            done["ranked"] = len(await remake(ws, conn, touched, revision=revision, by="undo"))
    return {"import_id": str(found.id), "file": found.file_name, "kind": found.kind, **done}


async def list_imports(ws: Workspace) -> list[Row[Any]]:
    """The newest imports first."""
    async with ws.db.read() as conn:
        return await revisions.list_imports(conn)
