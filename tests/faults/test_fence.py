"""A process that lost its tick cannot publish; a build without the fence lets it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from pacesetter.jobs.boards.daily_cycle import publish_ranks
from pacesetter.jobs.boards.held_tick import claim_tick
from pacesetter.jobs.boards.rank_dates import rank_dates
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import LeaseLost
from pacesetter.store.work import cycles
from pacesetter.store.work.cycles import cycles as held
from pacesetter.store.work.cycles import database_clock
from tests.faults.world import DATES, build, evening, settings_for

pytestmark = pytest.mark.faults


async def stall_and_return(home, url) -> int:
    """Two processes on one tick: the first stalls, the second takes over and publishes, the first
    comes back and tries too. Returns how often the tick was published."""
    await build(home, url)
    on = DATES[0] - timedelta(days=1)
    async with open_workspace(settings_for(home, url), clock=VirtualClock(evening(on)), simulated=True) as ws:
        tick = ("daily", evening(on), on)
        stalled = await claim_tick(ws, *tick, 60)
        assert stalled is not None
        assert await claim_tick(ws, *tick, 60) is None
        async with ws.db.write(content=False) as conn:  # so long does it stall
            over = {"lease_until": database_clock(conn, -1.0)}
            await conn.execute(update(held).where(held.c.kind == "daily").values(over))
        taker = await claim_tick(ws, *tick, 60)
        assert taker is not None
        assert taker.fence == stalled.fence + 1
        publication = await rank_dates(ws, [on])
        published = 0
        for claim in (taker, stalled):
            try:
                await publish_ranks(ws, claim, publication, provisional=False)
                published += 1
            except LeaseLost:
                pass
        assert await claim_tick(ws, *tick, 60) is None, "a published tick can never be claimed again"
        async with ws.db.read() as conn:
            assert await conn.scalar(text("SELECT fence FROM cycles WHERE kind = 'daily'")) == taker.fence
    return published


def test_only_the_holder_of_the_fence_publishes(tmp_path, database_url) -> None:
    assert asyncio.run(stall_and_return(tmp_path / "home", database_url)) == 1


def test_without_the_fence_both_publish(tmp_path, database_url, monkeypatch) -> None:
    from tests.faults.broken import no_fence

    monkeypatch.setattr(cycles, "_write", cycles._write)
    no_fence()
    assert asyncio.run(stall_and_return(tmp_path / "home", database_url)) == 2
