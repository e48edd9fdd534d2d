"""The pages on which one works, in a real browser, by somebody logged in: frontend/e2e/working.test.mjs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.browser import browse, needs_browser
from tests.e2e.owner import WHO, add_owner
from tests.homes import make_simulated_home


@needs_browser
def test_working_pages_in_a_browser(tmp_path: Path) -> None:
    """On a server of its own: with a user, nobody else may read it any more."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(add_owner(settings))
    browse(tmp_path / "home", ["working"], timeout_s=300, **WHO)
