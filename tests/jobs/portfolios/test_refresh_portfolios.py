"""Snapshots: a worked example through the whole path, only what changed, what is left out, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from pacesetter.jobs.portfolios import refresh_portfolios as job
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, remove_trade
from pacesetter.jobs.portfolios.view_portfolio import view_positions, view_series, view_snapshot, worth
from pacesetter.jobs.symbols.symbol_snapshot import current_snapshot
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter
from pacesetter.store.bars.fx_rates import RATES, upsert_rates
from pacesetter.store.database.revisions import new_revision
from tests.jobs.home import ask, count, with_home
from tests.jobs.portfolios.portfolio_home import AT, in_currency, make, put_action, put_prices, take

Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
HEAD = "Date,Action,Symbol,Quantity,Price,Commission,Amount"


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


def test_a_worked_example_from_the_file_to_the_snapshot(live: Live) -> None:
    """Deposit 1,000; buy 10 at 50, commission 2; split 2:1; dividend 0.5; sell 5 at 30; short 4 of B at 20.

    Day 0: cash 1000. Day 1: buy 10 A at 50 + 2 → cash 498, A closes 52 → 520; NAV 1018.
    Day 2: split 2:1 → 20 shares at 27 = 540; NAV 1038. Day 3: 0.5 a share → cash 508; A 26 → 520; NAV 1028.
    Day 4: sell 5 at 30 → cash 658; 15 A at 30 = 450; short 4 B at 20 → cash 738; B closes 21 → −84; NAV 1104.
    """

    async def work(ws: Workspace) -> None:
        days = await put_prices(
            ws,
            {
                "AAA": [50, 52, 27, 26, 30],
                "BBB": [19, 19, 20, 20, 21],
                "SPY": [100, 101, 102, 103, 104],
            },
        )
        await put_action(ws, "AAA", days[2], "split", 2.0)
        await put_action(ws, "AAA", days[3], "dividend", 0.5)
        portfolio = await make(ws)
        done = await take(
            ws,
            portfolio,
            HEAD,
            f"{days[0]},deposit,,,,,1000",
            f"{days[1]},buy,AAA,10,50,2,",
            f"{days[4]},sell,AAA,5,30,0,",
            f"{days[4]},short,BBB,4,20,0,",
        )
        assert (done.state, done.metric_date) == ("complete", days[4])
        view = await view_snapshot(ws, portfolio)
        figures = view.figures
        expected = {"nav": 1104, "cash": 738, "long_value": 450, "short_value": -84, "gross": 534, "net": 366}
        expected |= {"daily_pnl": 76, "cumulative_pnl": 104, "flow": 0, "twr": 0.104}
        expected |= {"daily_return": 1104 / 1028 - 1, "drawdown": 0, "max_drawdown": 1028 / 1038 - 1}
        expected |= {"hhi": (450 / 534) ** 2 + (84 / 534) ** 2, "benchmark_return": 0.04}
        for name, value in expected.items():
            assert figures[name] == pytest.approx(value, abs=1e-12), name
        _, rows = await view_series(ws, portfolio)
        assert [row["nav"] for row in rows] == pytest.approx([1000, 1018, 1038, 1028, 1104])
        assert rows[-1]["twr_index"] == pytest.approx(1.104)
        _, positions = await view_positions(ws, portfolio)
        held = {one["symbol"]: one for one in positions}
        assert (held["AAA"]["quantity"], held["AAA"]["entry_price"]) == (15, Decimal("25.1"))
        assert held["AAA"]["unrealised"] == pytest.approx(450 - 15 * 25.1)
        assert held["BBB"]["gain"] == pytest.approx(-4 / 80)
        assert float(held["AAA"]["realised"]) == pytest.approx(5 * 30 - 5 * 25.1)
        assert [item["name"] for item in view.stress][:1] == ["market_up_5"]
        assert (len(view.stress), len(view.exposures)) == (19, 12)

    live(work)


def test_a_benchmark_that_runs_on_does_not_make_held_prices_new(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"SPY": [100.0] * 9})
        await put_prices(ws, {"AAA": [5.0] * 6}, last=days[5])
        portfolio, idle = await make(ws, "held"), await make(ws, "money alone")
        done = await take(ws, portfolio, HEAD, f"{days[1]},buy,AAA,1,5,0,")
        assert done.metric_date == days[5]
        only_money = await take(ws, idle, HEAD, f"{days[1]},deposit,,,,,10")
        assert only_money.metric_date == days[-1]

    live(work)


def test_only_what_changed_is_made_again(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 40, "BBB": [7.0] * 40, "SPY": [100.0] * 40})
        one, other = await make(ws, "one"), await make(ws, "other")
        await take(ws, one, HEAD, f"{days[5]},buy,AAA,1,5,0,")
        await take(ws, other, HEAD, f"{days[5]},buy,BBB,1,7,0,")
        written = "SELECT portfolio_id, fingerprint, computed_at FROM portfolio_snapshots ORDER BY 1"
        before = await ask(ws, written)
        report = await refresh_portfolios(ws)
        assert (report.asked, report.refreshed, report.unchanged) == (2, 0, 2)
        assert await ask(ws, written) == before
        await put_prices(ws, {"AAA": [5.0] * 39 + [6.0]})  # one close is corrected
        report = await refresh_portfolios(ws)
        assert (report.refreshed, report.unchanged) == (1, 1)
        assert (await look_up(ws, one)).nav == pytest.approx(6.0)
        report = await refresh_portfolios(ws, holding={"BBB"})
        assert (report.asked, report.refreshed) == (1, 0)
        assert await count(ws, "portfolio_snapshots") == 2

    live(work)


def test_a_portfolio_is_partial_until_the_prices_arrive(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        ws = replace(ws, settings=ws.settings.model_copy(update={"source": "yahoo"}))  # nobody asks it here
        days = await put_prices(ws, {"AAA": [5.0] * 40, "SPY": [100.0] * 40})
        portfolio = await make(ws)
        done = await take(ws, portfolio, HEAD, f"{days[5]},buy,AAA,1,5,0,", f"{days[5]},buy,NEW,2,10,0,")
        assert (done.state, done.nav, done.pending) == ("partial", 5.0, ["NEW"])
        (left,) = (await look_up(ws, portfolio)).left_out
        assert (left["symbol"], left["reason"]) == ("NEW", "pending")
        await put_prices(ws, {"NEW": [11.0] * 40})
        await refresh_portfolios(ws, holding={"NEW"})
        view = await look_up(ws, portfolio)
        assert (view.state, view.nav, view.left_out) == ("complete", 27.0, [])

    live(work)


async def put_rates(ws: Workspace, *rates: tuple[str, str, Any, float]) -> None:
    frame = pl.DataFrame(list(rates), schema=RATES, orient="row")
    async with ws.db.write(content=False) as conn:
        await upsert_rates(conn, frame, source="files", revision=await new_revision(conn, "import", ws.now()))


def test_rates_are_taken_either_way_or_by_the_dollar_and_a_missing_one_names_the_holding(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 40, "SAP.DE": [200.0] * 40, "SPY": [100.0] * 40})
        await in_currency(ws, "SAP.DE", "EUR")
        portfolio = await make(ws)
        pounds = await make(ws, "pounds", base_currency="GBP")
        lines = (HEAD, f"{days[20]},buy,AAA,1,5,0,", f"{days[20]},buy,SAP.DE,1,200,0,")
        await take(ws, portfolio, *lines)
        await take(ws, pounds, *lines)
        view = await look_up(ws, portfolio)
        assert (view.state, view.nav, [one["reason"] for one in view.left_out]) == (
            "partial",
            5.0,
            ["no_rate"],
        )
        await put_rates(ws, *[("USD", "EUR", day, 0.8) for day in days[19:]])  # only the other way round
        await put_rates(ws, *[("GBP", "USD", day, 1.25) for day in days[19:]])
        assert (await refresh_portfolios(ws)).refreshed == 2
        view = await look_up(ws, portfolio)
        assert (view.state, view.nav) == ("complete", pytest.approx(5 + 200 / 0.8))
        assert (await look_up(ws, pounds)).nav == pytest.approx((5 + 200 / 0.8) / 1.25)
        await ask_delete(ws, days[-3])
        await refresh_portfolios(ws)
        assert "carried on" in " ".join((await view_snapshot(ws, portfolio)).remarks)
        await ask_delete(ws, days[-8])
        await refresh_portfolios(ws)
        assert (await look_up(ws, portfolio)).left_out[0]["reason"] == "no_rate"

    live(work)


def test_what_was_paid_in_another_currency_than_the_quote_is_converted_at_its_own_rate(live: Live) -> None:
    """10 of a share quoted at 10 EUR, bought for 20 USD each, with 2 USD a euro: nothing is gained."""

    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"EEE": [10.0] * 40, "SPY": [100.0] * 40})
        await in_currency(ws, "EEE", "EUR")
        await put_rates(ws, *[("EUR", "USD", day, 2.0) for day in days])
        dollars = await make(ws)
        euros = await make(ws, "euros", base_currency="EUR")
        for portfolio, value in ((dollars, 200.0), (euros, 100.0)):
            await take(ws, portfolio, f"{HEAD},Currency", f"{days[20]},buy,EEE,10,20,0,,USD")
            (own,) = (await view_positions(ws, portfolio))[1]
            assert (own["value"], own["unrealised"], own["gain"]) == (pytest.approx(value), 0.0, 0.0)
            assert (own["currency"], own["price"], own["alert"]) == ("USD", 10.0, None)

    live(work)


def test_without_a_rate_for_what_was_paid_there_is_no_gain() -> None:
    held = {"price": 10.0, "price_on": "2025-07-24", "value": 100.0, "quantity": 10.0, "weight": 1.0}
    held |= {"daily_pnl": 0.0, "cost_rate": None}
    row = SimpleNamespace(side="long", entry_price=Decimal(20), stop_loss=Decimal(11), target=None)
    told = worth(row, held)
    assert (told["value"], told["unrealised"], told["gain"], told["alert"]) == (100.0, None, None, "stop")
    assert worth(row, held | {"cost_rate": 0.4})["unrealised"] == 20.0


async def ask_delete(ws: Workspace, since: Any) -> None:
    from sqlalchemy import text

    async with ws.db.write(content=False) as conn:
        await conn.execute(text(f"DELETE FROM fx_rates WHERE base = 'USD' AND \"on\" >= '{since}'"))


def test_a_trade_by_hand_and_its_removal(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 40, "SPY": [100.0] * 40})
        portfolio = await make(ws)
        given: dict[str, Any] = {
            "symbol": "aaa",
            "traded_on": days[3],
            "quantity": Decimal(2),
            "price": Decimal(5),
        }
        first = await add_trade(ws, portfolio, action="buy", **given)
        second = await add_trade(ws, portfolio, action="buy", **given)  # said twice, it was done twice
        assert (await look_up(ws, portfolio)).nav == 20.0
        with pytest.raises(BadParameter, match="only 4"):
            await add_trade(ws, portfolio, action="sell", **{**given, "quantity": Decimal(5)})
        assert await count(ws, "trades") == 2
        await remove_trade(ws, portfolio, second.id)
        assert (await look_up(ws, portfolio)).nav == 10.0
        await remove_trade(ws, portfolio, first.id)
        view = await look_up(ws, portfolio)
        assert (view.state, view.nav) == ("empty", None)
        assert await count(ws, "portfolio_snapshots") == 0

    live(work)


def test_a_refresh_that_was_overtaken_stores_nothing_old(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 40, "SPY": [100.0] * 40})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[3]},buy,AAA,1,5,0,")
        await put_prices(ws, {"AAA": [5.0] * 39 + [6.0]})
        read_trades, entered = job.read_trades, False

        async def overtaken(conn: Any, ids: Any) -> Any:
            nonlocal entered
            found = await read_trades(conn, ids)
            if not entered:
                entered = True  # somebody buys more while these are being valued
                given = {"symbol": "AAA", "quantity": Decimal(1), "price": Decimal(5)}
                await add_trade(ws, portfolio, action="buy", traded_on=days[4], **given)
            return found

        monkeypatch.setattr(job, "read_trades", overtaken)
        report = await refresh_portfolios(ws)
        assert (report.refreshed, report.passed_over) == (0, 1)
        assert (await look_up(ws, portfolio)).nav == 12.0

    live(work)


def test_positions_follow_a_split_that_becomes_known_later(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [50.0] * 35 + [25.0] * 5, "SPY": [100.0] * 40})
        portfolio = await make(ws)
        await take(ws, portfolio, HEAD, f"{days[3]},buy,AAA,1,50,0,")
        assert (await look_up(ws, portfolio)).nav == 25.0
        await put_action(ws, "AAA", days[35], "split", 2.0)
        assert (await refresh_portfolios(ws)).refreshed == 1
        (position,) = (await view_positions(ws, portfolio))[1]
        assert (position["quantity"], position["entry_price"], position["value"]) == (2, 25, 50.0)

    live(work)


def test_the_symbol_snapshot_is_swapped_as_a_whole_when_prices_change(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [5.0] * 3})
        held = await current_snapshot(ws)
        assert await current_snapshot(ws) is held
        await put_prices(ws, {"AAA": [5.0] * 2 + [6.0], "BBB": [1.0] * 3})
        fresh = await current_snapshot(ws)
        assert fresh is not held
        assert (held.price[held.row_of["AAA"]], fresh.price[fresh.row_of["AAA"]]) == (5.0, 6.0)
        assert "BBB" not in held.row_of

    live(work)
