"""Pages of what is measured of symbols, in a real browser: exposures, the screener, the batch and onboarding
(frontend/e2e/symbol-work.test.mjs), and portfolios (portfolio.test.mjs)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from pacesetter.jobs.runner.onboarding_worker import work_queue
from pacesetter.jobs.symbols.ask_symbols import ask_symbols
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from tests.e2e.browser import browse, in_browser
from tests.e2e.people import WHO, add_people
from tests.homes import EVENING, make_simulated_home

pytestmark = in_browser


async def measure(settings: Settings) -> None:
    """The batch of the newest session, somebody who may do everything, and somebody who may only look."""
    async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
        await run_batch(ws)
        await add_people(ws)
        await fail_symbol(ws)


async def fail_symbol(ws: Workspace) -> None:
    """A symbol that was asked for in vain: the server itself asks no source, so with it symbols only wait."""
    asking = replace(ws, settings=ws.settings.model_copy(update={"source": "simulated"}))
    (job,) = await ask_symbols(asking, ["GONEX"], by="grace")
    await work_queue(asking, asyncio.Event(), only=[job.id])


def test_measured_pages_in_a_browser(tmp_path: Path) -> None:
    """On one server: its address logs in four times, and may five times in a short while."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(measure(settings))
    browse(tmp_path / "home", ["symbol-work", "portfolio"], **WHO)
