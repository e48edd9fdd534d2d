"""Exposures, the screener, the batch and onboarding in a real browser: frontend/e2e/symbol-work.test.mjs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from tests.e2e.browser import browse, needs_browser
from tests.e2e.owner import WHO, add_owner
from tests.homes import EVENING, make_simulated_home


async def measure(settings: Settings) -> None:
    """The batch of the newest session."""
    async with open_workspace(settings, clock=VirtualClock(EVENING), simulated=True) as ws:
        await run_batch(ws)


@needs_browser
@pytest.mark.timeout(600)
def test_symbol_work_in_a_browser(tmp_path: Path) -> None:
    """A small invented market whose symbols are measured."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(measure(settings))
    asyncio.run(add_owner(settings))
    browse(tmp_path / "home", ["symbol-work"], timeout_s=480, **WHO)
