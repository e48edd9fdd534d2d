"""Pages of what is measured of symbols, in a real browser: exposures, the screener, the batch and onboarding
(frontend/e2e/symbol-work.test.mjs), and portfolios (portfolio.test.mjs)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import open_workspace
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


def test_measured_pages_in_a_browser(tmp_path: Path) -> None:
    """On one server: its address logs in four times, and may five times in a short while."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(measure(settings))
    browse(tmp_path / "home", ["symbol-work", "portfolio"], **WHO)
