"""Import exchange rates from a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

from pacesetter.jobs.imports.carry_over import carry_over
from pacesetter.jobs.imports.import_report import ImportReport, hash_content, refuse_empty, write_refused
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import newest_day
from pacesetter.providers.files.rates import read_rates
from pacesetter.store.bars.fx_rates import upsert_rates
from pacesetter.store.database.revisions import finish_import, new_revision, start_import


async def import_rates(
    ws: Workspace, path: Path, *, dry_run: bool = False, progress: Progress = say_nothing
) -> ImportReport:
    """Import rates; every row is stored or refused with a reason. The same file again changes nothing, and
    the whole import can be taken back."""
    started = perf_counter()
    progress("reading", 0, 2)
    latest = newest_day(ws.settings.calendar, ws.now())
    file = await asyncio.to_thread(read_rates, path, latest=latest)
    refuse_empty(path, file.frame, file.rejections)
    progress("storing", 1, 2)
    import_id, at, sha256 = new_id(), ws.now(), await asyncio.to_thread(hash_content, path)
    carried = [] if dry_run else await carry_over(ws)
    async with ws.db.write(content=False) as conn:
        await start_import(conn, import_id, kind="fx", file_name=path.name, sha256=sha256, options={}, at=at)
        revision = await new_revision(conn, "import", at, import_id)
        done = await upsert_rates(conn, file.frame, source="files", revision=revision)
        stored = done.inserted + done.changed + done.unchanged
        counts = {
            "read": stored + file.rejections.height,
            "stored": stored,
            "inserted": done.inserted,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "quarantined": 0,
            "refused": file.rejections.height,
        }
        await finish_import(conn, import_id, counts=counts, at=ws.now())
        if dry_run:
            await conn.rollback()
    kept = None if dry_run else write_refused(ws.home.imports / str(import_id), file.rejections)
    progress("done", 2, 2)
    return ImportReport(
        kind="fx",
        file=str(path),
        dry_run=dry_run,
        import_id=None if dry_run else import_id,
        reasons=dict(file.rejections["reason"].value_counts().iter_rows()),
        said=[*carried, *file.said],
        refused_rows=[],
        report_path=kept,
        took_s=perf_counter() - started,
        **counts,
    )
