"""The server's one workspace: opened when it can be, again after the database was away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import DatabaseUnreachable, PacesetterError
from pacesetter.market.calendar import load_calendar
from pacesetter.settings import Settings

Result = TypeVar("Result")
RETRY_S = 0.5  # a database that is away is tried at most this often


class OpenWorkspace:
    """Opens the workspace once. A database that is away fails the request, not the server."""

    def __init__(self, settings: Settings, *, simulated: bool | None, clock: Clock | None) -> None:
        self.settings = settings
        self._simulated = simulated
        self._clock = clock
        self._stack = AsyncExitStack()
        self._opened: Workspace | None = None
        self._lock = asyncio.Lock()
        self._computing = asyncio.Semaphore(1)  # more would only take each other's processor
        self._failure: tuple[float, PacesetterError] | None = None

    async def get(self) -> Workspace:
        """The workspace; ``DatabaseUnreachable`` while the database is away."""
        if self._opened is not None:
            return self._opened
        async with self._lock:
            if self._opened is None:
                self._opened = await self._open()
            return self._opened

    async def _open(self) -> Workspace:
        if self._failure is not None and monotonic() - self._failure[0] < RETRY_S:
            raise self._failure[1].with_traceback(None)
        try:
            return await self._stack.enter_async_context(
                open_workspace(self.settings, clock=self._clock, simulated=self._simulated)
            )
        except PacesetterError as error:
            self._failure = (monotonic(), error)
            raise

    async def compute(self, work: Callable[[Workspace], Awaitable[Result]]) -> Result:
        """Do long work in a thread with a loop and a workspace of its own, beside the requests."""

        async def with_own_workspace() -> Result:
            opened = open_workspace(self.settings, clock=self._clock, simulated=self._simulated)
            async with opened as workspace:
                return await work(workspace)

        async with self._computing:
            return await asyncio.to_thread(asyncio.run, with_own_workspace())

    async def warm(self) -> None:
        """Open early, and read the calendar before somebody waits for it."""
        await asyncio.to_thread(load_calendar, self.settings.calendar)
        try:
            await self.get()
        except DatabaseUnreachable:
            return

    async def close(self) -> None:
        """Give the database back; it may be opened again."""
        self._opened, self._failure = None, None
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()


def holder_of(request: Request) -> OpenWorkspace:
    """The application's workspace, opened or not."""
    holder: OpenWorkspace = request.app.state.workspace
    return holder


async def reading(request: Request) -> Workspace:
    """The workspace of a route that reads."""
    return await holder_of(request).get()


Holder = Annotated[OpenWorkspace, Depends(holder_of)]
Reading = Annotated[Workspace, Depends(reading)]
