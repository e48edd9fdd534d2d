"""Import a list of symbols with their names, sectors and listings."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import polars as pl

from pacesetter.jobs.imports.carry_over import carry_over
from pacesetter.jobs.imports.import_report import ImportReport, hash_content, refuse_empty, write_refused
from pacesetter.jobs.imports.refused_boxes import set_boxes_apart
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files import read_symbols
from pacesetter.store.database.revisions import finish_import, start_import
from pacesetter.store.symbols.symbols import describe_symbols


async def import_symbols(
    ws: Workspace, path: Path, *, dry_run: bool = False, progress: Progress = say_nothing
) -> ImportReport:
    """Add symbols, or complete what is known of them; a blank never erases a known value."""
    started = perf_counter()
    progress("reading", 0, 2)
    file = await asyncio.to_thread(read_symbols, path)
    refuse_empty(path, file.frame, file.rejections)
    import_id, at = new_id(), ws.now()
    carried = [] if dry_run else await carry_over(ws)
    async with ws.db.write() as conn:
        progress("storing", 1, 2)
        await start_import(
            conn,
            import_id,
            kind="symbols",
            file_name=path.name,
            sha256=hash_content(path),
            options={},
            at=at,
        )
        frame, of_boxes, said = await set_boxes_apart(conn, file.frame)
        rejections = pl.concat([file.rejections, of_boxes])
        done = await describe_symbols(conn, frame, source="admin")
        counts = {
            "read": len(file.frame) + len(file.rejections),
            "stored": done.inserted + done.changed + done.unchanged,
            "inserted": done.inserted,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "quarantined": 0,
            "refused": len(rejections),
        }
        await finish_import(conn, import_id, counts=counts, at=ws.now())
        if dry_run:
            await conn.rollback()
    refused = None if dry_run else write_refused(ws.home.imports / str(import_id), rejections)
    progress("done", 2, 2)
    return ImportReport(
        kind="symbols",
        file=str(path),
        dry_run=dry_run,
        import_id=None if dry_run else import_id,
        reasons=dict(rejections["reason"].value_counts().iter_rows()),
        said=[*carried, *file.said, *said],
        refused_rows=[],
        report_path=refused,
        took_s=perf_counter() - started,
        **counts,
    )
