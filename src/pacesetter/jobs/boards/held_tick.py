"""A cycle's tick: which process works on it, kept while it does, and given back when it cannot go on."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import JobStopped, PacesetterError, in_short, may_be_told
from pacesetter.store.work import cycles
from pacesetter.store.work.cycles import Claim

LEASE_S = 60.0  # how long a tick of a process that died stays its own


async def claim_tick(
    ws: Workspace,
    kind: str,
    scheduled_for: datetime,
    metric_date: date,
    lease_s: float,
    calendar: str | None = None,
) -> Claim | None:
    """The claim on a tick, or None when it is published or another process holds it."""
    async with ws.db.write(content=False) as conn:
        return await cycles.claim_tick(
            conn,
            kind=kind,
            calendar=calendar or ws.settings.calendar,
            scheduled_for=scheduled_for,
            metric_date=metric_date,
            owner=name_process(),
            at=ws.now(),
            lease_s=lease_s,
        )


def name_process() -> str:
    """Who holds a tick."""
    return f"{socket.gethostname()}:{os.getpid()}"


@asynccontextmanager
async def kept_lease(ws: Workspace, claim: Claim) -> AsyncIterator[None]:
    """Renew the lease while the work goes on, so that only a dead process loses its tick."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(claim.lease_s / 3)
            # a lost lease or a database that is away shows in the next step of the work itself
            with suppress(PacesetterError):
                async with ws.db.write(content=False) as conn:
                    await cycles.renew(conn, claim)

    beat = asyncio.create_task(renew())
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


async def note_failure(ws: Workspace, claim: Claim, error: PacesetterError) -> None:
    """Leave the cause in the tick's row, if the database still answers; the tick can be run again.

    Work that was asked to stop has not failed: its tick is only free again.
    """
    try:
        async with ws.db.write() as conn:
            if isinstance(error, JobStopped):
                return await cycles.release(conn, claim, said=str(error))
            told = str(error) if may_be_told(error) else f"{in_short(error)} The log has the rest."
            await cycles.fail(conn, claim, error=told, at=ws.now())
    except (PacesetterError, asyncio.CancelledError):
        return
