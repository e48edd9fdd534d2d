"""Work that a server has done beside its requests, by one process at a time that is its child."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from typing import Any

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings
from pacesetter.web.workspace import OpenWorkspace

LOOK_EVERY_S = 1.0  # for work that was asked of other servers, or whose process died
STOP_S = 3.0  # so long a process has to reach a point where nothing is left half done
AFTER_KILL_S = 2.0  # and so long it takes at most to free what one held that was killed

log = logging.getLogger("pacesetter.jobs")


class ChildRunner(ABC):
    """One task: look for work, see a process through it, and look again."""

    def __init__(self, settings: Settings, holder: OpenWorkspace, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.holder = holder
        self.clock = clock
        self._asked = asyncio.Event()
        self._ended = False
        self._task: asyncio.Task[None] | None = None
        self._process: SpawnProcess | None = None

    @abstractmethod
    async def _do_next(self, ws: Workspace) -> bool:
        """Do what comes next, all of it; False where there is nothing to do."""

    def start(self) -> None:
        """Begin to look."""
        self._asked, self._ended = asyncio.Event(), False
        self._task = asyncio.create_task(self._look())

    def wake(self) -> None:
        """Look now: something was asked for."""
        self._asked.set()

    async def stop(self) -> None:
        """Take no more. A process that is too deep in its work to lay it down is killed; either way the
        next server goes on with it."""
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
            self._asked.clear()  # before looking: what is asked for meanwhile is looked for again
            try:
                if await self._do_next(await self.holder.get()):
                    continue
            except PacesetterError:  # the database is away
                pass
            except Exception:
                log.exception("%s could not look after its work", type(self).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK_EVERY_S)

    async def _see_through(self, target: Callable[..., None], *args: Any) -> SpawnProcess:
        """Have it done by a process of its own, up to its end, which ``stop`` may hasten."""
        process = multiprocessing.get_context("spawn").Process(target=target, args=args, daemon=True)
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
        return process
