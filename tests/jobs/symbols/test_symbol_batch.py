"""The nightly batch, on both databases: done once, caught up, gone on with, whoever is bad left out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pacesetter.jobs.symbols.symbol_batch import BatchReport, measure_symbols, run_batch
from pacesetter.jobs.symbols.view_batch import view_batch
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter, InputError
from pacesetter.store.portfolios.daily_metrics import list_metrics
from pacesetter.store.work.batch_phases import PHASES
from tests.jobs.home import ask
from tests.jobs.symbols.batch_home import (
    COMPANIES,
    DAYS,
    EVERYONE,
    FACTORS,
    FUNDS,
    LAST,
    at_night,
    bars_of,
    everything,
    fill,
    in_home,
    rows_on,
    store_bars,
)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Any:
    return lambda work, **over: in_home(tmp_path / "home", database_url, work, **over)


def states(report: BatchReport) -> list[tuple[str, str, str]]:
    return [(str(one.on), one.phase, one.state) for one in report.phases]


def test_every_symbol_has_its_exposures_and_figures(home) -> None:
    async def work(ws: Workspace) -> None:
        revision = await fill(ws)
        report = await run_batch(ws)
        assert (report.status, report.metric_date) == ("done", LAST)
        assert states(report) == [(str(LAST), phase, "done") for phase in PHASES]
        n = len(EVERYONE)
        assert [one.rows for one in report.phases] == [0, n, n, 6 * n, 4 * n, n]
        assert [(one.done, one.total) for one in report.phases[1:]] == [(n, n)] * 5
        rows = await rows_on(ws)
        assert sorted(rows["symbol"].unique()) == EVERYONE and sorted(rows["factor"].unique()) == sorted(
            FACTORS
        )
        assert set(rows["data_revision"]) == {revision} and set(rows["quality_flag"]) == {"full"}
        close = {s: bars_of(s, 7)["close"].to_numpy() for s in ("AAA", "SPY")}
        y, x = (close[s][-63:] / close[s][-64:-1] - 1 for s in ("AAA", "SPY"))
        slope = np.polyfit(x, y, 1)[0]
        own = rows.filter(symbol="AAA", factor="market_beta").row(0, named=True)
        assert own["beta"] == pytest.approx(slope, rel=1e-9) and own["n_observations"] == 63
        async with ws.db.read() as conn:
            (figures,) = await list_metrics(conn, ["AAA"])
        betas = dict(rows.filter(symbol="AAA").select("factor", "beta").rows())
        assert (figures.market_beta, figures.size) == (betas["market_beta"], betas["size"])
        assert figures.return_1d == pytest.approx(y[-1]) and figures.metric_date == LAST
        shown = await view_batch(ws)
        assert [(day.on, day.state) for day in shown.days] == [(LAST, "done")] and shown.as_of == LAST

    home(work)


def test_the_same_data_is_not_done_twice_and_other_data_is(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await run_batch(ws)
        before = await everything(ws)
        again = await run_batch(ws)
        assert {one.state for one in again.phases} == {"skipped"}
        assert [one.done for one in again.phases] == [len(EVERYONE)] * 6
        assert await everything(ws) == before
        revision = await store_bars(ws, bars_of("DDD", 7))
        third = await run_batch(ws)
        assert {one.state for one in third.phases} == {"done"}
        rows = await rows_on(ws)
        assert "DDD" in set(rows["symbol"]) and set(rows["data_revision"]) == {revision}
        fences = await ask(ws, "SELECT DISTINCT fence FROM batch_phases")
        assert fences == [(2,)]

    home(work)


def test_missed_sessions_are_caught_up_oldest_first(home, monkeypatch) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        ws.clock.at = at_night(DAYS[-6])  # type: ignore[attr-defined]
        first = await run_batch(ws)
        assert {one.on for one in first.phases} == {DAYS[-6]}
        ws.clock.at = at_night(LAST)  # type: ignore[attr-defined]
        second = await run_batch(ws)
        assert list(dict.fromkeys(one.on for one in second.phases)) == DAYS[-5:]
        async with ws.db.read() as conn:
            assert {row.metric_date for row in await list_metrics(conn)} == {LAST}
        older = await run_batch(ws, on=DAYS[-20])
        assert states(older)[-1] == (str(DAYS[-20]), "daily_metrics", "done")
        async with ws.db.read() as conn:  # a past session's figures do not replace newer ones
            assert {row.metric_date for row in await list_metrics(conn)} == {LAST}
        span = await run_batch(ws, first=DAYS[-22], last=DAYS[-19])
        assert list(dict.fromkeys(one.on for one in span.phases)) == DAYS[-22:-18]
        assert {one.state for one in span.phases if one.on == DAYS[-20]} == {"skipped"}

    home(work)


def test_an_older_session_changes_no_newer_figures(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await store_bars(ws, bars_of("DEAD", 7, DAYS[:-20]))  # its newest price is the same on both sessions

        async def figures(symbol: str) -> Any:
            async with ws.db.read() as conn:
                (row,) = await list_metrics(conn, [symbol])
            return row

        await run_batch(ws)
        before = await figures("DEAD")
        await store_bars(ws, bars_of("OTHER", 7))  # other data, so that every session is done again
        await run_batch(ws, on=DAYS[-19])
        (beta,) = (await rows_on(ws, DAYS[-19])).filter(symbol="DEAD", factor="market_beta")["beta"]
        assert beta != before.market_beta and await figures("DEAD") == before
        assert (await figures("OTHER")).metric_date == DAYS[-19]  # it had none at all
        await run_batch(ws, first=DAYS[-20], last=DAYS[-19])
        await measure_symbols(ws, ["DEAD"], on=DAYS[-19])
        assert await figures("DEAD") == before
        await run_batch(ws)
        assert (await figures("OTHER")).metric_date == LAST

    home(work)


def test_at_most_thirty_missed_sessions_are_caught_up(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await run_batch(ws, on=DAYS[-40])
        report = await run_batch(ws)
        assert list(dict.fromkeys(one.on for one in report.phases)) == DAYS[-30:]
        assert any("39 sessions were missed" in line for line in report.said)

    home(work)


def test_the_same_rows_whether_caught_up_or_alone(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await run_batch(ws, first=DAYS[-4], last=LAST)
        together = (await everything(ws))[0]
        await store_bars(ws, bars_of("ZZZ", 3, DAYS[:2]))  # another revision, the same prices of all others
        for day in DAYS[-4:]:
            await run_batch(ws, on=day)
        alone = (await everything(ws))[0]
        without = [row[:-1] for row in alone if row[2] != "ZZZ"]
        assert without == [row[:-1] for row in together]  # all but the revision

    home(work)


def test_old_prices_that_nobody_renews_are_measured_on_their_own_session(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(InputError, match="no prices are stored"):
            await run_batch(ws)
        await fill(ws)
        report = await run_batch(ws)
        assert report.metric_date == LAST
        assert any(f"newer prices than those of {LAST}" in line for line in report.said)
        with pytest.raises(BadDate, match="no trading day"):
            await run_batch(ws, on=LAST + timedelta(days=2))
        with pytest.raises(BadDate, match="not final"):
            await run_batch(ws, on=LAST + timedelta(days=365))
        with pytest.raises(BadParameter, match="exclude"):
            await run_batch(ws, on=LAST, first=LAST)
        with pytest.raises(BadDate, match="is after"):
            await run_batch(ws, first=LAST, last=DAYS[-5])

    home(work, at=at_night(LAST + timedelta(days=30)))


@pytest.mark.filterwarnings("ignore:overflow")
def test_bad_symbols_are_left_out_with_their_reason_and_stop_nobody(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await store_bars(ws, bars_of("NEW", 7, DAYS[-20:]))
        await store_bars(ws, bars_of("OLD", 7, DAYS[:100]))
        still = bars_of("STILL", 7).with_columns(close=pl.lit(5.0))
        await store_bars(ws, still)
        wild = bars_of("WILD", 7).with_columns(
            close=pl.when(pl.col("date") == DAYS[-9]).then(1e300).otherwise(1e-9)
        )
        await store_bars(ws, wild)
        holes = bars_of("HOLES", 7, [day for i, day in enumerate(DAYS) if i % 5 or i < 200])
        await store_bars(ws, holes)
        report = await run_batch(ws)
        assert {one.state for one in report.phases} == {"done"}
        by_phase = {one.phase: one.problems for one in report.phases}
        for phase in ("market_beta", "rate_beta", "ridge", "spread"):
            assert "NEW" in by_phase[phase]["too_few_observations"]
            assert by_phase[phase]["no_bars"] == ["OLD"]
        rows = await rows_on(ws)
        assert {*EVERYONE, "HOLES", "STILL"} <= set(rows["symbol"])
        assert set(rows.filter(symbol="HOLES")["quality_flag"]) == {"limited"}
        assert not {"NEW", "OLD"} & set(rows["symbol"])
        kept = await ask(ws, "SELECT symbol FROM symbol_daily_metrics ORDER BY symbol")
        assert {symbol for (symbol,) in kept} == {*EVERYONE, "NEW", "OLD", "STILL", "WILD", "HOLES"}
        old = await ask(ws, "SELECT metric_date FROM symbol_daily_metrics WHERE symbol = 'OLD'")
        assert old == [(str(DAYS[99]),)]

    home(work)


def test_a_fund_that_is_not_there_or_stands_still_costs_only_its_own_factors(home) -> None:
    async def work(ws: Workspace) -> None:
        some = [s for s in (*FUNDS, *COMPANIES) if s not in ("TLT", "USMV")]
        await store_bars(ws, pl.concat([bars_of(s, 7) for s in some]))
        await store_bars(ws, bars_of("USMV", 7).with_columns(close=pl.lit(50.0)))
        report = await run_batch(ws)
        by_phase = {one.phase: one.problems for one in report.phases}
        assert sorted(by_phase["rate_beta"]["no_proxy"]) == sorted([*some, "USMV"])
        assert "degenerate" in by_phase["ridge"] and not by_phase["market_beta"] and not by_phase["spread"]
        assert set((await rows_on(ws))["factor"]) == {one for one in FACTORS if "spread" in one} | {
            "market_beta"
        }

    home(work)


def test_some_symbols_alone_get_the_bits_of_the_batch(home) -> None:
    async def work(ws: Workspace) -> None:
        await fill(ws)
        await measure_symbols(ws, ["AAA"])  # before any batch: on the newest session with prices
        alone = (await rows_on(ws)).drop("computed_at")
        assert alone["symbol"].unique().to_list() == ["AAA"] and alone.height == 12
        (figures,) = await ask(ws, "SELECT price, return_1y, market_beta, value FROM symbol_daily_metrics")
        await run_batch(ws)
        rows = await rows_on(ws)
        assert rows.filter(symbol="AAA").drop("computed_at").equals(alone)
        sql = "SELECT price, return_1y, market_beta, value FROM symbol_daily_metrics WHERE symbol = 'AAA'"
        assert await ask(ws, sql) == [figures]
        revision = await store_bars(ws, bars_of("LATE", 7))
        await measure_symbols(ws, ["LATE", "NOBODY"])
        now = await rows_on(ws)
        assert now.filter(pl.col("symbol") != "LATE").equals(rows)
        assert set(now.filter(symbol="LATE")["data_revision"]) == {revision}
        await measure_symbols(ws, [])

    home(work)
