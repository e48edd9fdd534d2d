"""The cycle in virtual time: previous ranks, provisional and final, a provider that is away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.bars import fetch_bars
from pacesetter.jobs.boards import daily_cycle
from pacesetter.jobs.boards.daily_cycle import CycleReport, run_cycle
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import Clock, VirtualClock
from pacesetter.kernel.errors import BadDate, InputError, NetworkBlocked, PacesetterError, StoreError
from pacesetter.providers.base import FetchRequest, FetchResult, SymbolFailure
from pacesetter.providers.simulated import Simulated
from tests.jobs.home import ask, count, with_home

DATES = (date(2025, 7, 22), date(2025, 7, 23), date(2025, 7, 24))
Home = Callable[..., Any]

RANKS = (
    "SELECT d.slug, r.metric_date, r.symbol, r.current_rank, r.previous_rank, r.previous_on, r.rank_change "
    "FROM ranking_results r JOIN board_heads h ON h.domain_id = r.domain_id "
    "AND h.metric_date = r.metric_date AND h.method_version_id = r.method_version_id "
    "AND h.cycle_id = r.cycle_id AND h.head_to IS NULL "
    "JOIN domains d ON d.id = r.domain_id ORDER BY 1, 2, 3"
)
ROWS = RANKS.replace(
    "r.rank_change ",
    "r.rank_change, r.composite_score, r.score, r.coverage, r.momentum, r.volume_change, r.volatility, "
    "r.relative_strength, r.financial_ratio, r.unranked_reason ",
)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Work in a simulated home whose database is SQLite's and then PostgreSQL's."""
    url = database_url if database_url.startswith("postgresql") else None
    return lambda work: with_home(tmp_path / "home", work, url=url, at=evening(DATES[0]), simulated=True)


class Recent:
    """The simulated market since 2024; it can be down, or say other prices from a date on."""

    name = "simulated"

    def __init__(self) -> None:
        self.inner = Simulated(seed=20240101)
        self.down = False
        self.bent_from: date | None = None

    def symbols(self) -> tuple[str, ...]:
        return self.inner.symbols()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        if self.down:
            raise NetworkBlocked("no way out", mend="plug it in")
        result = self.inner.fetch(replace(request, first=max(request.first, date(2024, 1, 2))), clock)
        if self.bent_from is None:
            return result
        rise = pl.when(pl.col("date") >= self.bent_from).then(1.3).otherwise(1.0)
        names = ("open", "high", "low", "close")
        return replace(result, bars=result.bars.with_columns(pl.col(c) * rise for c in names))


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Recent:
    recent = Recent()
    monkeypatch.setattr(
        fetch_bars, "choose_providers", lambda _, source=None: [] if source == "none" else [recent]
    )
    return recent


def evening(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 22, tzinfo=UTC)


def set_time(ws: Workspace, at: datetime) -> None:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.at = at


async def publish(ws: Workspace, on: date, **more: Any) -> CycleReport:
    set_time(ws, evening(on))
    report = await run_cycle(ws, on=on, **more)
    assert report.status == "published"
    return report


def test_three_dates_have_each_the_ranks_of_the_one_before(home: Home, market: Recent) -> None:
    async def work(ws: Workspace) -> None:
        for on in DATES:
            assert (await publish(ws, on)).boards == 12
        rows = await ask(ws, RANKS)
        rank = {(slug, on, symbol): now for slug, on, symbol, now, *_ in rows}
        assert {on for _, on, *_ in rows} == {on.isoformat() for on in DATES}
        before = {DATES[i].isoformat(): DATES[i - 1].isoformat() for i in (1, 2)}
        changes = 0
        for slug, on, symbol, now, previous, previous_on, change in rows:
            assert previous_on == before.get(on)
            assert previous == rank.get((slug, before.get(on), symbol))
            assert change == (None if previous is None or now is None else previous - now)
            changes += bool(change)
        assert changes > 0

    home(work)


def test_prices_too_old_to_rank_anybody_leave_the_last_ranks(home: Home, market: Recent) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, DATES[2])
        before = await ask(ws, ROWS)
        later = date(2025, 8, 1)  # six sessions on
        set_time(ws, evening(later))
        with pytest.raises(InputError, match="newest prices are of 2025-07-24") as refused:
            await run_cycle(ws, on=later, source="none")
        assert "import" in refused.value.mend
        assert await ask(ws, ROWS) == before
        await publish(ws, later)  # the tick was not used up, and the market is there again

    home(work)


def test_the_order_of_publishing_does_not_matter(home: Home, market: Recent, tmp_path: Path) -> None:
    async def in_order(ws: Workspace) -> list[tuple[Any, ...]]:
        for on in DATES:
            await publish(ws, on)
        return await ask(ws, ROWS)

    async def middle_last(ws: Workspace) -> list[tuple[Any, ...]]:
        await publish(ws, DATES[2])
        for on in (DATES[0], DATES[1]):
            set_time(ws, ws.now().replace(hour=23, minute=on.day))
            assert (await run_cycle(ws, on=on, source="none")).status == "published"
        return await ask(ws, ROWS)

    expected = with_home(tmp_path / "other", in_order, at=evening(DATES[0]), simulated=True)
    assert home(middle_last) == expected


def test_a_cycle_before_the_close_is_provisional_and_the_one_after_it_final(
    home: Home, market: Recent
) -> None:
    on = DATES[2]

    async def work(ws: Workspace) -> None:
        await publish(ws, DATES[1])
        set_time(ws, datetime(2025, 7, 24, 15, 0, tzinfo=UTC))
        first = await run_cycle(ws)
        assert (first.metric_date, first.provisional) == (on, True)
        today = f"date = '{on}'"
        assert await count(ws, "market_data_cache", f"{today} AND NOT is_final") > 50
        assert await count(ws, "market_data_cache", f"{today} AND is_final") == 0
        set_time(ws, datetime(2025, 7, 24, 20, 19, tzinfo=UTC))
        assert (await run_cycle(ws)).provisional is True
        set_time(ws, datetime(2025, 7, 24, 20, 20, tzinfo=UTC))
        last = await run_cycle(ws)
        assert (last.metric_date, last.provisional, last.boards) == (on, False, 12)
        assert await count(ws, "market_data_cache", f"{today} AND NOT is_final") == 0
        heads = await ask(
            ws, f"SELECT is_provisional FROM board_heads WHERE metric_date = '{on}' AND head_to IS NULL"
        )
        assert len(heads) == 12 and not any(one for (one,) in heads)

    home(work)


def test_a_provider_that_is_down_leaves_the_last_good_data_and_says_so(home: Home, market: Recent) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, DATES[0])
        bars = await count(ws, "market_data_cache")
        market.down = True
        report = await publish(ws, DATES[1])
        assert report.source is None
        assert len(report.said) == 1 and "no way out" in report.said[0] and "stored prices" in report.said[0]
        assert await count(ws, "market_data_cache") == bars
        market.down = False
        assert (await publish(ws, DATES[2])).source == "simulated"
        late = f"date IN ('{DATES[1]}', '{DATES[2]}')"
        assert await count(ws, "market_data_cache", late) > 2 * 70

    home(work)


def test_nothing_after_the_date_changes_a_published_rank(home: Home, market: Recent) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, DATES[0])
        before = [row for row in await ask(ws, ROWS) if row[1] == DATES[0].isoformat()]
        market.bent_from = DATES[1]
        for on in DATES[1:]:
            await publish(ws, on)
        again = await run_cycle(ws, on=DATES[0], source="none", scheduled_for=evening(DATES[0]))
        assert again.status == "taken"
        set_time(ws, ws.now().replace(minute=1))
        again = await run_cycle(ws, on=DATES[0], source="none")
        assert (again.status, again.changed) == ("published", 0)
        assert [row for row in await ask(ws, ROWS) if row[1] == DATES[0].isoformat()] == before

    home(work)


def test_a_tick_is_published_once(home: Home, market: Recent) -> None:
    async def work(ws: Workspace) -> None:
        tick = evening(DATES[0])
        assert (await publish(ws, DATES[0], scheduled_for=tick)).rows > 0
        rows = await count(ws, "ranking_results")
        assert (await run_cycle(ws, on=DATES[0], scheduled_for=tick)).status == "taken"
        assert await count(ws, "ranking_results") == rows

    home(work)


@pytest.mark.parametrize("on", [date(2025, 7, 19), date(2025, 7, 23), date(2030, 1, 2)])
def test_a_date_that_cannot_be_ranked_is_refused(tmp_path: Path, market: Recent, on: date) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadDate):
            await run_cycle(ws, on=on)
        assert await count(ws, "cycles") == 0

    with_home(tmp_path, work, at=evening(DATES[0]), simulated=True)


def test_both_databases_publish_the_same_bytes(tmp_path: Path, postgres_url: str, market: Recent) -> None:
    import asyncio

    import asyncpg

    async def create(name: str) -> None:
        conn = await asyncpg.connect(postgres_url)
        await conn.execute(f"CREATE DATABASE {name}")
        await conn.close()

    async def work(ws: Workspace) -> bytes:
        for on in DATES:
            await publish(ws, on)
        return "\n".join(repr(row) for row in await ask(ws, ROWS)).encode()

    asyncio.run(create("same_bytes"))
    url = postgres_url.rsplit("/", 1)[0] + "/same_bytes"
    lite = with_home(tmp_path / "lite", work, at=evening(DATES[0]), simulated=True)
    post = with_home(tmp_path / "post", work, url=url, at=evening(DATES[0]), simulated=True)
    assert len(lite.splitlines()) == 150
    assert lite == post


def test_bars_on_another_basis_are_left_out_and_said(
    home: Home, market: Recent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        await publish(ws, DATES[0])
        stored = await count(ws, "market_data_cache")
        plain = market.fetch
        monkeypatch.setattr(
            market, "fetch", lambda request, clock: replace(plain(request, clock), basis="split_dividend")
        )
        report = await publish(ws, DATES[1])
        assert "other_basis" in {f.cause for f in report.failures}
        assert any("'raw'" in f.detail and "'split_dividend'" in f.detail for f in report.failures)
        assert await count(ws, "market_data_cache") == stored

    home(work)


class Lists:
    """A provider of a few symbols only."""

    def __init__(self, name: str, given: set[str], market: Recent) -> None:
        self.name, self.given, self.market = name, given, market

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        if not self.given:
            raise NetworkBlocked("no way out", mend="plug it in")
        result = self.market.fetch(request, clock)
        missing = [s for s in request.symbols if s not in self.given]
        failures = [SymbolFailure(s, "unknown_symbol", f"{self.name} does not know {s}") for s in missing]
        kept = result.bars.filter(~pl.col("symbol").is_in(missing))
        return replace(result, bars=kept, source=self.name, failures=failures)


def test_providers_are_asked_in_turn_for_what_the_former_did_not_give(
    home: Home, market: Recent, monkeypatch: pytest.MonkeyPatch
) -> None:
    tech = {"AAPL", "MSFT", "NVDA", "AMD", "GOOGL"}
    chain = [Lists("down", set(), market), Lists("first", tech, market), Lists("second", {"TSLA"}, market)]
    monkeypatch.setattr(fetch_bars, "choose_providers", lambda *_: chain)

    async def work(ws: Workspace) -> None:
        report = await publish(ws, DATES[0])
        sources = await ask(ws, "SELECT DISTINCT data_source, symbol FROM market_data_cache ORDER BY 2")
        assert sources == [(("first" if s in tech else "second"), s) for s in sorted(tech | {"TSLA"})]
        assert report.source == "first,second"
        assert {f.symbol for f in report.failures} >= {"JPM", "XOM", "SPY"}
        assert all("second does not know" in f.detail for f in report.failures)
        assert [line.split(":")[0] for line in report.said] == [
            "down",
            "not given by down, so first is asked",
            "not given by down, first, so second is asked",
        ]
        assert await ask(ws, "SELECT data_source FROM cycles") == [("first,second",)]

    home(work)


def test_a_refused_and_a_held_row_of_a_fetch_are_said(
    home: Home, market: Recent, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = market.fetch

    def fetch(request: FetchRequest, clock: Clock) -> FetchResult:
        result = plain(request, clock)
        newest = pl.col("date") == DATES[0]
        upside_down = (pl.col("symbol") == "AAPL") & newest
        ten_times = (pl.col("symbol") == "JPM") & newest
        bars = result.bars.with_columns(high=pl.when(upside_down).then(pl.col("low") - 1).otherwise("high"))
        names = ("open", "high", "low", "close")
        bars = bars.with_columns(pl.when(ten_times).then(pl.col(c) * 10).otherwise(c) for c in names)
        return replace(result, bars=bars)

    monkeypatch.setattr(market, "fetch", fetch)

    async def work(ws: Workspace) -> None:
        report = await publish(ws, DATES[0])
        assert report.said == [
            f"simulated: 1 rows refused: AAPL {DATES[0]} (high below low)",
            f"simulated: 1 rows held back: JPM {DATES[0]} "
            "(ten times the price before, or a tenth: another unit?)",
        ]

    home(work)


def test_the_cause_that_a_failed_cycle_leaves_names_no_address(
    home: Home, market: Recent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everyone who may read can read it in the list of cycles."""
    causes = [
        (StoreError("full", where="postgresql://pace@10.0.0.7/ranks"), "The database cannot do that"),
        (InputError("no such board", where="boards"), "no such board (boards)"),
    ]

    async def work(ws: Workspace) -> None:
        for cause, told in causes:

            async def fail(*_args: Any, cause: PacesetterError = cause, **_more: Any) -> Any:
                raise cause

            monkeypatch.setattr(daily_cycle, "fetch_and_store", fail)
            with pytest.raises(type(cause)):
                await run_cycle(ws, on=DATES[0])
            errors = [row[0] for row in await ask(ws, "SELECT error FROM cycles ORDER BY started_at")]
            assert errors[-1].startswith(told) and "10.0.0.7" not in errors[-1]

    home(work)
