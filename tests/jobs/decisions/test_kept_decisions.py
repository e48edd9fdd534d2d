"""Decisions as they are kept: a night done again, how long, and in which order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.store.desk.decisions import (
    find_decision,
    list_decisions,
    remove_old_decisions,
    store_decisions,
)
from tests.jobs.decisions.decisions_made import MANUAL, ON, Live, make_row, put_row, read_row
from tests.jobs.home import ask, count
from tests.jobs.portfolios.portfolio_home import make


def test_a_night_done_again_leaves_what_was_answered(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_row(ws, decided_on=ON - timedelta(days=3))
        async with ws.db.write() as conn:
            await store_decisions(conn, [make_row("AAA"), make_row("BBB")])
            first, second = await find_decision(conn, "AAA"), await find_decision(conn, "bbb")
        assert first.decided_on == ON and first.stock_id is not None
        ((answer,),) = await ask(ws, "SELECT answer FROM decisions WHERE status = 'expired'")
        assert answer == f"replaced by the decision of {ON}"
        await approve(ws, first.id, **MANUAL)
        async with ws.db.write() as conn:
            await store_decisions(conn, [make_row("AAA", quantity=Decimal(99))])
            rows = await list_decisions(conn)
        assert [(row.id, row.symbol, row.status, row.quantity) for row in rows if row.decided_on == ON] == [
            (first.id, "AAA", "approved", 10)
        ]
        assert second.id not in {row.id for row in rows}  # the night does not make it any more
        async with ws.db.read() as conn:
            assert (await find_decision(conn, str(first.id)[-8:])).id == first.id
            with pytest.raises(UnknownName, match="no decision 'ZZZ'"):
                await find_decision(conn, "ZZZ")
            with pytest.raises(InputError, match="2 decisions fit"):
                await find_decision(conn, str(first.id)[:4])

    desk(work)


def test_what_was_never_traded_is_kept_for_two_years(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        key = await put_row(ws, portfolio_id=portfolio)
        await approve(ws, key, **MANUAL)
        await log_trade(ws, key, price=Decimal(100), **MANUAL)
        await put_row(ws, "BBB")
        await put_row(ws, "SPY", action="HOLD", expires_on=None)
        async with ws.db.write() as conn:
            assert await remove_old_decisions(conn, date(2027, 7, 21)) == 0
            assert await remove_old_decisions(conn, date(2027, 7, 22)) == 2
        assert (await read_row(ws, key)).status == "traded" and await count(ws, "trades") == 1

    desk(work)


def test_the_waiting_come_first(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_row(ws, "AAA", decided_on=ON, bullish_share=0.7)
        async with ws.db.write() as conn:
            later = ON + timedelta(days=1)
            await store_decisions(
                conn,
                [
                    make_row("BBB", decided_on=later, action="HOLD", expires_on=None, bullish_share=0.9),
                    make_row("SPY", decided_on=later, bullish_share=0.8),
                ],
            )
            assert [row.symbol for row in await list_decisions(conn)] == ["SPY", "AAA", "BBB"]
            assert [row.symbol for row in await list_decisions(conn, waiting=True)] == ["SPY", "AAA"]

    desk(work)
