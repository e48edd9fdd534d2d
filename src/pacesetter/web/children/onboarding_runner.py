"""The server's worker of the queue of symbols: a process beside the requests, while there is work."""

from __future__ import annotations

import asyncio
import logging

from pacesetter.jobs.runner.onboarding_child import work_apart
from pacesetter.jobs.runner.onboarding_worker import free_what_it_held, there_is_work
from pacesetter.jobs.workspace import Workspace
from pacesetter.web.children.child_runner import LOOK_EVERY_S, ChildRunner

log = logging.getLogger("pacesetter.onboarding")


class OnboardingRunner(ChildRunner):
    """Starts the worker's process when a symbol waits. One that is stopped gives its symbols back; where
    it cannot, they are freed."""

    def start(self) -> None:
        """Begin to look, unless the setting says that others work on the queue."""
        if self.settings.onboarding_at_once > 0:
            super().start()

    async def _do_next(self, ws: Workspace) -> bool:
        if not await there_is_work(ws):
            return False
        process = await self._see_through(work_apart, self.settings, ws.simulated, self.clock)
        if process.exitcode != 0 and process.pid is not None:
            log.warning("the process that brings symbols in ended with code %s", process.exitcode)
            await free_what_it_held(ws, process.pid, blamed=not self._ended)
            if not self._ended:
                await asyncio.sleep(LOOK_EVERY_S)  # one that cannot even start is not started in a loop
        return True
