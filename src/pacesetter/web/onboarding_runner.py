"""The server's worker of the queue of symbols: a process beside the requests, while there is work."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from contextlib import suppress
from multiprocessing.context import SpawnProcess

from pacesetter.jobs.onboarding_child import free_what_it_held, there_is_work, work_apart
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings
from pacesetter.web.workspace import OpenWorkspace

LOOK_EVERY_S = 1.0  # for symbols that were asked for elsewhere, or whose process died
STOP_S = 3.0  # so long the process has to give back what it is in the middle of
AFTER_KILL_S = 2.0

log = logging.getLogger("pacesetter.onboarding")


class OnboardingRunner:
    """One task: look, start the worker's process when a symbol waits, and see it to its end."""

    def __init__(self, settings: Settings, holder: OpenWorkspace, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.holder = holder
        self.clock = clock
        self._asked = asyncio.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None
        self._process: SpawnProcess | None = None

    def start(self) -> None:
        """Begin to look, unless the setting says that others work on the queue."""
        self._asked, self._ended = asyncio.Event(), False
        if self.settings.onboarding_at_once > 0:
            self._task = asyncio.create_task(self._look())

    def wake(self) -> None:
        """Look now: symbols were asked for."""
        self._asked.set()

    async def stop(self) -> None:
        """Take no more. The process gives its symbols back; where it cannot, it is killed, and they are
        freed: the next server goes on with them."""
        self._ended = True
        self._asked.set()
        if self._process is not None:
            self._process.terminate()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=STOP_S)
            if self._process is not None:
                self._process.kill()
                await asyncio.wait({self._task}, timeout=AFTER_KILL_S)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _look(self) -> None:
        while not self._ended:
            self._asked.clear()
            try:
                ws = await self.holder.get()
                if await there_is_work(ws):
                    await self._see_through(ws)
                    continue
            except PacesetterError:  # the database is away
                pass
            except Exception:
                log.exception("the queue of symbols could not be looked after")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK_EVERY_S)

    async def _see_through(self, ws: Workspace) -> None:
        context = multiprocessing.get_context("spawn")
        work = (self.settings, ws.simulated, self.clock)
        process = context.Process(target=work_apart, args=work, daemon=True)
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
        if process.exitcode != 0 and process.pid is not None:
            log.warning("the process that brings symbols in ended with code %s", process.exitcode)
            await free_what_it_held(ws, process.pid, blamed=not self._ended)
            if not self._ended:
                await asyncio.sleep(LOOK_EVERY_S)  # one that cannot even start is not started in a loop
