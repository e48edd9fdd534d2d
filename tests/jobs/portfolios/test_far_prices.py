"""A price far from that day's is taken, and told of: entered by hand, logged of a decision, or imported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.portfolios.trade_portfolio import add_trade
from pacesetter.jobs.workspace import Workspace
from tests.jobs.decisions.decisions_made import MANUAL, Live, put_row
from tests.jobs.home import count
from tests.jobs.portfolios.portfolio_home import in_currency, make, put_action, take

ON = date(2025, 7, 22)
SAID = "is more than 5 % {} of that day (low {p}, high {p}, close {p} {c})"


def told(symbol: str, price: str, side: str, day: str, currency: str = "USD") -> str:
    return f"{symbol} at {price} on {ON} " + SAID.format(side, p=day, c=currency)


async def buy(ws: Workspace, portfolio: Any, price: str, **over: Any) -> list[str]:
    """What is said of one share of AAA, which costs 100, bought at a price; it is in."""
    had = await count(ws, "trades")
    terms: dict[str, Any] = {"action": "buy", "symbol": "AAA", "quantity": Decimal(1), "traded_on": ON}
    done = await add_trade(ws, portfolio, price=Decimal(price), **{**terms, **over})
    assert await count(ws, "trades") == had + 1
    return [one for one in done.said if "more than 5 %" in one]


def test_entered_by_hand(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        assert await buy(ws, portfolio, "105") == [] and await buy(ws, portfolio, "95") == []
        (said,) = await buy(ws, portfolio, "1000")
        assert told("AAA", "1000", "above the high", "100") in said
        (said,) = await buy(ws, portfolio, "10", action="sell")
        assert told("AAA", "10", "below the low", "100") in said
        assert (
            await buy(ws, portfolio, "10", traded_on=date(2025, 7, 20)) == []
        )  # a Sunday: nothing to compare
        other = await make(ws, "other")
        assert await buy(ws, other, "10", currency="EUR") == []  # nor in another currency
        async with ws.db.write() as conn:
            await conn.execute(text("UPDATE market_data_cache SET is_final = false WHERE symbol = 'AAA'"))
        assert await buy(ws, portfolio, "1000") == []  # nor with a day that is not over

    desk(work)


def test_in_the_shares_and_the_currency_of_its_day(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await put_action(ws, "AAA", date(2025, 7, 24), "split", 2.0)
        assert await buy(ws, portfolio, "100") == []  # stored as they were traded
        await set_of(ws, "basis = 'split'")
        (said,) = await buy(ws, portfolio, "100")  # stored halved since: 200 was paid
        assert told("AAA", "100", "below the low", "200") in said
        await set_of(ws, "basis = 'split_dividend', last_price_date = '2026-07-22'")
        assert await buy(ws, portfolio, "230") == []  # a tenth of it may have been paid out in a year
        (said,) = await buy(ws, portfolio, "232")
        assert told("AAA", "232", "above the high", "200") in said
        assert (
            len(await buy(ws, portfolio, "189")) == 1
        )  # nobody pays less for a dividend that is still to come
        await set_of(ws, "basis = 'raw', quote_unit = 'GBX'")
        await in_currency(ws, "AAA", "GBP")
        await set_of(ws, "quote_unit = 'GBX'")
        portfolio = await make(ws, "pounds")
        assert await buy(ws, portfolio, "1.02") == []
        assert await buy(ws, portfolio, "102", currency="GBX") == []
        assert len(await buy(ws, portfolio, "1.06")) == 1
        (said,) = await buy(ws, portfolio, "102")
        assert told("AAA", "102", "above the high", "1", "GBP") in said

    desk(work)


async def set_of(ws: Workspace, values: str) -> None:
    async with ws.db.write() as conn:
        await conn.execute(text(f"UPDATE symbol_universe SET {values} WHERE symbol = 'AAA'"))


def test_of_a_decision(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        key = await put_row(ws, portfolio_id=await make(ws))
        await approve(ws, key, **MANUAL)
        done = await log_trade(ws, key, price=Decimal(1000), traded_on=ON, **MANUAL)
        assert done.decision.status == "traded"
        assert [one for one in done.said if told("AAA", "1000", "above the high", "100") in one]

    desk(work)


def test_of_a_file_by_line(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        head, portfolio = "Date,Action,Symbol,Quantity,Price", await make(ws)
        lines = [f"{ON},buy,AAA,5,99", f"{ON},buy,BBB,5,500", f"{ON},buy,SPY,1,600", f"{ON},sell,BBB,1,5"]
        for dry_run in (True, False):
            done = await take(ws, portfolio, head, *lines, dry_run=dry_run)
            assert done.accepted and done.rows_added == 4
            said = [one for one in done.said if "more than 5 %" in one]
            assert [one.partition(":")[0] for one in said] == ["line 3", "line 5"]
            assert told("BBB", "500", "above the high", "50") in said[0]
        again = await take(ws, portfolio, head, *lines)
        assert [one for one in again.said if "more than 5 %" in one] == []  # it was told of when it came

    desk(work)
