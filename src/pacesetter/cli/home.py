"""Work in the opened home."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from pacesetter.cli.options import Options
from pacesetter.cli.output import warn_simulated

if TYPE_CHECKING:
    from pacesetter.jobs.workspace import Workspace

Result = TypeVar("Result")


def in_home(
    options: Options, work: Callable[[Workspace], Awaitable[Result]], *, simulated: bool | None = None
) -> Result:
    """What ``work`` returns, given the home of these options. ``simulated``: which of its two databases;
    None: the one that is in use."""
    from pacesetter.jobs.workspace import open_workspace

    async def within() -> Result:
        async with open_workspace(options.settings(), simulated=simulated) as ws:
            return await work(ws)

    return asyncio.run(within())


def in_market(options: Options, work: Callable[[Workspace], Awaitable[Result]]) -> tuple[Result, bool]:
    """The same, and whether its market is invented, which is then said loudly."""

    async def marked(ws: Workspace) -> tuple[Result, bool]:
        return await work(ws), ws.simulated

    found, simulated = in_home(options, marked)
    warn_simulated(options, simulated)
    return found, simulated
