"""The jobs of a server: it takes one after the other, and has each done beside its requests."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import Any

from pacesetter.jobs.runner.child import do_job
from pacesetter.jobs.runner.run_job import Watch, free_what_it_held, lay_down, run_job, settle, take_next
from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.settings import Settings
from pacesetter.store.work.job_runs import Taken
from pacesetter.web.children.child_runner import ChildRunner
from pacesetter.web.kept.upkeep import Upkeep
from pacesetter.web.workspace import OpenWorkspace

log = logging.getLogger("pacesetter.jobs")


class JobRunner(ChildRunner):
    """Takes a job and sees it through. The answers are warmed here, where they are kept; everything
    else is done by a process of its own. A job that is laid down is queued again.
    """

    def __init__(
        self, settings: Settings, holder: OpenWorkspace, upkeep: Upkeep, *, clock: Clock | None = None
    ) -> None:
        super().__init__(settings, holder, clock=clock)
        self.upkeep = upkeep

    async def _do_next(self, ws: Workspace) -> bool:
        job = await take_next(ws)
        if job is None:
            return False
        if job.kind == "warm":
            try:
                await run_job(ws, job, Watch(), self._warm)
            except asyncio.CancelledError:  # the server stops
                await lay_down(ws, job)
                raise
            return True
        started = monotonic()
        process = await self._see_through(do_job, self.settings, ws.simulated, job, self.clock)
        log.info("job %s: %s, %.1f s", job.id, job.kind, monotonic() - started)
        if process.exitcode == 0:
            return True
        if process.pid is not None:
            await free_what_it_held(ws, process.pid)
        if self._ended:  # it was our own doing, and says nothing against the job
            await lay_down(ws, job)
        else:
            await settle(ws, job, "interrupted", problem=gone(process.exitcode))
        return True

    async def _warm(self, _ws: Workspace, _job: Taken, progress: Progress) -> str:
        progress("answers", 0, 1)
        done: dict[str, Any] = await self.upkeep.warm()
        progress("answers", done["answers"], done["of"])
        return f"{done['answers']} of {done['of']} answers are warm"


def gone(exitcode: int | None) -> dict[str, str]:
    """What is told of a process that ended without a word."""
    killed = exitcode is not None and exitcode < 0
    how = f"was ended by signal {-exitcode}" if killed and exitcode else f"ended with code {exitcode}"
    mend = "ask for it again: what it had published stays; is there memory enough? the server's log may say"
    return {"what": f"the process that worked on it {how}", "where": "", "mend": mend}
