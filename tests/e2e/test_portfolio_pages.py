"""The pages of portfolios, in a real browser: frontend/e2e/portfolio.test.mjs."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from pacesetter.jobs.accounts.users import create_user
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from tests.e2e.browser import browse, needs_browser
from tests.homes import EVENING, SESSIONS, make_simulated_home

OWNER = ("anna", "correct horse battery staple")
VIEWER = ("vera", "a visitor of this house")


async def measure(settings: Settings) -> None:
    """Exposures of every symbol, somebody who may do everything, and somebody who may only look."""
    clock = VirtualClock(EVENING + timedelta(hours=4))
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        await run_batch(ws, on=SESSIONS[-1])
        await create_user(ws, OWNER[0], "owner", OWNER[1])
        await create_user(ws, VIEWER[0], "viewer", VIEWER[1])


@needs_browser
def test_portfolio_pages_in_a_browser(tmp_path: Path) -> None:
    """From no portfolio to figures, and back."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(measure(settings))
    who = {"PACESETTER_USER": OWNER[0], "PACESETTER_PASSWORD": OWNER[1]}
    who |= {"PACESETTER_VIEWER": VIEWER[0], "PACESETTER_VIEWER_PASSWORD": VIEWER[1]}
    browse(tmp_path / "home", ["portfolio"], timeout_s=300, **who)
