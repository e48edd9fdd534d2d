"""Import a file of boxes: observations, product facts, or both."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import polars as pl

from pacesetter.jobs.boxes.take_in_boxes import take_in
from pacesetter.jobs.imports.carry_over import carry_over
from pacesetter.jobs.imports.far_floors import say_far_floors
from pacesetter.jobs.imports.import_report import (
    ImportReport,
    Kept,
    Note,
    hash_content,
    note_nothing,
    refuse_empty,
    write_refused,
)
from pacesetter.jobs.imports.refused_rows import add_lines, say_refused
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files.boxes import read_boxes
from pacesetter.providers.files.lines import number_lines
from pacesetter.store.database.revisions import finish_import, start_import

STAGES = 3


async def import_boxes(
    ws: Workspace,
    path: Path,
    *,
    dry_run: bool = False,
    source: str | None = None,
    progress: Progress = say_nothing,
    note: Note = note_nothing,
    called: str | None = None,
    by: str | None = None,
) -> ImportReport:
    """Import boxes; every row is stored or refused with a reason, and the boards are ranked with them.

    All of it is one transaction. ``dry_run`` does it and takes it back. ``source``: of rows that name
    none. The same file again changes nothing. Facts about products are not taken back with an import.
    ``note``: what else is written in the same transaction, at its end. ``called``: the name to list it under
    (default: the file's); ``by``: who sent it.
    """
    started = perf_counter()
    progress("reading", 0, STAGES)
    at = ws.now()
    file = await asyncio.to_thread(read_boxes, path, latest=at.date(), source=source)
    refuse_empty(path, file.rows, file.rejections)
    import_id = new_id()
    sha256 = await asyncio.to_thread(hash_content, path)
    carried = [] if dry_run else await carry_over(ws)
    async with ws.db.write() as conn:
        progress("storing and ranking", 1, STAGES)
        await start_import(
            conn,
            import_id,
            kind="boxes",
            file_name=called or path.name,
            sha256=sha256,
            options={"source": source, **({"by": by} if by else {})},
            at=at,
        )
        sources = ",".join(file.rows["source"].unique().sort().to_list())
        done = await take_in(ws, conn, file.rows, import_id=import_id, at=at, by=sources)
        far = await say_far_floors(conn, done.revision, None if dry_run else import_id)
        refused = pl.concat([file.rejections, done.refused]).sort("row")
        stored = done.inserted + done.changed + done.unchanged
        counts = {
            "read": stored + refused.height,
            "stored": stored,
            "inserted": done.inserted,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "quarantined": 0,
            "refused": refused.height,
        }
        await finish_import(conn, import_id, counts=counts, at=ws.now())
        await note(conn, Kept(import_id, counts, [*file.said, *done.said, *far], refused))
        if dry_run:
            await conn.rollback()
    if refused.height:
        refused = add_lines(refused, await asyncio.to_thread(number_lines, path))
    kept = None if dry_run else write_refused(ws.home.imports / str(import_id), refused)
    progress("done", STAGES, STAGES)
    return ImportReport(
        kind="boxes",
        file=str(path),
        dry_run=dry_run,
        import_id=None if dry_run else import_id,
        reasons=dict(refused["reason"].value_counts(sort=True).iter_rows()),
        said=[*carried, *file.said, *done.said, *far],
        refused_rows=say_refused(refused, kept),
        report_path=kept,
        took_s=perf_counter() - started,
        **counts,
    )
