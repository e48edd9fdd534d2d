"""Trades of the desk's portfolio that are taken away: what position, decisions and the log say then."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.imports.import_portfolio import undo_import
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, edit_position, remove_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.accounts.audit import list_entries
from pacesetter.store.desk.decisions import decisions
from pacesetter.store.portfolios.positions import list_positions
from pacesetter.store.portfolios.trades import list_trades
from pacesetter.store.tables.decision import decisions as table
from tests.jobs.decisions.decisions_made import MANUAL, ON, Live, audit_actions, put_row, read_row
from tests.jobs.decisions.test_decision_mends import live  # noqa: F401 - a fixture
from tests.jobs.decisions.test_paper_desk import CALM, DAYS, approved, put_bars, settle
from tests.jobs.portfolios.portfolio_home import make, take

TIGHT: dict[str, Any] = {"stop_loss": Decimal(95), "target": Decimal(110), "decided_on": DAYS[1]}


async def logged(ws: Workspace, portfolio: UUID, day: int, **over: Any) -> UUID:
    """A purchase of ten at 100, stop 90 and target 120 unless said otherwise, logged on a day; its trade."""
    key = await put_row(ws, portfolio_id=portfolio, **over)
    await approve(ws, key, **MANUAL)
    await log_trade(ws, key, price=Decimal(100), traded_on=DAYS[day], **MANUAL)
    trade = (await read_row(ws, key)).trade_id
    assert trade is not None
    return trade


async def held(ws: Workspace, portfolio: UUID) -> tuple[Any, ...]:
    """Quantity, stop, target and note of the only open position."""
    async with ws.db.read() as conn:
        (one,) = [row for row in await list_positions(conn, portfolio) if row.status == "open"]
    return one.quantity, one.stop_loss, one.target, one.note


async def position_id(ws: Workspace, portfolio: UUID) -> UUID:
    async with ws.db.read() as conn:
        (one,) = await list_positions(conn, portfolio)
    return UUID(str(one.id))


def by_hand(quantity: int, day: int = 0) -> dict[str, Any]:
    return {
        "action": "buy",
        "symbol": "AAA",
        "quantity": Decimal(quantity),
        "price": Decimal(100),
        "traded_on": DAYS[day],
    }


def test_the_later_of_two_lots(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await logged(ws, portfolio, 1)
        later = await logged(ws, portfolio, 2, **TIGHT)
        assert await held(ws, portfolio) == (20, 95, 110, None)
        await remove_trade(ws, portfolio, later)
        assert await held(ws, portfolio) == (10, 90, 120, None)

    desk(work)


def test_the_lot_that_opened_the_position(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        first = await logged(ws, portfolio, 1, stop_loss=Decimal(97), target=Decimal(105))
        await logged(ws, portfolio, 2, decided_on=DAYS[1])
        await edit_position(ws, portfolio, await position_id(ws, portfolio), {"note": "for the long run"})
        assert await held(ws, portfolio) == (20, 97, 105, "for the long run")
        await remove_trade(ws, portfolio, first)
        assert await held(ws, portfolio) == (10, 90, 120, "for the long run")

    desk(work)


def test_the_only_lot_beside_what_was_bought_by_hand(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await add_trade(ws, portfolio, **by_hand(5))
        lot = await logged(ws, portfolio, 1)
        assert await held(ws, portfolio) == (15, 90, 120, None)
        await remove_trade(ws, portfolio, lot)
        assert await held(ws, portfolio) == (5, None, None, None)  # nobody watches for what the desk said

    desk(work)


def test_a_stop_that_a_person_set_stays(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        await add_trade(ws, portfolio, **by_hand(5))
        lot = await logged(ws, portfolio, 1)
        await edit_position(ws, portfolio, await position_id(ws, portfolio), {"stop_loss": Decimal("98.5")})
        await remove_trade(ws, portfolio, lot)
        assert await held(ws, portfolio) == (5, Decimal("98.5"), None, None)

    desk(work)


def test_the_words_of_a_position_that_the_desk_has_no_part_in(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        first = await add_trade(ws, portfolio, **by_hand(5))
        await add_trade(ws, portfolio, **by_hand(3, 1))
        said = {"stop_loss": Decimal(80), "target": Decimal(150), "note": "patience"}
        await edit_position(ws, portfolio, await position_id(ws, portfolio), said)
        await remove_trade(ws, portfolio, first.id)
        assert await held(ws, portfolio) == (3, 80, 150, "patience")
        assert await audit_actions(ws) == []  # a portfolio of one's own is nobody else's to read of

    desk(work)


def test_the_log_says_what_was_taken_away(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        taken = await take(
            ws, portfolio, "Date,Action,Symbol,Quantity,Price", f"{ON},buy,AAA,5,99", f"{ON},buy,SPY,2,400"
        )
        lot = await logged(ws, portfolio, 1)
        (decision,) = await _decisions_of(ws, lot)
        await remove_trade(ws, portfolio, lot)
        await undo_import(ws, portfolio, str(taken.import_id))
        assert await audit_actions(ws) == ["decision.approved", "decision.traded", *["trade.removed"] * 2]
        async with ws.db.read() as conn:
            undone, removed = (entry.data for entry in (await list_entries(conn))[:2])
        terms = {"action": "buy", "symbol": "AAA", "quantity": "10", "price": "100", "commission": "0"}
        assert removed["portfolio"] == str(portfolio) and removed["n_trades"] == 1
        assert terms.items() <= removed["trades"][0].items()
        assert removed["trades"][0]["traded_on"] == DAYS[1].isoformat()
        assert (removed["trades"][0]["decision"], removed["trades"][0]["trade"]) == (str(decision), str(lot))
        assert (undone["import"], undone["file"], undone["n_trades"]) == (str(taken.import_id), "file.csv", 2)
        assert [one["symbol"] for one in undone["trades"]] == ["AAA", "SPY"]

    desk(work)


async def _decisions_of(ws: Workspace, trade: UUID) -> list[UUID]:
    async with ws.db.read() as conn:
        return [row.id for row in await decisions.find(conn, table.c.trade_id == trade)]


def test_an_undone_import_opened_the_position_of_a_lot(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        taken = await take(ws, portfolio, "Date,Action,Symbol,Quantity,Price", f"{ON},buy,AAA,5,99")
        await logged(ws, portfolio, 1)
        await edit_position(ws, portfolio, await position_id(ws, portfolio), {"stop_loss": Decimal(93)})
        await undo_import(ws, portfolio, str(taken.import_id))
        assert await held(ws, portfolio) == (10, 93, 120, None)

    desk(work)


def test_a_sale_on_paper_is_made_good(live: Live) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        await put_bars(ws, "AAA", [CALM, CALM, (110, 121, 109, 120), CALM, (88, 89, 87, 88)])
        key = await approved(ws)
        assert await settle(ws, *DAYS[1:3]) == [
            ("buy", DAYS[1], 10, 100, "open"),
            ("sell", DAYS[2], 5, 120, "target"),
        ]
        row = await read_row(ws, key)
        assert row.portfolio_id is not None
        assert await held(ws, row.portfolio_id) == (5, 90, None, None)
        async with ws.db.read() as conn:
            sale = next(one for one in await list_trades(conn, row.portfolio_id) if one.action == "sell")
        await remove_trade(ws, row.portfolio_id, sale.id)
        assert await held(ws, row.portfolio_id) == (10, 90, 120, None)  # the whole of it is still to be sold
        assert (await read_row(ws, key)).outcome is None
        sold = await settle(ws, DAYS[4])
        assert sum(one[2] for one in sold) == 10, sold

    live(work)
