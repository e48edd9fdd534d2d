"""Symbols on their way in, on both databases: who stops gives back, who lost one writes nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.onboarding import onboard_symbol
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.runner.onboarding_worker import work_queue
from pacesetter.jobs.symbols.ask_symbols import ask_symbols, look_up
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import LeaseLost
from pacesetter.providers.base import FetchRequest
from pacesetter.store.symbols import onboarding as queue
from tests.jobs.home import count
from tests.jobs.onboarding.onboarding_home import (
    DAYS,
    LAST,
    Shelf,
    offer,
    open_home,
    without_measuring,
    work_off,
)

PATIENT_S = 240.0  # for what comes in a moment, on a machine that does much beside


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    return open_home(tmp_path / "home", database_url, monkeypatch)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return without_measuring(monkeypatch)


def test_a_worker_that_stops_gives_back_and_the_next_goes_on(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        stop, reached = asyncio.Event(), asyncio.Event()

        async def hang(_ws: Any, _symbol: str) -> None:
            reached.set()
            await asyncio.sleep(3600)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(onboard_symbol, "measure", hang)
            working = asyncio.create_task(work_queue(ws, stop))
            await asyncio.wait_for(reached.wait(), PATIENT_S)
            stop.set()
            assert (await asyncio.wait_for(working, PATIENT_S)).completed == 0
            given = await look_up(ws, job.id)
            assert (given.status, given.stage, given.attempts) == ("pending", "queued", 0)
            reached.clear()
            working = asyncio.create_task(work_queue(ws, asyncio.Event()))
            await asyncio.wait_for(reached.wait(), PATIENT_S)
            working.cancel()  # Ctrl-C
            with pytest.raises(asyncio.CancelledError):
                await working
            assert (await look_up(ws, job.id)).attempts == 0
        assert (await work_off(ws)).completed == 1
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == len(DAYS)

    home(work)


def test_who_lost_a_symbol_stores_none_of_its_prices(home, plain, monkeypatch) -> None:
    """The provider answers so late that the lease is over and another process has the symbol."""
    late = Shelf()
    offer(monkeypatch, late)

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["ZZZ"], by="ann")
        async with ws.db.write(content=False) as conn:
            dead = await queue.take_next(conn, owner="x", lease_s=-1.0, at=ws.now())
        async with ws.db.write(content=False) as conn:
            heir = await queue.take_next(conn, owner="y", lease_s=60.0, at=ws.now())
        assert dead is not None and heir is not None and heir.fence == dead.fence + 1
        from pacesetter.jobs.onboarding.prices import ask_in_turn

        request = FetchRequest(("ZZZ",), DAYS[0], LAST)
        await onboard_symbol.describe(ws, heir)
        with pytest.raises(LeaseLost):
            await ask_in_turn(ws, dead, [late], request)
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == 0
        assert await ask_in_turn(ws, heir, [late], request) is None
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ'") == len(DAYS)

    home(work)


def test_a_worker_stops_working_on_what_it_lost(home, plain, monkeypatch) -> None:
    monkeypatch.setattr(onboarding_worker, "RENEW_S", 0.05)
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        (job,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        reached, left = asyncio.Event(), asyncio.Event()

        async def hang(*_: Any) -> None:
            reached.set()
            try:
                await asyncio.sleep(3600)
            finally:
                left.set()

        stop = asyncio.Event()
        working = asyncio.create_task(work_queue(ws, stop, work=hang))
        await asyncio.wait_for(reached.wait(), PATIENT_S)
        async with ws.db.write(content=False) as conn:
            await conn.exec_driver_sql("UPDATE symbol_onboarding_queue SET fence = fence + 1")
        await asyncio.wait_for(left.wait(), PATIENT_S)
        stop.set()
        assert (await working).lost == 1
        assert (await look_up(ws, job.id)).status == "processing"  # the other one's

    home(work)


def test_a_lease_that_cannot_be_renewed_once_is_not_lost(home, plain, monkeypatch) -> None:
    monkeypatch.setattr(onboarding_worker, "RENEW_S", 0.05)
    offer(monkeypatch, Shelf())
    renew, tried = queue.renew, []

    async def busy(conn: Any, job: Any) -> None:
        tried.append(job)
        if len(tried) == 1:
            raise ValueError("the lock took too long")
        await renew(conn, job)

    async def slow(*_: Any) -> None:
        while len(tried) < 3:
            await asyncio.sleep(0.01)

    monkeypatch.setattr(queue, "renew", busy)

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["ZZZ"], by="ann")
        assert vars(await work_off(ws, work=slow)) == {"completed": 1, "failed": 0, "put_off": 0, "lost": 0}

    home(work)
