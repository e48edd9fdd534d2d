"""The pages on which one works, in a real browser, by somebody logged in: frontend/e2e/working.test.mjs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pacesetter.jobs.accounts import create_user
from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings
from tests.e2e.browser import browse, needs_browser
from tests.homes import make_simulated_home

NAME, PASSWORD = "anna", "correct horse battery staple"


async def add_owner(settings: Settings) -> None:
    """Somebody who may do everything."""
    async with open_workspace(settings, simulated=True) as ws:
        await create_user(ws, NAME, "owner", PASSWORD)


@needs_browser
def test_working_pages_in_a_browser(tmp_path: Path) -> None:
    """On a server of its own: with a user, nobody else may read it any more."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(add_owner(settings))
    who = {"PACESETTER_USER": NAME, "PACESETTER_PASSWORD": PASSWORD}
    browse(tmp_path / "home", ["working"], timeout_s=300, **who)
