"""Rank again the dates that a released bar touches.

A bar that was held back is missing from what was published meanwhile. Once it is
accepted, the published dates whose windows hold it get a new version; readers of "as it
was known" still find the former one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pacesetter.jobs.boards.rank_dates import rank_dates
from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.store.bars.quarantine import admitted_late
from pacesetter.store.boards import rankings
from pacesetter.store.boards.boards import published_dates
from pacesetter.store.work.cycles import Claim

REACH = timedelta(days=400)  # longer than the longest window, 253 bars
CHUNK = 60  # dates a transaction


async def find_touched(ws: Workspace, besides: date) -> list[date]:
    """Published dates, other than ``besides``, that a bar admitted since the last cycle touches."""
    async with ws.db.read() as conn:
        admitted = await admitted_late(conn)
        if not admitted:
            return []
        published = await published_dates(conn, admitted[0])
    return [on for on in published if on != besides and any(bar <= on <= bar + REACH for bar in admitted)]


async def rank_again(ws: Workspace, claim: Claim, dates: Sequence[date], progress: Progress) -> None:
    """Publish ``dates`` anew under the cycle's claim; equal content writes nothing."""
    for start in range(0, len(dates), CHUNK):
        progress("released", start, len(dates))
        publication = await rank_dates(ws, dates[start : start + CHUNK])
        async with ws.db.write() as conn:
            await rankings.publish(conn, claim, publication, at=ws.now(), close=False)
