"""Symbols on their way in, on both databases: asked for, joined, brought in, measured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pacesetter.jobs.portfolios import keep_portfolios as portfolios
from pacesetter.jobs.portfolios.trade_portfolio import add_trade
from pacesetter.jobs.symbols.ask_symbols import ask_symbols, look_at, look_through, look_up
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import (
    BadParameter,
)
from pacesetter.store.symbols import onboarding as queue
from tests.jobs.home import EVENING, ask, count
from tests.jobs.onboarding.onboarding_home import (
    DAYS,
    LAST,
    Shelf,
    bars_of,
    bring,
    offer,
    open_home,
    walk,
    without_measuring,
    work_off,
)


@pytest.fixture
def home(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    return open_home(tmp_path / "home", database_url, monkeypatch)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return without_measuring(monkeypatch)


def test_a_symbol_comes_in(home, plain, monkeypatch) -> None:
    shelf = Shelf()
    offer(monkeypatch, shelf)

    async def work(ws: Workspace) -> None:
        (asked,) = await ask_symbols(ws, ["zzz.b"], by="ann", priority="high")
        assert (asked.symbol, asked.status, asked.stage, asked.priority) == (
            "ZZZ-B",
            "pending",
            "queued",
            "high",
        )
        assert [stage.done for stage in asked.stages] == [False] * 4 and asked.eta_s is None
        assert (asked.requested_by, asked.joined, asked.requested_at) == (("ann",), False, EVENING)
        assert vars(await work_off(ws)) == {"completed": 1, "failed": 0, "put_off": 0, "lost": 0}
        done = await look_up(ws, asked.id)
        assert (done.status, done.stage, done.attempts, done.cause) == ("completed", "done", 1, None)
        assert [stage.done for stage in done.stages] == [True] * 4 and done.completed_at == EVENING
        assert await ask(
            ws, "SELECT asset_type, added_source, basis FROM symbol_universe WHERE symbol='ZZZ-B'"
        ) == [("equity", "onboarding", "split")]
        assert await count(ws, "market_data_cache", "symbol = 'ZZZ-B'") == len(DAYS)
        assert shelf.asked[0].first == LAST - timedelta(days=3 * 366) and shelf.asked[0].last == LAST
        assert plain == ["ZZZ-B"]

    home(work)


KINDS = {"VFIAX": "fund", "QQQ": "etf", "^VIX": "index", "ABCX": "equity"}


def test_what_kind_of_thing_it_is(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, list(KINDS), by="ann")
        assert (await work_off(ws)).completed == len(KINDS)
        rows = await ask(
            ws, "SELECT symbol, asset_type FROM symbol_universe WHERE added_source = 'onboarding'"
        )
        assert dict(rows) == KINDS

    home(work)


def test_bad_symbols_are_all_named_and_nothing_is_queued(home) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(BadParameter, match=r"2 of 3 cannot be symbols: '!!', 'A B C'"):
            await ask_symbols(ws, ["NVDA", "!!", "A B C"], by="ann")
        with pytest.raises(BadParameter, match="no symbol is named"):
            await ask_symbols(ws, [], by="ann")
        assert await count(ws, "symbol_onboarding_queue") == 0

    home(work)


def test_answers_come_in_the_order_asked_and_joining_shows(home) -> None:
    async def work(ws: Workspace) -> None:
        first = await ask_symbols(ws, ["BBB", "AAA", "bbb"], by="ann")
        assert [job.symbol for job in first] == ["BBB", "AAA"] and not any(job.joined for job in first)
        second = await ask_symbols(ws, ["CCC", "AAA"], by="ben", priority="high")
        assert [(job.symbol, job.joined) for job in second] == [("CCC", False), ("AAA", True)]
        assert second[1].id == first[1].id and second[1].requested_by == ("ann", "ben")
        assert [job.symbol for job in await look_at(ws, [second[0].id, first[0].id])] == ["CCC", "BBB"]
        page, total = await look_through(ws, status="pending", limit=2)
        assert [job.symbol for job in page] == ["CCC", "AAA"] and total == 3

    home(work)


def test_a_known_fresh_and_measured_symbol_needs_no_work(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf(OLD=bars_of("OLD", DAYS[-2])))

    async def work(ws: Workspace) -> None:
        for symbol in ("NEW", "OLD", "RAW"):
            await bring(ws, symbol)
        async with ws.db.write() as conn:
            for symbol in ("NEW", "OLD"):
                await conn.exec_driver_sql(
                    "INSERT INTO symbol_daily_metrics (symbol, metric_date, data_quality, quality_notes, "
                    f"data_revision, computed_at) VALUES ('{symbol}', '{LAST}', 100, '[]', 1, '{EVENING:%F}')"
                )
            values = f"('FORMER', '2020-01-01', 'NEW', '{LAST}')"
            await conn.exec_driver_sql(
                f"INSERT INTO symbol_aliases (alias, valid_from, symbol, valid_to) VALUES {values}"
            )
        done = await ask_symbols(ws, ["NEW", "former", "OLD", "RAW"], by="ben")
        assert [(job.symbol, job.status) for job in done] == [
            ("NEW", "completed"),  # and FORMER is what it was called once
            ("OLD", "pending"),  # its prices are of the day before
            ("RAW", "pending"),  # it was never measured
        ]
        assert (await ask_symbols(ws, ["NEW"], by="cid"))[0].id == done[0].id

    home(work)


def test_how_long_it_takes_is_told_from_the_last_ones(home, plain, monkeypatch) -> None:
    offer(monkeypatch, Shelf())

    async def slow(ws: Workspace, job: Any, _chain: Any) -> None:
        ws.clock.advance(timedelta(seconds=10))  # type: ignore[attr-defined]

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["AAA", "BBB"], by="ann")
        await work_off(ws, work=slow)
        jobs = await ask_symbols(ws, ["CCC", "DDD"], by="ann")
        (urgent,) = await ask_symbols(ws, ["EEE"], by="ann", priority="high")
        assert urgent.eta_s == 10
        assert sorted(int(job.eta_s or 0) for job in await look_at(ws, [job.id for job in jobs])) == [20, 30]
        async with ws.db.write(content=False) as conn:
            taken = await queue.take_next(conn, owner="x", lease_s=60, at=ws.now())
            assert taken is not None
            await queue.advance(conn, taken, "exposures")
        (working,) = await look_at(ws, [taken.id])
        assert (working.symbol, working.stage, working.eta_s) == ("EEE", "exposures", 5)

    home(work)


PROXIES = ("SPY", "TLT", "VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")


def test_a_symbol_that_has_come_in_is_measured(home, monkeypatch) -> None:
    """Nothing is replaced but the provider: its market beta is the slope of the same returns."""
    offer(monkeypatch, Shelf())

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, [*PROXIES, "ZZZ"], by="ann")
        assert vars(await work_off(ws)) == {"completed": 9, "failed": 0, "put_off": 0, "lost": 0}
        await bring(ws, "ZZZ")
        rows = await ask(ws, "SELECT factor, beta FROM symbol_factor_exposures WHERE symbol = 'ZZZ'")
        mine, market = (walk(s)[-64:] for s in ("ZZZ", "SPY"))
        slope = np.polyfit(market[1:] / market[:-1] - 1, mine[1:] / mine[:-1] - 1, 1)[0]
        assert dict(rows)["market_beta"] == pytest.approx(slope, abs=1e-9)
        ((price, on),) = await ask(
            ws, "SELECT price, metric_date FROM symbol_daily_metrics WHERE symbol = 'ZZZ'"
        )
        assert (price, str(on)) == (walk("ZZZ")[-1], str(LAST))
        (again,) = await ask_symbols(ws, ["ZZZ"], by="ann")
        assert again.status == "completed"  # known, fresh, measured

    home(work)


def test_a_portfolio_that_waits_completes_by_itself(home, monkeypatch) -> None:
    offer(monkeypatch, Shelf(GONE="delisted"))

    async def work(ws: Workspace) -> None:
        await ask_symbols(ws, ["SPY"], by="ann")
        await work_off(ws)
        made = await portfolios.create_portfolio(ws, "Mine", user_id=None)
        bought: dict[str, Any] = {"action": "buy", "traded_on": DAYS[-20], "price": Decimal(100)}
        for symbol in ("SPY", "VFIAX", "GONE"):
            await add_trade(ws, made.id, symbol=symbol, quantity=Decimal(10), **bought)
        waits = await portfolios.look_up(ws, made.id)
        assert waits.state == "partial" and left_out(waits) == {"VFIAX": "pending", "GONE": "pending"}
        assert vars(await work_off(ws)) == {"completed": 1, "failed": 1, "put_off": 0, "lost": 0}
        done = await portfolios.look_up(ws, made.id)
        assert left_out(done) == {"GONE": "failed"} and done.n_holdings == 2
        assert done.nav == pytest.approx(10 * (walk("SPY")[-1] + walk("VFIAX")[-1]), abs=1e-6)
        assert await ask(ws, "SELECT asset_type FROM symbol_universe WHERE symbol = 'VFIAX'") == [("fund",)]

    home(work)


def left_out(view: portfolios.PortfolioView) -> dict[str, str]:
    return {one["symbol"]: one["reason"] for one in view.left_out}
