"""Import exchange rates from a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

from pacesetter.jobs.imports.import_report import ImportReport, refuse_empty, write_refused
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import newest_day
from pacesetter.providers.files.rates import read_rates
from pacesetter.store.bars.fx_rates import upsert_rates


async def import_rates(
    ws: Workspace, path: Path, *, dry_run: bool = False, progress: Progress = say_nothing
) -> ImportReport:
    """Import rates; every row is stored or refused with a reason. The same file again changes nothing."""
    started = perf_counter()
    progress("reading", 0, 2)
    latest = newest_day(ws.settings.calendar, ws.now())
    file = await asyncio.to_thread(read_rates, path, latest=latest)
    refuse_empty(path, file.frame, file.rejections)
    progress("storing", 1, 2)
    async with ws.db.write(content=False) as conn:
        counts = await upsert_rates(conn, file.frame, source="files")
        if dry_run:
            await conn.rollback()
    reasons = dict(file.rejections["reason"].value_counts().iter_rows())
    import_id = new_id()
    kept = None if dry_run else write_refused(ws.home.imports / str(import_id), file.rejections)
    progress("done", 2, 2)
    stored = counts.inserted + counts.changed + counts.unchanged
    return ImportReport(
        kind="fx",
        file=str(path),
        dry_run=dry_run,
        import_id=None,
        read=stored + file.rejections.height,
        stored=stored,
        inserted=counts.inserted,
        changed=counts.changed,
        unchanged=counts.unchanged,
        quarantined=0,
        refused=file.rejections.height,
        reasons=reasons,
        said=file.said,
        report_path=kept,
        took_s=perf_counter() - started,
    )
