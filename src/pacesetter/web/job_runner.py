"""The jobs of a server: it takes one after the other, and has each done beside its requests."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from time import monotonic
from typing import Any

from pacesetter.jobs.child import do_job
from pacesetter.jobs.run_job import Watch, free_what_it_held, lay_down, run_job, settle, take_next
from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings
from pacesetter.store.job_runs import Taken
from pacesetter.web.upkeep import Upkeep
from pacesetter.web.workspace import OpenWorkspace

LOOK_EVERY_S = 1.0  # for jobs that were asked of other servers, or whose process died
STOP_S = 3.0  # so long a job has to reach a point where nothing is left half done
LAY_DOWN_S = 2.0  # and so long it takes at most to queue the job again when its process was killed

log = logging.getLogger("pacesetter.jobs")


class JobRunner:
    """One task: look, take a job, see it through. The answers are warmed here, where they are kept;
    everything else is done by a process of its own.
    """

    def __init__(
        self, settings: Settings, holder: OpenWorkspace, upkeep: Upkeep, *, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.holder = holder
        self.upkeep = upkeep
        self.clock = clock
        self._asked = asyncio.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None
        self._process: SpawnProcess | None = None

    def start(self) -> None:
        """Begin to look."""
        self._asked, self._ended = asyncio.Event(), False
        self._task = asyncio.create_task(self._look())

    def wake(self) -> None:
        """Look now: a job was asked for."""
        self._asked.set()

    async def stop(self) -> None:
        """Take no more. A job that runs is queued again, also when its process is too deep in its work to
        stop, and is killed: the next server goes on with it."""
        self._ended = True
        self._asked.set()
        if self._process is not None:
            self._process.terminate()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_S)
            if self._process is not None:
                self._process.kill()
                await asyncio.wait({self._task}, timeout=LAY_DOWN_S)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _look(self) -> None:
        while not self._ended:
            try:
                ws = await self.holder.get()
                job = await take_next(ws)
                if job is not None:
                    await self._see_through(ws, job)
                    continue
            except PacesetterError:  # the database is away
                pass
            except Exception:
                log.exception("a job could not be looked after")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK_EVERY_S)
            self._asked.clear()

    async def _see_through(self, ws: Workspace, job: Taken) -> None:
        if job.kind == "warm":
            try:
                await run_job(ws, job, Watch(), self._warm)
            except asyncio.CancelledError:  # the server stops
                await lay_down(ws, job)
                raise
            return
        context = multiprocessing.get_context("spawn")
        work = (self.settings, ws.simulated, job, self.clock)
        process = context.Process(target=do_job, args=work, daemon=True)
        started = monotonic()
        await asyncio.to_thread(process.start)
        self._process = process
        if self._ended:  # it was asked to stop while there was nothing to tell it to
            process.terminate()
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(process.sentinel)
            self._process = None
        process.join()
        log.info("job %s: %s, %.1f s", job.id, job.kind, monotonic() - started)
        if process.exitcode == 0:
            return
        if process.pid is not None:
            await free_what_it_held(ws, process.pid)
        if self._ended:  # it was our own doing, and says nothing against the job
            await lay_down(ws, job)
        else:
            await settle(ws, job, "interrupted", problem=gone(process.exitcode))

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
