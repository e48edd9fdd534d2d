"""The pages on which one works, in a real browser, by somebody logged in: frontend/e2e/working.test.mjs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings
from tests.e2e.browser import browse, in_browser
from tests.e2e.people import WHO, add_people
from tests.homes import make_simulated_home

pytestmark = in_browser


async def let_in(settings: Settings) -> None:
    """Somebody who may do everything, and somebody who may only look."""
    async with open_workspace(settings, simulated=True) as ws:
        await add_people(ws)


def test_working_pages_in_a_browser(tmp_path: Path) -> None:
    """On a server of its own: with a user, nobody else may read it any more."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(let_in(settings))
    browse(tmp_path / "home", ["working"], **WHO)
