"""A new simulated home gets a past, once: ranks of some months, and nights with something in them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.night.run_night import NightReport, run_night
from pacesetter.jobs.runner.first_history import NIGHTS, RANKED, make_first_history
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_before
from pacesetter.store.boards.final_ranks import final_dates
from pacesetter.store.desk.desk_reports import reports
from pacesetter.store.desk.nights import nights
from tests.homes import EVENING, make_simulated_home
from tests.jobs.home import ask, count, with_home

LAST = date(2025, 7, 24)
DAYS = sessions_before("XNYS", LAST, RANKED)
DURING = datetime(2025, 7, 24, 17, 0, tzinfo=UTC)  # the session of that day is open


def in_new_home(folder: Path, work: Callable[[Workspace], Awaitable[Any]], at: datetime = EVENING) -> Any:
    settings = make_simulated_home(folder)

    async def main() -> Any:
        clock = VirtualClock(at + timedelta(minutes=1))
        async with open_workspace(settings, clock=clock, simulated=True) as ws:
            return await work(ws)

    return asyncio.run(main())


def test_the_first_reports_have_something_to_say(tmp_path: Path) -> None:
    async def work(ws: Workspace) -> list[str]:
        done = await make_first_history(ws)
        assert [one.night.night_on for one in done] == DAYS[-NIGHTS:]
        async with ws.db.read() as conn:
            assert await final_dates(conn, date(1970, 1, 1)) == DAYS
            told = [row.content for row in await reports.find(conn)]
        assert len(told) == NIGHTS
        sections = [{one["name"] for one in content["sections"] if one["items"]} for content in told]
        always = {"headline", "queue", "market_context", "discovery_summary"}
        assert all(always <= one for one in sections), "each of the nights"
        assert {"new_buys"} <= set.union(*sections)
        types = {row[0] for row in await ask(ws, "SELECT DISTINCT signal_type FROM signals")}
        assert len(types) >= 6 and {"news", "earnings_surprise", "insider"} <= types
        who = {row[0] for row in await ask(ws, "SELECT DISTINCT analyst FROM analysis_results")}
        assert len(who) == 8, "every analyst has something to judge by"
        assert await count(ws, "decisions") >= 10 and await count(ws, "research_queue") >= 3
        assert await make_first_history(ws) == [], "once"
        return [one.night.fingerprint for one in done]

    first = in_new_home(tmp_path / "a", work)
    assert in_new_home(tmp_path / "b", work) == first, "the same market, the same nights"


def test_a_session_that_is_open_is_not_worked_through(tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        done = await make_first_history(ws)
        assert [one.night.night_on for one in done] == sessions_before("XNYS", date(2025, 7, 23), NIGHTS)
        of = nights.table.c
        async with ws.db.read() as conn:
            assert not await nights.find(conn, of.night_on == LAST)

    in_new_home(tmp_path / "home", work, DURING)


def test_what_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[date] = []

    async def stop_at_the_third(ws: Workspace, on: date) -> NightReport:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(on)
        return await run_night(ws, on)

    async def work(ws: Workspace) -> None:
        with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
            patch.setattr("pacesetter.jobs.runner.first_history.run_night", stop_at_the_third)
            await make_first_history(ws)
        again = await make_first_history(ws)
        assert [*done, *(one.night.night_on for one in again)] == DAYS[-NIGHTS:]

    in_new_home(tmp_path / "home", work)


def test_real_data_and_an_empty_home_get_none(tmp_path: Path) -> None:
    async def work(ws: Workspace) -> None:
        assert await make_first_history(ws) == []
        assert await count(ws, "desk_nights") == 0 == await count(ws, "cycles")

    with_home(tmp_path / "real", work, simulated=False)
    with_home(tmp_path / "empty", work, simulated=True)
