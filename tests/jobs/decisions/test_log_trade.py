"""The trades of approved decisions: from the proposal to the position and its outcome."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, remove_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError
from tests.jobs.decisions.decisions_made import (
    AT,
    MANUAL,
    ON,
    Live,
    audit_actions,
    desk_set,
    put_row,
    read_row,
)
from tests.jobs.home import ask, count
from tests.jobs.portfolios.portfolio_home import make, put_action


def test_from_the_proposal_to_the_position_and_its_outcome(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        key = await put_row(ws, portfolio_id=portfolio)
        done = await approve(ws, key, by="Ada", **MANUAL)
        assert (done.decision.status, done.event, done.kept) == ("approved", "approved by Ada", True)
        assert done.decision.answered_at == AT
        done = await log_trade(
            ws, key, price=Decimal("99.5"), traded_on=date(2025, 7, 22), commission=Decimal(5), **MANUAL
        )
        assert (done.decision.status, done.decision.trade_id is None) == ("traded", False)
        ((symbol, held, entry, stop, target, status),) = await ask(
            ws, "SELECT symbol, quantity, entry_price, stop_loss, target, status FROM portfolio_positions"
        )
        assert (symbol, status) == ("AAA", "open") and await count(ws, "portfolio_snapshots") == 1
        unit = 10**8 if ws.db.dialect == "sqlite" else 1
        assert [Decimal(v) / unit for v in (held, entry, stop, target)] == [10, 100, 90, 120]
        await add_trade(
            ws,
            portfolio,
            action="sell",
            symbol="AAA",
            quantity=Decimal(4),
            price=Decimal(110),
            traded_on=ON + timedelta(2),
        )
        assert (await read_row(ws, key)).status == "traded"  # a part of it is still held
        sold = await add_trade(
            ws,
            portfolio,
            action="sell",
            symbol="AAA",
            quantity=Decimal(6),
            price=Decimal(105),
            traded_on=ON + timedelta(3),
        )
        row = await read_row(ws, key)
        # 4 · 110 + 6 · 105 = 1,070 for 995 and 5 of commission: 75 − 5 = 70, 70 / 995 = 7.035176 %
        assert row.status == "closed" and row.outcome == {
            "closed_on": "2025-07-24",
            "price": "107",
            "gain": "70",
            "gain_pct": 7.035176,
            "days": 2,
        }
        await remove_trade(ws, portfolio, sold.id)
        row = await read_row(ws, key)
        assert (row.status, row.outcome) == ("traded", None)
        ((bought,),) = await ask(ws, "SELECT count(*) FROM trades WHERE action = 'buy'")
        assert row.trade_id is not None and bought == 1
        await remove_trade(ws, portfolio, row.trade_id)  # what was logged was wrong: it is to be logged again
        row = await read_row(ws, key)
        assert (row.status, row.trade_id) == ("approved", None)
        assert await audit_actions(ws) == ["decision.approved", "decision.traded", *["trade.removed"] * 2]

    desk(work)


def test_a_sale_ends_the_purchase_and_itself(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        bought = await put_row(ws, portfolio_id=portfolio)
        await approve(ws, bought, **MANUAL)
        await log_trade(ws, bought, price=Decimal(100), traded_on=date(2025, 7, 22), **MANUAL)
        over: dict[str, Any] = {"action": "SELL", "stop_loss": None, "target": None, "conviction": None}
        key = await put_row(ws, portfolio_id=portfolio, decided_on=date(2025, 7, 22), **over)
        await approve(ws, key, **MANUAL)
        with pytest.raises(InputError, match="only 10 of today's shares are held"):
            await log_trade(ws, key, price=Decimal(90), quantity=Decimal(11), **MANUAL)
        assert (await read_row(ws, key)).status == "approved" and await count(ws, "trades") == 1
        await log_trade(
            ws, key, price=Decimal(90), commission=Decimal(1), traded_on=date(2025, 7, 24), **MANUAL
        )
        sale, purchase = await read_row(ws, key), await read_row(ws, bought)
        assert (sale.status, sale.outcome["gain"], sale.outcome["gain_pct"]) == ("closed", "-101", -10.1)
        assert (purchase.status, purchase.outcome["gain"], purchase.outcome["days"]) == ("closed", "-101", 2)

    desk(work)


def test_the_trade_goes_where_it_is_said(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        await make(ws, "mine")
        await make(ws, "other")
        key = await put_row(ws, quantity=None)
        await approve(ws, key, **MANUAL)
        with pytest.raises(InputError, match="no portfolio to log the trade in"):
            await log_trade(ws, key, price=Decimal(100), **MANUAL)
        with pytest.raises(InputError, match="says no quantity"):
            await log_trade(ws, key, price=Decimal(100), portfolio="mine", **MANUAL)
        given = desk_set(portfolio="mine")
        await log_trade(ws, key, price=Decimal(100), quantity=Decimal(1), settings=given)
        assert await ask(ws, "SELECT p.name FROM trades t JOIN portfolios p ON p.id = t.portfolio_id") == [
            ("mine",)
        ]
        watch = await put_row(ws, "BBB", action="WATCHLIST", expires_on=None)
        with pytest.raises(InputError, match="nothing to answer"):
            await approve(ws, watch, **MANUAL)

    desk(work)


def test_pence_and_a_split_before_the_trade(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await put_action(ws, "AAA", date(2025, 7, 23), "split", 2.0)
        terms = {"entry_price": Decimal(1), "stop_loss": Decimal("0.9"), "target": Decimal("1.2")}
        key = await put_row(ws, portfolio_id=portfolio, currency="GBP", **terms)
        await approve(ws, key, **MANUAL)
        await log_trade(ws, key, price=Decimal("51.5"), currency="GBX", traded_on=date(2025, 7, 24), **MANUAL)
        unit = 10**8 if ws.db.dialect == "sqlite" else 1
        ((entry, stop, target, currency),) = await ask(
            ws, "SELECT entry_price, stop_loss, target, currency FROM portfolio_positions"
        )
        assert currency == "GBP"
        assert [Decimal(v) / unit for v in (entry, stop, target)] == [
            Decimal("0.515"),
            Decimal("0.45"),
            Decimal("0.6"),
        ]

    desk(work)


def test_of_two_who_log_the_trade_at_once_one_wins(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        key = await put_row(ws, portfolio_id=await make(ws))
        await approve(ws, key, **MANUAL)
        done = await asyncio.gather(
            *(log_trade(ws, key, price=Decimal(100), **MANUAL) for _ in range(3)), return_exceptions=True
        )
        assert sum(isinstance(one, InputError) for one in done) == 2
        assert await count(ws, "trades") == 1 and len(await audit_actions(ws)) == 2

    desk(work)
