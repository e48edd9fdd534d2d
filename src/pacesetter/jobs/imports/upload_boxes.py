"""Boxes out of a file that was sent: the same import, with errors that name the file as its sender does."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.imports.import_boxes import import_boxes
from pacesetter.jobs.imports.import_report import ImportReport, Kept
from pacesetter.jobs.imports.undo_import import undo
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadFile, UnknownName
from pacesetter.providers.files.table import PARQUET, TEXT
from pacesetter.store.boxes.box_joins import JOIN
from pacesetter.store.boxes.box_products import EDIT
from pacesetter.store.database import revisions

KINDS = ("boxes", JOIN, EDIT)  # of imports that are of boxes
Place = tuple[datetime, UUID]  # when an import was begun, and its id
KNOWN = (".json", *TEXT, *PARQUET)


@dataclass(frozen=True)
class Uploaded:
    """What became of a file that was sent: ``refused`` rows by row, symbol, date, reason and detail."""

    report: ImportReport
    refused: pl.DataFrame


async def upload_boxes(
    ws: Workspace,
    content: bytes,
    name: str | None,
    *,
    by: str,
    dry_run: bool = False,
    source: str | None = None,
) -> Uploaded:
    """Import boxes from the bytes of a file; ``name``: what it is called, whose ending says what it is
    (without one: JSON where it begins as such, else CSV). ``by``: who sent it. As ``import_boxes``."""
    called = PurePath((name or "").replace("\\", "/")).name or "upload"
    suffix = PurePath(called).suffix.casefold()
    if suffix not in KNOWN:
        suffix = ".json" if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") else ".csv"
    refused: list[pl.DataFrame] = []

    async def note(_conn: AsyncConnection, kept: Kept) -> None:
        refused.append(kept.refused)

    with tempfile.TemporaryDirectory(prefix="pacesetter-") as folder:
        path = Path(folder) / f"upload{suffix}"
        await asyncio.to_thread(path.write_bytes, content)
        try:
            done = await import_boxes(
                ws, path, dry_run=dry_run, source=source, called=called, by=by, note=note
            )
        except BadFile as error:
            where = error.where.replace(str(path), called)
            raise BadFile(error.what, where=where, mend=error.mend) from None
    return Uploaded(replace(done, file=called), refused[0])


async def list_box_imports(ws: Workspace, *, after: Place | None, limit: int) -> list[Row[Any]]:
    """What was imported, entered, joined and edited of boxes behind the place ``after``, the newest first."""
    async with ws.db.read() as conn:
        return await revisions.list_imports(conn, limit, kinds=KINDS, before=after)


async def undo_boxes(ws: Workspace, import_id: UUID) -> dict[str, Any]:
    """Take back what was imported, entered, joined or edited of boxes; ``UnknownName`` for another import."""
    async with ws.db.read() as conn:
        found = await revisions.find_import(conn, str(import_id))
    if found.kind not in KINDS:
        raise UnknownName(
            f"the import of {found.file_name} is not of boxes",
            where=str(import_id),
            mend="`pacesetter import undo` takes any import back",
        )
    return await undo(ws, str(import_id))
