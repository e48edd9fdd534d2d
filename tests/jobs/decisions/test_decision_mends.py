"""Decisions that can be answered no more, those whose trade is to be logged, limits that an answer passes,
and orders on paper past their last day; the stop of a position of several lots."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from pacesetter.jobs.decisions.answer_decision import approve, modify
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.decisions.paper_desk import settle_paper
from pacesetter.jobs.decisions.view_decisions import is_waiting, list_decisions, view_decision
from pacesetter.jobs.desk.view_desk import view_desk
from pacesetter.jobs.portfolios.trade_portfolio import remove_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id
from pacesetter.research.desk import load_desk
from pacesetter.research.sizing import Book, tell_passed
from pacesetter.store.desk.decisions import expire_decisions
from pacesetter.store.tables.portfolio import portfolio_positions
from pacesetter.store.tables.symbol import symbol_universe
from tests.agents.evidence_made import make_evidence
from tests.jobs.decisions.decisions_made import EXPIRES, MANUAL, ON, Live, desk_set, put_row, read_row
from tests.jobs.decisions.test_paper_desk import CALM, DAYS, approved, put_bars, settle
from tests.jobs.home import with_home
from tests.jobs.portfolios.portfolio_home import make, put_action, take

LAST_EVENING = datetime(2025, 7, 28, 23, tzinfo=UTC)
NEXT_MORNING = datetime(2025, 7, 29, 1, tzinfo=UTC)


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Live:
    """Work in an empty home on each database, on the evening of ``ON``."""
    url = None if database_url.startswith("sqlite") else database_url
    at = datetime(2025, 7, 21, 22, tzinfo=UTC)
    return lambda work: with_home(tmp_path / "home", work, url=url, at=at)


def test_a_decision_waits_while_it_can_be_answered(desk: Live) -> None:
    async def proposed(ws: Workspace) -> UUID:
        await put_row(ws, "BBB", decided_on=ON - timedelta(days=1), expires_on=EXPIRES + timedelta(days=1))
        return await put_row(ws)

    key = desk(proposed)

    async def on_the_last_day(ws: Workspace) -> None:
        assert [row.symbol for row in await list_decisions(ws, waiting=True)] == ["AAA", "BBB"]
        assert (await view_desk(ws, new_id())).n_waiting == 2
        assert is_waiting(await read_row(ws, key), EXPIRES)

    async def a_day_later(ws: Workspace) -> None:
        with pytest.raises(InputError, match="it is expired"):
            await approve(ws, key, **MANUAL)
        assert (await read_row(ws, key)).status == "proposed"  # no night has ended it
        assert [row.symbol for row in await list_decisions(ws, waiting=True)] == ["BBB"]
        assert (await view_desk(ws, new_id())).n_waiting == 1
        first, second = await list_decisions(ws)
        assert (first.symbol, first.status) == ("BBB", "proposed")
        assert (second.symbol, second.status, second.answer) == ("AAA", "expired", "nobody acted in time")
        assert (await view_decision(ws, "AAA")).status == "expired"
        assert not is_waiting(await read_row(ws, key), EXPIRES + timedelta(days=1))

    desk(on_the_last_day, at=LAST_EVENING)
    desk(a_day_later, at=NEXT_MORNING)


def test_an_approved_decision_is_listed_until_its_trade_is_logged(desk: Live) -> None:
    async def answered(ws: Workspace) -> None:
        await make(ws)
        late = await put_row(ws, "AAA")
        await approve(ws, late, **MANUAL)
        traded = await put_row(ws, "SPY")
        await approve(ws, traded, **MANUAL)
        await put_row(ws, "BBB", mode="paper", status="approved")  # the night trades it
        await put_row(ws, "BBB", decided_on=ON - timedelta(days=1), bullish_share=0.1)
        assert [row.symbol for row in await list_decisions(ws, to_do=True)] == ["BBB", "AAA", "SPY"]
        assert [row.symbol for row in await list_decisions(ws, waiting=True)] == ["BBB"]
        every = [(row.symbol, row.status) for row in await list_decisions(ws)]
        assert every == [("BBB", "proposed"), *((s, "approved") for s in ("AAA", "SPY", "BBB"))]
        await log_trade(ws, traded, price=Decimal(100), portfolio="mine", **MANUAL)
        assert [row.symbol for row in await list_decisions(ws, to_do=True)] == ["BBB", "AAA"]

    async def a_day_later(ws: Workspace) -> None:
        assert await list_decisions(ws, to_do=True) == []
        (row,) = await list_decisions(ws, symbol="AAA")
        assert (row.status, row.answer) == ("expired", "no trade of its time was logged")
        late: dict[str, Any] = {"price": Decimal(100), "portfolio": "mine", **MANUAL}
        async with ws.db.write() as conn:
            await expire_decisions(conn, ws.now().date())
        with pytest.raises(InputError, match="it is expired"):
            await log_trade(ws, row.id, **late)  # made today, after its last day
        await log_trade(ws, row.id, traded_on=EXPIRES, **late)  # made in time, and logged the morning after
        after = await read_row(ws, row.id)
        assert (after.status, after.answer) == ("traded", None)

    desk(answered, at=LAST_EVENING)
    desk(a_day_later, at=NEXT_MORNING)


async def _exits(ws: Workspace) -> tuple[Decimal | None, Decimal | None]:
    async with ws.db.read() as conn:
        of = portfolio_positions.c
        query = select(of.stop_loss, of.target).where(of.deleted_at.is_(None), of.symbol == "AAA")
        (row,) = await conn.execute(query)
    return row.stop_loss, row.target


def test_a_position_has_the_stop_of_the_lots_that_are_left(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, CALM, (97, 98, 94, 96), CALM])
        await approved(ws)  # stop 90, target 120
        await settle(ws, DAYS[1])
        assert await _exits(ws) == (90, 120)
        tight = {"stop_loss": Decimal(95), "target": Decimal(110), "decided_on": DAYS[1]}
        await approved(ws, **tight)
        await settle(ws, DAYS[2])
        assert await _exits(ws) == (95, 110)
        assert await settle(ws, DAYS[3]) == [("sell", DAYS[3], 10, 95, "stop")]
        assert await _exits(ws) == (90, 120)  # 96 is above the stop of what is left

    live(work)


def test_a_wider_lot_bought_later_does_not_move_the_stop_away(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, CALM])
        await approved(ws, stop_loss=Decimal(95), target=Decimal(110))
        await settle(ws, DAYS[1])
        await approved(ws, decided_on=DAYS[1])
        await settle(ws, DAYS[2])
        assert await _exits(ws) == (95, 110)
        half = [CALM, CALM, CALM, (50.0, 51.0, 49.0, 50.0)]
        await put_bars(ws, "AAA", half)
        await put_action(ws, "AAA", DAYS[3], "split", 2.0)
        await settle(ws, DAYS[3])
        assert await _exits(ws) == (Decimal("47.5"), 55)

    live(work)


def test_a_target_that_was_sold_at_is_no_target_any_more(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, (110, 121, 109, 120)])
        await approved(ws)
        assert [one[0] for one in await settle(ws, *DAYS[1:3])] == ["buy", "sell"]
        assert await _exits(ws) == (90, None)

    live(work)


def test_an_answer_names_each_limit_that_it_passes(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        real = await make(ws, "real")
        await take(
            ws,
            real,
            "Date,Action,Symbol,Quantity,Price,Commission,Amount,Currency",
            "2025-07-17,deposit,,,,,10000,USD",
            "2025-07-18,buy,BBB,20,50,,,USD",
        )
        async with ws.db.write() as conn:
            await conn.execute(update(symbol_universe).values(sector="Industrials"))
        given = {"settings": desk_set("manual", "real")}
        key = await put_row(ws, portfolio_id=real)
        assert (await modify(ws, key, quantity=Decimal(9), **given)).said == ()
        # 1,000 of 10,000 is held; 12 at 100 are 12 %
        position, sector = (await modify(ws, key, quantity=Decimal(12), **given)).said
        assert position == (
            "beyond the position limit: AAA would be 12.00 % of the portfolio (0.00 % held or approved + "
            "12.00 %), at most 10 % may be"
        )
        assert "Industrials would be 22.00 %" in sector and "at most 20 %" in sector
        done = await modify(ws, key, quantity=Decimal(75), **given)
        assert "everything together would be 85.00 %" in done.said[2] and "at most 80 %" in done.said[2]
        assert (await approve(ws, key, **given)).said == done.said
        assert (await read_row(ws, key)).status == "approved"  # the person may
        tonight = await put_row(ws, "SPY", portfolio_id=real, quantity=Decimal(1), size_pct=1.0)
        said = (await approve(ws, tonight, **given)).said
        assert [one.split(":")[0] for one in said] == [
            "beyond the sector limit",
            "beyond the invested limit",
        ]
        assert "86.00 %" in said[1]
        unknown = await put_row(ws, "BBB", quantity=Decimal(999))
        assert (await approve(ws, unknown, **MANUAL)).said == ()  # no portfolio says what one per cent is

    desk(work)


@pytest.mark.parametrize(("size", "passed"), [(10.0, 0), (10.004, 0), (10.01, 1), (80.0, 1), (80.01, 2)])
def test_a_limit_may_be_reached(size: float, passed: int) -> None:
    assert len(tell_passed("AAA", "", size, Book(), load_desk().decision)) == passed


async def _night(ws: Workspace, on: date) -> int:
    assert isinstance(ws.clock, VirtualClock)
    ws.clock.advance(max(datetime(on.year, on.month, on.day, 22, tzinfo=UTC) - ws.now(), timedelta()))
    async with ws.db.write() as conn:
        return len(await settle_paper(ws, conn, make_evidence(on=on)))


@pytest.mark.parametrize(("nth", "bought"), [(4, 1), (5, 1), (6, 0), (7, 0)])  # the 5th is its last day
def test_a_paper_trade_that_was_taken_away_is_not_made_again_past_its_day(
    live: Live, nth: int, bought: int
) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM] * 8)
        key = await approved(ws)
        assert await _night(ws, DAYS[1]) == 1
        row = await read_row(ws, key)
        assert row.portfolio_id is not None and row.trade_id is not None
        await remove_trade(ws, row.portfolio_id, row.trade_id)
        assert (await read_row(ws, key)).status == "approved"
        assert await _night(ws, DAYS[nth]) == bought

    live(work)


def test_an_order_whose_bars_come_too_late_is_not_filled(live: Live) -> None:
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM])
        await approved(ws)
        assert await _night(ws, DAYS[5]) == 0
        await put_bars(ws, "AAA", [CALM] * 7)
        assert await _night(ws, DAYS[6]) == 0

    live(work)
