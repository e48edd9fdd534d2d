"""Homes with something in them, for tests of the edges: a simulated market, ranked on three sessions."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg

from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from tests.servers import copied_from

SESSIONS = (date(2025, 7, 22), date(2025, 7, 23), date(2025, 7, 24))
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)  # after the close of the last of them


def settings_for(home: Path, database_url: str | None = None, **over: object) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings(home=home, database_url=database_url, source="simulated", **over)  # type: ignore[arg-type]


RANKED: dict[str, Path] = {}  # the home that is copied, by the address of its PostgreSQL (or "")
TEMPLATE = "ranked_simulation"


def make_simulated_home(home: Path, database_url: str | None = None) -> Settings:
    """A simulated home with ``SESSIONS`` published; of a PostgreSQL database, whatever was in it goes.

    It is ranked once for each server in this process, and then copied: that is ten times as quick.
    """
    server, _, name = (database_url or "").rpartition("/")
    if server not in RANKED or (server and not asyncio.run(_has_template(server))):
        folder = Path(tempfile.mkdtemp(prefix="pacesetter-ranked-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        if server:
            asyncio.run(_execute(server, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_rank(settings_for(folder, f"{server}/{TEMPLATE}" if server else None)))
        RANKED[server] = folder
    shutil.copytree(RANKED[server], home, dirs_exist_ok=True)
    if server:
        remade = (f"DROP DATABASE {name}", f"CREATE DATABASE {name} {copied_from(TEMPLATE)}")
        asyncio.run(_execute(server, *remade))
    return settings_for(home, database_url)


async def _rank(settings: Settings) -> None:
    clock = VirtualClock(EVENING)
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        for on in SESSIONS:
            clock.advance(timedelta(seconds=1))  # a manual cycle is a tick of its own instant
            report = await run_cycle(ws, on=on)
            assert (report.status, report.boards, report.provisional) == ("published", 12, False)


async def _has_template(server: str) -> bool:
    """Whether it still is the server on which the database was ranked: an address may come again."""
    conn = await asyncpg.connect(f"{server}/postgres")
    try:
        return bool(await conn.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE))
    finally:
        await conn.close()


async def _execute(server: str, *statements: str) -> None:
    conn = await asyncpg.connect(f"{server}/postgres")
    try:
        for sql in statements:
            await conn.execute(sql)
    finally:
        await conn.close()
