"""A night: when it is due, done once, whole or not at all, worked out again where somebody was quicker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch
from pacesetter.jobs.night import run_night as module
from pacesetter.jobs.night.due import due_nights, nights_between, run_due_nights, send_newest
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.night.store_night import store_night
from pacesetter.jobs.runner.job_kinds import do_night
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import BadDate, BadParameter, StoreError
from pacesetter.kernel.ids import new_id
from pacesetter.store.desk.desk_reports import ReportRow, reports
from pacesetter.store.work.job_runs import Taken
from tests.homes import SESSIONS, make_simulated_home
from tests.jobs.home import ask, count
from tests.jobs.night.night_home import MADE, read_made

FIRST, SECOND, LAST = SESSIONS  # Tuesday to Thursday, 22 to 24 July 2025
BEFORE_SEVEN = datetime(2025, 7, 25, 5, 59, tzinfo=UTC)  # 06:59 in London
SEVEN = datetime(2025, 7, 25, 6, 0, tzinfo=UTC)
Open = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]


@pytest.fixture
def opened(tmp_path: Path, database_url: str) -> Open:
    """Work in a home whose three sessions are ranked, at seven in the morning after the last."""
    url = database_url if database_url.startswith("postgresql") else None
    settings = make_simulated_home(tmp_path / "home", url)

    def work_in(work: Callable[[Workspace], Awaitable[Any]], at: datetime = SEVEN) -> Any:
        async def main() -> Any:
            async with open_workspace(settings, clock=VirtualClock(at), simulated=True) as ws:
                return await work(ws)

        return asyncio.run(main())

    return work_in


async def rows(ws: Workspace) -> dict[str, int]:
    return {name: await count(ws, records.table.name) for name, (records, _) in MADE.items()}


def test_it_is_due_at_seven_in_london(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = BEFORE_SEVEN
        assert await due_nights(ws) == [SECOND], "the night of the day before has had its morning"
        clock.at = SEVEN
        assert await due_nights(ws) == [LAST], "a new home begins with the newest"
        await run_night(ws, FIRST)
        assert await due_nights(ws) == [SECOND, LAST], "then none is left out"
        assert [one.night.night_on for one in await run_due_nights(ws)] == [SECOND, LAST]
        assert await due_nights(ws) == [] and await run_due_nights(ws) == []

    opened(work)


def test_it_is_done_once(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        first = await run_night(ws)
        assert (first.status, first.night.night_on) == ("done", LAST)
        made = await read_made(ws)
        again = await run_night(ws)
        assert (again.status, again.night.fingerprint) == ("known", first.night.fingerprint)
        assert await read_made(ws) == made
        with pytest.raises(BadDate, match="has worked through 2025-07-24 already"):
            await run_night(ws, FIRST)
        assert await read_made(ws) == made

    opened(work)


def test_two_at_once_make_one_night(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        both = await asyncio.gather(run_night(ws), run_night(ws))
        assert sorted(one.status for one in both) == ["done", "known"]
        assert both[0].night.fingerprint == both[1].night.fingerprint
        assert await count(ws, "desk_nights") == 1 == await count(ws, "reports")

    opened(work)


def test_what_a_person_does_meanwhile_is_in_it(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = module.work_out
    times = 0

    async def work_out(ws: Workspace, *given: Any) -> Any:
        nonlocal times
        made = await worked_out(ws, *given)
        times += 1
        if times == 1:
            await add_watch(ws, "NVDA", WatchTerms(condition="price.close > 0"))
        return made

    monkeypatch.setattr(module, "work_out", work_out)

    async def work(ws: Workspace) -> None:
        done = await run_night(ws)
        assert times == 2 and done.night.counts["fired"] == 1
        assert await ask(ws, "SELECT status FROM watchlist_entries") == [("fired",)]

    opened(work)


def test_it_gives_up_where_the_desk_never_rests(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out, closes = module.work_out, iter(range(1000))

    async def work_out(ws: Workspace, *given: Any) -> Any:
        made = await worked_out(ws, *given)
        await add_watch(ws, "NVDA", WatchTerms(condition=f"price.close > {next(closes)}"))
        return made

    monkeypatch.setattr(module, "work_out", work_out)

    async def work(ws: Workspace) -> None:
        with pytest.raises(StoreError, match="again and again"):
            await run_night(ws)
        assert await count(ws, "desk_nights") == 0 == await count(ws, "reports")

    opened(work)


def test_a_night_that_breaks_off_leaves_nothing(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of its steps of storing."""
    steps = ("store_signals", "advance_stored_queue", "store_decisions", "store_watched", "store_report")

    async def work(ws: Workspace) -> None:
        before = await rows(ws)
        for step in steps:
            real = getattr(__import__(store_night.__module__, fromlist=[step]), step)

            async def fail(*given: Any, _real: Any = real, **named: Any) -> Any:
                await _real(*given, **named)
                raise RuntimeError("the power went")

            with monkeypatch.context() as patch:
                patch.setattr(f"{store_night.__module__}.{step}", fail)
                with pytest.raises(RuntimeError):
                    await run_night(ws)
            assert await rows(ws) == before, step
        assert (await run_night(ws)).status == "done"
        assert (await rows(ws))["nights"] == 1

    opened(work)


def test_a_job_of_it_says_what_it_did(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        job = Taken(new_id(), 1, "night", {"on": str(LAST)}, SEVEN, 60.0)
        stages: list[str] = []
        said = await do_night(ws, job, lambda stage, done, total: stages.append(stage))
        assert said.startswith(f"worked through the night of {LAST}: ")
        assert stages == ["evidence", "signals", "analysts", "decisions", "report", "store"]
        assert await do_night(ws, job, lambda *_: None) == f"the night of {LAST} was worked through before"

    opened(work)


def test_a_span_is_of_ranked_sessions(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        assert await nights_between(ws, None, None, None) == [None]
        assert await nights_between(ws, SECOND, None, None) == [SECOND]
        with pytest.raises(BadDate, match="before it"):
            await nights_between(ws, None, LAST, SECOND)
        assert await nights_between(ws, None, SECOND, None) == [SECOND, LAST]
        assert await nights_between(ws, None, None, SECOND) == [FIRST, SECOND]
        with pytest.raises(BadParameter, match="exclude each other"):
            await nights_between(ws, FIRST, None, LAST)
        with pytest.raises(BadDate, match="no session from 2030-01-01 to today is ranked"):
            await nights_between(ws, None, date(2030, 1, 1), None)
        with pytest.raises(BadDate):
            await run_night(ws, date(2025, 7, 21))

    opened(work)


def test_the_newest_report_is_sent_on_its_morning(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the night was worked through the evening before; again where nobody took it, for a while."""
    tried: list[date] = []

    async def send(ws: Workspace, row: ReportRow) -> None:
        tried.append(row.date)

    monkeypatch.setattr("pacesetter.jobs.night.due.send_report", send)

    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        ws.settings.notify_urls.append(SecretStr("json://127.0.0.1:9"))
        await run_night(ws, LAST)
        clock.at = BEFORE_SEVEN
        await send_newest(ws)
        assert tried == []
        for at in (SEVEN, SEVEN + timedelta(hours=2, minutes=59)):
            clock.at = at
            assert await run_due_nights(ws) == []
        assert tried == [LAST, LAST]
        clock.at = SEVEN + timedelta(hours=3)
        await send_newest(ws)
        async with ws.db.write() as conn:
            row = (await reports.find(conn))[0]
            await reports.change(conn, row.id, sent_at=SEVEN)
        clock.at = SEVEN
        await send_newest(ws)
        assert tried == [LAST, LAST], "neither later nor twice"

    opened(work)
