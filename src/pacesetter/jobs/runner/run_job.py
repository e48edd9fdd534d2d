"""Do a job that was taken: progress written while it goes on, stopped where nothing is left half done.

What a cycle or a backfill has published stays published, and both can be done again at any
time, so a job whose process died is taken up again: a cycle under its own tick, a backfill
behind its last chunk. The job's lease outlives theirs: whoever takes it over finds them free.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

from pacesetter.jobs.boards.held_tick import LEASE_S
from pacesetter.jobs.runner.job_kinds import WORK, Work
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import (
    DatabaseUnreachable,
    JobStopped,
    LeaseLost,
    PacesetterError,
    in_short,
    may_be_told,
)
from pacesetter.store.work.cycles import free_ticks
from pacesetter.store.work.job_runs import (
    Taken,
    end_job,
    keep_job,
    put_back,
    take_job,
    waits_for_work,
    wants_stop,
)

JOB_LEASE_S = LEASE_S * 1.25
BEAT_S = 1.0  # how often progress is written and a wish to stop is seen
RENEW_S = 10.0  # and the lease renewed where there is no progress
TRIES, AGAIN_S = 10, 2.0  # of writing the end while the database is away

STAGES = {  # stage: its unit, and what is said meanwhile
    "fetch": ("steps", "fetching prices"),
    "factors": ("steps", "ranking"),
    "released": ("sessions", "ranking again the sessions that released prices touch"),
    "publish": ("steps", "publishing"),
    "done": ("steps", "published"),
    "dates": ("sessions", "ranking and publishing"),
    "confidence": ("boards", "measuring how firm the newest ranks are"),
    "prices": ("symbols", "fetching prices"),
    "market_beta": ("symbols", "measuring exposures to the market"),
    "rate_beta": ("symbols", "measuring exposures to interest rates"),
    "ridge": ("symbols", "measuring exposures to styles"),
    "spread": ("symbols", "measuring exposures to spreads"),
    "daily_metrics": ("symbols", "making the day's figures"),
    "portfolios": ("portfolios", "valuing portfolios"),
    "evidence": ("steps", "reading what was known that evening"),
    "signals": ("steps", "looking for signals"),
    "analysts": ("steps", "asking the analysts"),
    "decisions": ("steps", "deciding"),
    "report": ("steps", "writing the morning report"),
    "store": ("steps", "storing the night"),
    "answers": ("answers", "making the answers that are asked for most"),
}

REST = "the server's log has the rest"

log = logging.getLogger("pacesetter.jobs")


class Watch:
    """What long work reports its progress to; where it was asked to stop, reporting raises that."""

    def __init__(self) -> None:
        self.latest: tuple[str, int, int] | None = None
        self.whole: tuple[str, int] | None = None  # the stage that says how much there was to do
        self.stop: PacesetterError | None = None
        self.cancelled = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note how far a stage is. The last word of a stage comes too late to stop it."""
        self.latest = (stage, done, total)
        if stage != "confidence":
            self.whole = (stage, total)
        if self.stop is not None and done < total:
            raise self.stop

    def fields(self) -> dict[str, Any]:
        """How far it is, as it is stored."""
        if self.latest is None:
            return {}
        stage, done, total = self.latest
        unit, message = STAGES.get(stage, ("steps", stage))
        return {"done": done, "total": total, "unit": unit, "message": message}

    def so_far(self) -> dict[str, Any]:
        """The same without words."""
        return {name: value for name, value in self.fields().items() if name != "message"}

    def all_done(self) -> dict[str, Any]:
        """The same at the end: everything."""
        if self.whole is None:
            return {}
        stage, total = self.whole
        return {"done": total, "total": total, "unit": STAGES.get(stage, ("steps", stage))[0]}


async def take_next(ws: Workspace) -> Taken | None:
    """Take the job that waits longest, if there is one."""
    async with ws.db.read() as conn:
        if not await waits_for_work(conn):
            return None
    owner = owner_of(os.getpid())
    async with ws.db.write(content=False) as conn:
        return await take_job(conn, owner=owner, lease_s=JOB_LEASE_S, at=ws.now())


def owner_of(pid: int) -> str:
    """A process as the rows name it that it works on."""
    return f"{socket.gethostname()}:{pid}"[:80]


async def run_job(ws: Workspace, job: Taken, watch: Watch, work: Work | None = None) -> None:
    """Do a job and write how it ended; what goes wrong in it is written, not raised."""
    try:
        async with kept_job(ws, job, watch):
            message = await (work or WORK[job.kind])(ws, job, watch)
    except JobStopped:
        if watch.cancelled:
            doing = watch.fields().get("message", "beginning")
            await settle(ws, job, "cancelled", message=f"stopped while {doing}", **watch.so_far())
        else:
            await lay_down(ws, job)
    except PacesetterError as error:
        await settle(ws, job, "failed", problem=problem_of(job, error), **watch.so_far())
    except Exception as error:
        log.exception("unexpected error in job %s", job.id)
        what = f"an unexpected error: {type(error).__name__}"
        problem = {"what": what, "where": "", "mend": f"{REST}; report it"}
        await settle(ws, job, "failed", problem=problem, **watch.so_far())
    else:
        await settle(ws, job, "done", message=message, **watch.all_done())


def problem_of(job: Taken, error: PacesetterError) -> dict[str, str]:
    """What went wrong, where, and what mends it, as far as everyone may read it."""
    if may_be_told(error):
        return {"what": error.what, "where": error.where, "mend": error.mend}
    log.warning("job %s failed: %s", job.id, error)
    return {"what": in_short(error), "where": "", "mend": REST}


async def settle(ws: Workspace, job: Taken, state: str, **said: Any) -> None:
    """Write the end; a database that is away for a moment is waited for. Nothing where the job was lost."""
    for left in reversed(range(TRIES)):
        try:
            async with ws.db.write(content=False) as conn:
                return await end_job(conn, job, state, at=ws.now(), **said)
        except LeaseLost:
            return None
        except DatabaseUnreachable:
            if not left:
                raise
            await asyncio.sleep(AGAIN_S)


async def lay_down(ws: Workspace, job: Taken) -> None:
    """Queue the job again: its server has to stop."""
    with suppress(LeaseLost):
        async with ws.db.write(content=False) as conn:
            await put_back(conn, job, "its server was stopped; the next one goes on")


async def free_what_it_held(ws: Workspace, pid: int) -> None:
    """End the leases of a process that is known to be dead: whoever goes on need not wait for its tick."""
    with suppress(PacesetterError):  # they run out by themselves
        async with ws.db.write(content=False) as conn:
            await free_ticks(conn, owner_of(pid))


@asynccontextmanager
async def kept_job(ws: Workspace, job: Taken, watch: Watch) -> AsyncIterator[None]:
    """Renew the lease, write progress, and see whether the work has to stop, while it goes on."""
    beating = asyncio.create_task(beat(ws, job, watch))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def beat(ws: Workspace, job: Taken, watch: Watch) -> None:
    """Look every second, write only what is new; ends when the job was lost to another process."""
    written, renew_at = None, 0.0
    while True:
        try:
            latest = watch.latest
            if latest != written or monotonic() >= renew_at:
                async with ws.db.write(content=False) as conn:
                    asked = await keep_job(conn, job, **watch.fields())
                written, renew_at = latest, monotonic() + RENEW_S
            else:
                async with ws.db.read() as conn:
                    asked = await wants_stop(conn, job.id)
            if asked and watch.stop is None:
                watch.cancelled, watch.stop = True, JobStopped()
        except LeaseLost as error:
            watch.stop = error
            return
        except PacesetterError:  # the database is away: the work itself finds out
            pass
        await asyncio.sleep(BEAT_S)
