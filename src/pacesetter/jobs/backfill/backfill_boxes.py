"""Rank the days of boxes again, or for the first time on a board of one's own.

Each chunk is one transaction that takes in nothing new, and in which nobody else does: ranks are
of the figures that stand. Done again it writes nothing, so it needs no place to go on from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pacesetter.jobs.backfill.backfill_report import BackfillReport
from pacesetter.jobs.boxes.rank_boxes import publish_boxes
from pacesetter.jobs.boxes.take_in_boxes import follow_order
from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.kernel.errors import BadDate, InputError
from pacesetter.store.boxes.box_panels import observed_dates
from pacesetter.store.database.revisions import hold_revisions

CHUNK = 60  # days a transaction


async def backfill_boxes(
    ws: Workspace, slugs: Sequence[str], first: date | None, last: date | None, progress: Progress
) -> BackfillReport:
    """Publish every day from ``first`` to ``last`` (default: all) on which a box was observed of the named
    boards of boxes."""
    if first is not None and last is not None and first > last:
        raise BadDate(f"{first} is after {last}", where="--from", mend="give the earlier date to --from")
    async with ws.db.write() as conn:
        await follow_order(ws, conn)
    async with ws.db.read() as conn:
        days = await observed_dates(conn, first, last)
    if not days:
        raise InputError(
            "no box was observed on these dates" if first or last else "no boxes are stored",
            mend="`pacesetter import boxes FILE` brings some; `pacesetter boxes` shows their dates",
        )
    report = BackfillReport(None, list(slugs), days[0], days[-1], len(days))
    for start in range(0, len(days), CHUNK):
        progress("dates", start, len(days))
        chunk = days[start : start + CHUNK]
        async with ws.db.write() as conn:
            await hold_revisions(conn)
            here = await observed_dates(conn, chunk[0], chunk[-1])  # one may have been taken back since
            counts = await publish_boxes(ws, conn, here, by="backfill", slugs=slugs)
        report.published += len(here)
        report.rows += counts.rows
        report.changed += counts.changed
    progress("dates", len(days), len(days))
    return report
