"""The batch's prices, on both databases: a session that nobody has a price of waits, and is done later."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.runner import job_kinds, scheduler
from pacesetter.jobs.symbols import batch_dates, batch_prices
from pacesetter.jobs.symbols.symbol_batch import run_batch
from pacesetter.jobs.symbols.view_batch import view_batch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import NetworkBlocked
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure
from pacesetter.store.database.revisions import newest_revision
from pacesetter.store.work.batch_phases import PHASES, newest_done
from tests.jobs.home import ask
from tests.jobs.symbols.batch_home import (
    COMPANIES,
    DAYS,
    EVERYONE,
    FUNDS,
    LAST,
    NIGHT,
    bars_of,
    fill,
    in_home,
    rows_on,
    store_bars,
)

NOT_FOUND = "no symbol has a price of this session"


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    return lambda work, **over: in_home(tmp_path / "home", database_url, work, **over)


class Source:
    """A provider that is down, or says of every symbol the same, or has everything (or until a date)."""

    name = "yahoo"

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked, self.until = answer, 0, LAST

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Any) -> FetchResult:
        self.asked += request.first > LAST - timedelta(days=400)  # without the symbols that are new
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is not None:
            none = pl.DataFrame(schema=BAR_SCHEMA)
            failures = [SymbolFailure(one, self.answer, "/secret") for one in request.symbols]
            return FetchResult(none, self.name, clock.now(), failures=failures)
        bars = pl.concat([bars_of(one, 7) for one in request.symbols]).drop("is_final")
        bars = bars.filter(pl.col("date").is_between(request.first, min(request.last, self.until)))
        return FetchResult(bars, self.name, clock.now(), basis="raw")


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    one = Source(NetworkBlocked("no route to it", where="10.0.0.7"))
    for module in (batch_dates, batch_prices, fetch_bars):
        monkeypatch.setattr(module, "choose_providers", lambda ws, source=None: [one])
    return one


def test_a_session_of_which_nobody_has_a_price_is_not_done_and_done_later(home, source) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws, days=DAYS[:-1])
        report = await run_batch(ws)
        assert (report.status, report.metric_date) == ("incomplete", LAST)
        assert [(one.phase, one.state) for one in report.phases] == [("prices", "failed")]
        why = report.not_measured[LAST]
        assert NOT_FOUND in why and "yahoo: The data provider cannot be reached" in why
        assert "10.0.0.7" not in why
        assert f"{LAST} is not measured: {why}" in report.said
        assert (await rows_on(ws)).is_empty()
        assert await ask(ws, "SELECT count(*) FROM symbol_daily_metrics") == [(0,)]
        assert await ask(ws, "SELECT phase, state, error FROM batch_phases") == [("prices", "failed", why)]
        shown = await view_batch(ws)
        assert (shown.as_of, [day.state for day in shown.days]) == (None, ["failed"])
        said = job_kinds.tell_batch(report)
        assert said.startswith("nothing was measured") and f"{LAST} is not measured" in said
        assert (await run_batch(ws)).status == "incomplete" and source.asked == 2  # tried again
        source.answer = None
        report = await run_batch(ws)
        assert (report.status, dict(report.not_measured)) == ("done", {})
        assert [(one.phase, one.state) for one in report.phases] == [(phase, "done") for phase in PHASES]
        assert (await rows_on(ws)).height >= 12 * len(EVERYONE)
        async with ws.db.read() as conn:
            assert await newest_done(conn) == LAST

    home(work)


def test_the_other_sessions_of_a_span_are_done(home, source) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws, days=[*DAYS[:-3], *DAYS[-2:-1]])
        report = await run_batch(ws, first=DAYS[-4], last=LAST)
        assert report.status == "incomplete" and list(report.not_measured) == [DAYS[-3], LAST]
        states = {on: {one.state for one in report.phases if one.on == on} for on in DAYS[-4:]}
        assert list(states.values()) == [{"done"}, {"failed"}, {"done"}, {"failed"}] and source.asked == 1
        said = job_kinds.tell_batch(report)
        assert said.startswith(f"measured 2 sessions, {DAYS[-4]} to {DAYS[-2]}")

    home(work)


def test_what_is_said_of_every_symbol_is_the_cause(home, source) -> None:
    source.answer = "rate_limited"

    async def work(ws: Workspace) -> None:
        await fill(ws, days=DAYS[:-1])
        why = (await run_batch(ws)).not_measured[LAST]
        assert why == f"{NOT_FOUND}; rate limited"

    home(work)


def test_a_source_that_is_down_is_no_failure_where_some_have_prices(home, source) -> None:
    async def work(ws: Workspace) -> None:
        some = [one for one in (*FUNDS, *COMPANIES) if one != "CCC"]
        await store_bars(ws, pl.concat([bars_of(one, 7) for one in some]))
        await store_bars(ws, bars_of("CCC", 7, DAYS[:-1]))
        report = await run_batch(ws)
        assert (report.status, source.asked) == ("done", 1)
        assert any("no route to it" in line for line in report.said)
        assert (await rows_on(ws)).height > 0

    home(work)


async def newest_revision_of(ws: Workspace) -> int:
    async with ws.db.read() as conn:
        return await newest_revision(conn)


def test_a_fetch_that_brings_nothing_new_makes_no_revision(home, source) -> None:
    """A delisted symbol is asked for every night; that must not make the phases run again."""
    source.answer = "delisted"

    async def work(ws: Workspace) -> None:
        await fill(ws)
        revision = await store_bars(ws, bars_of("GONE", 7, DAYS[:-9]))
        report = await run_batch(ws)
        assert await newest_revision_of(ws) == revision
        assert source.asked == 1 and "GONE" in {one.symbol for one in report.failures}
        again = await run_batch(ws)
        assert {one.state for one in again.phases} == {"skipped"}

        async def revisions() -> int:
            ((count,),) = await ask(ws, "SELECT count(*) FROM data_revisions")
            return count

        source.answer, source.until = None, DAYS[-10]  # what it has of all others is their history
        await run_batch(ws, on=DAYS[-2])
        before, first = await revisions(), await newest_revision_of(ws)
        report = await run_batch(ws, on=DAYS[-3])
        assert not report.failures and await revisions() == before
        assert await newest_revision_of(ws) == first
        source.until = LAST
        await run_batch(ws, on=DAYS[-4])
        assert await newest_revision_of(ws) > first

    home(work)


def test_the_scheduler_waits_before_it_tries_again(tmp_path: Path, source, monkeypatch) -> None:
    clock = VirtualClock(NIGHT)

    async def work(ws: Workspace) -> Any:
        await fill(ws, days=DAYS[:-1])
        return ws.settings

    settings = in_home(tmp_path / "home", None, work)

    async def propose() -> Any:
        return await scheduler.propose_batch(settings, simulated=False, clock=clock)

    first = asyncio.run(propose())
    assert list(first.not_measured) == [LAST] and source.asked == 1
    clock.at += timedelta(minutes=5)
    assert asyncio.run(propose()) is None and source.asked == 1
    clock.at += timedelta(minutes=10)
    source.answer = None
    assert asyncio.run(propose()).status == "done" and source.asked == 2
