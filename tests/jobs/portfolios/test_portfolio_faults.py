"""What one portfolio, or one trade, must not do to the others: stop, spoil or overtake them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pacesetter.jobs.portfolios import keep_portfolios as portfolios
from pacesetter.jobs.portfolios import refresh_portfolios as job
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios, try_refreshing
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, look_through
from pacesetter.jobs.portfolios.view_portfolio import view_positions, view_series
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate
from pacesetter.store.bars.fx_rates import stamp_rates
from tests.jobs.home import ask, count, with_home
from tests.jobs.portfolios.portfolio_home import AT, in_currency, make, put_action, put_prices, take
from tests.jobs.portfolios.test_refresh_portfolios import put_rates

Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
HEAD = "Date,Action,Symbol,Quantity,Price,Commission,Amount"


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


async def change(ws: Workspace, sql: str, **values: Any) -> None:
    """Change the database past the program."""
    async with ws.db.write() as conn:
        await conn.execute(text(sql), values)


def test_a_trade_from_before_the_calendar_is_refused_and_one_that_is_stored_breaks_nobody(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        old, other, money = await make(ws, "old"), await make(ws, "other"), await make(ws, "money")
        for on in (date(1, 1, 1), date(1989, 12, 31)):
            with pytest.raises(BadDate, match="too long ago"):
                await add_trade(ws, old, action="deposit", amount=Decimal(9), traded_on=on)
        done = await take(ws, old, HEAD, f"{days[2]},buy,AAA,1,5,0,", "1989-12-29,deposit,,,,,100")
        assert [(one.line, one.column, one.reason) for one in done.faults] == [
            (3, "Date", "it is too long ago")
        ]
        for portfolio in (old, other):
            await take(ws, portfolio, HEAD, f"{days[2]},buy,AAA,1,5,0,")
        await take(ws, money, HEAD, f"{days[2]},deposit,,,,,100")
        for portfolio in (old, money):
            await change(
                ws,
                "UPDATE trades SET traded_on = '1985-03-04' WHERE portfolio_id = :p",
                p=bound(ws, portfolio),
            )
        await change(ws, "DELETE FROM portfolio_snapshots")
        report = await refresh_portfolios(ws)
        assert (report.refreshed, list(report.failed)) == (3, [])
        assert (await look_up(ws, other)).nav == 5.0
        for portfolio in (old, money):
            await view_series(ws, portfolio)

    live(work)


def bound(ws: Workspace, key: Any) -> Any:
    """An id as plain SQL takes it."""
    return key.bytes if ws.db.dialect == "sqlite" else key


def test_a_portfolio_that_cannot_be_stored_is_named_and_the_others_are_valued(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        huge, fine = await make(ws, "huge"), await make(ws, "fine")
        await take(ws, huge, HEAD, f"{days[5]},buy,AAA,9000000000,5,0,")
        await take(ws, fine, HEAD, f"{days[5]},buy,AAA,10,5,0,")
        await put_action(ws, "AAA", days[15], "split", 20.0)
        report = await refresh_portfolios(ws)
        assert (report.asked, report.refreshed, report.passed_over) == (2, 1, 0)
        ((key, name, why),) = [(one.id, one.name, one.why) for one in report.failed]
        assert (key, name, "no room" in why) == (huge, "huge", True)
        assert (await look_up(ws, fine)).nav == 1000.0
        assert await try_refreshing(ws) == "1 of them (the log names them)"

        async def broken(*_: Any) -> Any:
            raise ValueError("of some kind")

        monkeypatch.setattr(job, "read_state", broken)
        assert "ValueError" in str(await try_refreshing(ws))

    live(work)


def test_a_trade_is_kept_and_says_so_where_the_figures_cannot_be_made(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws)

        async def broken(*_: Any, **__: Any) -> Any:
            raise ValueError("of some kind")

        monkeypatch.setattr(portfolios, "refresh_portfolios", broken)
        given: dict[str, Any] = {"symbol": "AAA", "quantity": Decimal(1), "price": Decimal(5)}
        done = await add_trade(ws, portfolio, action="buy", traded_on=days[3], **given)
        assert (await count(ws, "trades"), len(done.said)) == (1, 1)
        assert "it is kept" in done.said[0]
        taken = await take(ws, portfolio, HEAD, f"{days[4]},buy,AAA,1,5,0,")
        assert (taken.accepted, "it is kept" in taken.said[-1]) == (True, True)

    live(work)


def test_two_refreshes_of_one_portfolio_at_once_do_not_collide(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[2]},buy,AAA,10,5,0,")
        await put_prices(ws, {"AAA": [6.0] * 30})
        together, measure = threading.Barrier(2, timeout=240), job.measure_chunk

        def at_once(*given: Any) -> Any:
            together.wait()
            return measure(*given)

        monkeypatch.setattr(job, "measure_chunk", at_once)
        one, other = await asyncio.gather(refresh_portfolios(ws), refresh_portfolios(ws))
        assert one.refreshed + other.refreshed == 1
        assert one.passed_over + other.passed_over == 1
        assert (await look_up(ws, portfolio)).nav == 60.0

    live(work)


def test_a_trade_during_a_refresh_that_rewrites_positions_waits_for_it(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[2]},buy,AAA,10,5,0,")
        await put_action(ws, "AAA", days[10], "split", 2.0)
        same = job.still_the_same
        tasks: list[asyncio.Task[Any]] = []

        async def then_trade(*given: Any) -> Any:
            found = await same(*given)
            if not tasks:
                more: dict[str, Any] = {"symbol": "SPY", "quantity": Decimal(1), "price": Decimal(100)}
                buying = add_trade(ws, portfolio, action="buy", traded_on=days[5], **more)
                tasks.append(asyncio.create_task(buying))
                await asyncio.wait(tasks, timeout=2)  # it is done by then, unless it has to wait
            return found

        monkeypatch.setattr(job, "still_the_same", then_trade)
        await refresh_portfolios(ws)
        await asyncio.gather(*tasks)
        _, positions = await view_positions(ws, portfolio)
        assert sorted((one["symbol"], float(one["quantity"])) for one in positions) == [
            ("AAA", 20),
            ("SPY", 1),
        ]
        assert (await look_up(ws, portfolio)).nav == 200.0

    live(work)


def test_after_an_undone_import_of_prices_the_snapshot_of_its_session_is_gone(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 29 + [50.0], "SPY": [100.0] * 30})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[2]},buy,AAA,10,5,0,")
        assert (await look_up(ws, portfolio)).nav == 500.0
        await change(ws, f"DELETE FROM market_data_cache WHERE date = '{days[-1]}'")
        await change(ws, f"UPDATE symbol_universe SET last_price_date = '{days[-2]}' WHERE symbol <> 'X'")
        assert (await refresh_portfolios(ws)).refreshed == 1
        assert await ask(ws, "SELECT metric_date, nav FROM portfolio_snapshots") in (
            [(str(days[-2]), 50.0)],
            [(days[-2], 50.0)],
        )
        assert (await look_up(ws, portfolio)).nav == 50.0
        assert (await refresh_portfolios(ws)).refreshed == 0

    live(work)


def test_what_became_of_a_trade_follows_a_split_that_becomes_known_later(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [400.0] * 10 + [100.0] * 20, "SPY": [100.0] * 30})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[2]},buy,AAA,10,400,0,", f"{days[20]},sell,AAA,40,100,0,")

        async def outcomes() -> list[bool]:
            _, trades, _ = await look_through(ws, portfolio, before=None, limit=10)
            return [row.outcome is None for row in trades]

        assert await outcomes() == [False, True]
        await put_action(ws, "AAA", days[10], "split", 4.0)
        await refresh_portfolios(ws)
        assert await outcomes() == [True, True]

    live(work)


def test_rates_are_looked_at_only_by_whom_they_concern(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "EEE": [10.0] * 30, "SPY": [100.0] * 30})
        await in_currency(ws, "EEE", "EUR")
        dollars, both = await make(ws, "dollars"), await make(ws, "both")
        asked: list[Any] = []

        async def noted(conn: Any) -> bytes:
            asked.append(conn)
            return await stamp_rates(conn)

        monkeypatch.setattr(job, "stamp_rates", noted)
        await put_rates(ws, ("EUR", "USD", days[0], 2.0), ("EUR", "USD", days[-1], 2.0))
        await take(ws, dollars, HEAD, f"{days[3]},buy,AAA,1,5,0,")
        assert asked == []
        await take(ws, both, HEAD, f"{days[3]},buy,EEE,1,10,0,")
        assert len(asked) == 1
        for rate in (3.0, 4.0):  # within one second, and as many as before
            await put_rates(ws, ("EUR", "USD", days[-1], rate))
            assert (await refresh_portfolios(ws)).refreshed == 1
            assert (await look_up(ws, both)).nav == 10.0 * rate

    live(work)
