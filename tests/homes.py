"""Homes with something in them, for tests of the edges: a simulated market, ranked on three sessions."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pacesetter.jobs.daily_cycle import run_cycle
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings

SESSIONS = (date(2025, 7, 22), date(2025, 7, 23), date(2025, 7, 24))
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)  # after the close of the last of them


def settings_for(home: Path, database_url: str | None = None, **over: object) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings(home=home, database_url=database_url, source="simulated", **over)  # type: ignore[arg-type]


def make_simulated_home(home: Path, database_url: str | None = None) -> Settings:
    """A simulated home with ``SESSIONS`` published."""
    settings = settings_for(home, database_url)

    clock = VirtualClock(EVENING)

    async def rank() -> None:
        async with open_workspace(settings, clock=clock, simulated=True) as ws:
            for on in SESSIONS:
                clock.advance(timedelta(seconds=1))  # a manual cycle is a tick of its own instant
                report = await run_cycle(ws, on=on)
                assert (report.status, report.boards, report.provisional) == ("published", 12, False)

    asyncio.run(rank())
    return settings
