"""Numbers, names and currencies that have no room, and trades that contradict each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, look_through
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter
from pacesetter.kernel.ids import new_id
from tests.jobs.home import count, with_home
from tests.jobs.portfolios.portfolio_home import AT, make, put_prices, take

Live = Callable[[Callable[[Workspace], Awaitable[Any]]], Any]
HEAD = "Date,Action,Symbol,Quantity,Price,Commission,Amount"


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url
    return lambda work: with_home(tmp_path / "home", work, url=url, at=AT)


def test_numbers_without_room_are_refused_and_nothing_is_kept(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws)
        big: dict[str, Any] = {"symbol": "AAA", "quantity": Decimal(10**6), "price": Decimal(10**6)}
        await add_trade(ws, portfolio, action="buy", traded_on=days[1], **big)
        with pytest.raises(BadParameter, match="realised profit of the position in AAA"):
            await add_trade(
                ws, portfolio, action="sell", traded_on=days[2], **big | {"price": Decimal(2 * 10**6)}
            )
        tiny: dict[str, Any] = {"symbol": "SPY", "quantity": Decimal("1e-8"), "price": Decimal(9 * 10**9)}
        with pytest.raises(BadParameter, match="mean cost of a share"):
            await add_trade(
                ws, portfolio, action="buy", traded_on=days[1], commission=Decimal(9 * 10**9), **tiny
            )
        with pytest.raises(BadParameter, match="no room"):
            await take(ws, portfolio, HEAD, f"{days[2]},sell,AAA,1000000,2000000,0,")
        assert await count(ws, "trades") == 1
        done = await take(ws, portfolio, HEAD, f"{days[2]},dividend,AAA,1000000000,1000000000,0,")
        assert [one.reason for one in done.faults] == ["quantity times price is too large"]
        lots = (
            "Symbol,Quantity,Entry Price,Entry Date,Investment Class,Underlying,Strike,Expiration,Option Type"
        )
        root = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        done = await take(ws, portfolio, lots, f"X,1,5,{days[2]},OPTIONS,{root},100,2025-09-19,CALL")
        assert [(one.line, "too long" in one.reason) for one in done.faults] == [(2, True)]

    live(work)


def test_only_a_second_name_is_called_a_second_name(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(IntegrityError):
            await create_portfolio(ws, "of nobody there", user_id=new_id())
        await make(ws, "mine")
        with pytest.raises(BadParameter, match="there is a portfolio 'mine' already"):
            await make(ws, "mine")
        for wrong in ("EURO", "üäö", "GBX", ""):
            with pytest.raises(BadParameter, match="base currency"):
                await make(ws, "other", base_currency=wrong)

    live(work)


def test_contradicting_trades_are_noted_with_one_statement_and_in_a_dry_run_with_none(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"AAA": [5.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws)
        said: list[str] = []

        def listen(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE trades"):
                said.append(statement)

        event.listen(ws.db._engine.sync_engine, "before_cursor_execute", listen)
        lines = [f"{days[3]},sell,AAA,{n},5,0," for n in range(1, 51)]
        tried = await take(ws, portfolio, HEAD, *lines, dry_run=True)
        assert (tried.rows_added, len(tried.said), said) == (50, 20, [])
        await take(ws, portfolio, HEAD, *lines)
        assert len(said) == 1
        assert await count(ws, "trades", "outcome IS NOT NULL") == 50

    live(work)


def test_pence_are_kept_as_pounds(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        days = await put_prices(ws, {"VOD.L": [70.0] * 30, "SPY": [100.0] * 30})
        portfolio = await make(ws, base_currency="GBP")
        given: dict[str, Any] = {"action": "buy", "symbol": "VOD.L", "currency": "GBX", "traded_on": days[3]}
        await add_trade(
            ws, portfolio, quantity=Decimal(10), price=Decimal(7250), commission=Decimal(50), **given
        )
        _, (trade,), _ = await look_through(ws, portfolio, before=None, limit=10)
        assert (trade.currency, trade.price, trade.commission) == ("GBP", Decimal("72.5"), Decimal("0.5"))
        with pytest.raises(BadParameter, match="more than 6 decimals"):
            await add_trade(ws, portfolio, quantity=Decimal(1), price=Decimal("0.0000001"), **given)

    live(work)
