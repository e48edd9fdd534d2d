"""Fixtures of several tests of jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.workspace import Workspace
from tests.jobs.decisions.decisions_made import AT, Live
from tests.jobs.home import count, with_home
from tests.jobs.portfolios.portfolio_home import put_prices


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Live:
    """Work in a home on each database where AAA, BBB and SPY have prices up to 24 July 2025."""
    url = None if database_url.startswith("sqlite") else database_url

    def call(work: Callable[[Workspace], Awaitable[Any]], at: datetime = AT) -> Any:
        async def prepared(ws: Workspace) -> Any:
            if not await count(ws, "market_data_cache"):
                await put_prices(ws, {"AAA": [100.0] * 30, "BBB": [50.0] * 30, "SPY": [600.0] * 30})
            return await work(ws)

        return with_home(tmp_path / "home", prepared, url=url, at=at)

    return call
