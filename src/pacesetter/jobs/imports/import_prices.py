"""Import a file or folder of prices: read → judge → one transaction → report."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.take_in import Intake, judge_bars, store_verdict
from pacesetter.jobs.imports.carry_over import carry_over
from pacesetter.jobs.imports.import_report import (
    ImportReport,
    Kept,
    Note,
    hash_content,
    note_nothing,
    refuse_empty,
    write_refused,
)
from pacesetter.jobs.imports.refused_boxes import set_boxes_apart
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import BasisMismatch
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files import PriceFile, read_prices
from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.database.revisions import finish_import, new_revision, start_import
from pacesetter.store.symbols.symbols import known_symbols, set_basis, upsert_symbols

STAGES = ("reading", "judging", "storing", "done")


async def import_prices(
    ws: Workspace,
    path: Path,
    *,
    dry_run: bool = False,
    asset_type: str | None = None,
    basis: str | None = None,
    progress: Progress = say_nothing,
    note: Note = note_nothing,
) -> ImportReport:
    """Import prices; every row is stored, quarantined or refused with a reason.

    ``dry_run`` does all of it and keeps nothing. The same file again changes nothing. ``note``: what else
    is written in the same transaction, at its end.
    """
    started = perf_counter()
    progress("reading", 0, len(STAGES))
    file = await asyncio.to_thread(read_prices, path, basis=basis)
    refuse_empty(path, file.frame, file.rejections)
    sha256 = await asyncio.to_thread(hash_content, path)
    import_id, at = new_id(), ws.now()
    options = {"asset_type": asset_type, "basis": file.basis}
    carried = [] if dry_run else await carry_over(ws)
    async with ws.db.write() as conn:
        file, of_boxes = await without_boxes(conn, file)
        said = [*carried, *file.said, *await adopt_symbols(conn, file, asset_type)]
        progress("judging", 1, len(STAGES))
        await start_import(
            conn, import_id, kind="prices", file_name=path.name, sha256=sha256, options=options, at=at
        )
        revision = await new_revision(conn, "import", at, import_id)
        await upsert_actions(conn, file.actions, source="files", revision=revision, known_at=at)
        verdict = await judge_bars(ws, conn, file.frame, "files")  # which needs to know the file's splits
        progress("storing", 2, len(STAGES))
        intake = await store_verdict(conn, verdict, source="files", revision=revision, at=at)
        refused = pl.concat([file.rejections, of_boxes])
        intake.read = len(file.frame) + len(refused)
        add_unreadable(intake, refused)
        await finish_import(conn, import_id, counts=intake.counts(), at=ws.now())
        await note(conn, Kept(import_id, intake.counts(), said, intake.refused))
        if dry_run:
            await conn.rollback()
    report_path = None if dry_run else write_refused(ws.home.imports / str(import_id), intake.refused)
    progress("done", len(STAGES), len(STAGES))
    return ImportReport(
        kind="prices",
        file=str(path),
        dry_run=dry_run,
        import_id=None if dry_run else import_id,
        reasons=dict(intake.reasons.most_common()),
        said=said,
        refused_rows=[],
        report_path=report_path,
        took_s=perf_counter() - started,
        **intake.counts(),
    )


def add_unreadable(intake: Intake, rejections: pl.DataFrame) -> None:
    """Rows that could not even be read are refused like the impossible ones."""
    for reason, n in rejections["reason"].value_counts().iter_rows():
        intake.reasons[reason] += n
    intake.refused = pl.concat([intake.refused, rejections], how="diagonal_relaxed")


async def without_boxes(conn: AsyncConnection, file: PriceFile) -> tuple[PriceFile, pl.DataFrame]:
    """The file without its rows of sealed boxes, and those as refused rows."""
    frame, refused, said = await set_boxes_apart(conn, file.frame)
    if refused.is_empty():
        return file, refused
    actions = file.actions.join(refused.select("symbol"), on="symbol", how="anti")
    return replace(file, frame=frame, actions=actions, said=[*file.said, *said]), refused


async def adopt_symbols(conn: AsyncConnection, file: PriceFile, asset_type: str | None) -> list[str]:
    """Make the file's symbols known, with one adjustment basis each; says what was assumed."""
    symbols = file.frame["symbol"].unique().sort().to_list()
    known = await known_symbols(conn, symbols)
    others = sorted(s for s in symbols if s in known and known[s].basis not in (None, file.basis))
    if others:
        raise BasisMismatch(
            f"{others[0]} is stored with prices adjusted as {known[others[0]].basis!r}, "
            f"this file has {file.basis!r} ({len(others)} symbols in all)",
            where=file.name,
            mend=f"convert the file, import into another --home, or say --basis "
            f"{known[others[0]].basis} if that is what it holds",
        )
    added = await upsert_symbols(conn, symbols, asset_type=asset_type, source="admin")
    await set_basis(conn, symbols, file.basis)
    return added
