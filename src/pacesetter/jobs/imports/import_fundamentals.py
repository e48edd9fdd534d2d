"""Import a file of fundamentals, known from the import or from a stated date."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from time import perf_counter

import polars as pl

from pacesetter.jobs.imports.carry_over import carry_over
from pacesetter.jobs.imports.import_report import ImportReport, hash_content, refuse_empty, write_refused
from pacesetter.jobs.imports.refused_boxes import set_boxes_apart
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import BadDate
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files import read_fundamentals
from pacesetter.store.bars.fundamentals import upsert_fundamentals
from pacesetter.store.database.revisions import finish_import, new_revision, start_import
from pacesetter.store.symbols.symbols import upsert_symbols


async def import_fundamentals(
    ws: Workspace,
    path: Path,
    *,
    known_on: date | None = None,
    dry_run: bool = False,
    progress: Progress = say_nothing,
) -> ImportReport:
    """Import fundamentals; no ranking before ``known_on`` (default: today) may read them. Rows of sealed
    boxes are refused."""
    started = perf_counter()
    at = ws.now()
    if known_on is not None and known_on > at.date():
        raise BadDate(f"{known_on} is in the future", where="--known-on", mend="give a date up to today")
    progress("reading", 0, 2)
    file = await asyncio.to_thread(read_fundamentals, path)
    refuse_empty(path, file.frame, file.rejections)
    since = known_on or at.date()
    said = list(file.said)
    if known_on is None:
        said.append(f"known from today ({since}); earlier ranks will not see it: --known-on says otherwise")
    import_id = new_id()
    carried = [] if dry_run else await carry_over(ws)
    async with ws.db.write() as conn:
        frame, of_boxes, left_out = await set_boxes_apart(conn, file.frame)
        refused = pl.concat([file.rejections, of_boxes])
        said = [*carried, *said, *left_out]
        said += await upsert_symbols(conn, frame["symbol"].to_list(), asset_type=None, source="admin")
        await start_import(
            conn,
            import_id,
            kind="fundamentals",
            file_name=path.name,
            sha256=hash_content(path),
            options={"known_on": since.isoformat()},
            at=at,
        )
        revision = await new_revision(conn, "import", at, import_id)
        progress("storing", 1, 2)
        done = await upsert_fundamentals(
            conn, frame, known_on=since, revision=revision, fetched_at=at, source="files"
        )
        counts = {
            "read": len(file.frame) + len(file.rejections),
            "stored": done.inserted + done.changed + done.unchanged,
            "inserted": done.inserted,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "quarantined": 0,
            "refused": len(refused),
        }
        await finish_import(conn, import_id, counts=counts, at=ws.now())
        if dry_run:
            await conn.rollback()
    kept = None if dry_run else write_refused(ws.home.imports / str(import_id), refused)
    progress("done", 2, 2)
    return ImportReport(
        kind="fundamentals",
        file=str(path),
        dry_run=dry_run,
        import_id=None if dry_run else import_id,
        reasons=dict(refused["reason"].value_counts().iter_rows()),
        said=said,
        refused_rows=[],
        report_path=kept,
        took_s=perf_counter() - started,
        **counts,
    )
