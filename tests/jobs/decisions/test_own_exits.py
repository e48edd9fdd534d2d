"""A stop or target that a person set by hand, beside those of decisions that are traded into its position."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from pacesetter.jobs.decisions.answer_decision import Answered, approve, modify
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, edit_position, remove_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.database.schema import downgrade, upgrade
from pacesetter.store.portfolios.positions import list_positions
from tests.jobs.decisions.decisions_made import MANUAL, Live, put_row, read_row
from tests.jobs.decisions.test_decision_mends import live  # noqa: F401 - a fixture
from tests.jobs.decisions.test_paper_desk import CALM, DAYS, Bar, approved, put_bars, settle
from tests.jobs.decisions.test_trades_taken_away import by_hand, held
from tests.jobs.portfolios.portfolio_home import make, put_action

HAND = Decimal("98.5")


async def bought_by_hand(ws: Workspace, **own: Any) -> tuple[UUID, UUID]:
    """Five shares that nobody decided on, with a person's own stop or target; portfolio and position."""
    portfolio = await make(ws)
    await add_trade(ws, portfolio, **by_hand(5))
    position = await position_of(ws, portfolio)
    await edit_position(ws, portfolio, position, own)
    return portfolio, position


async def position_of(ws: Workspace, portfolio: UUID) -> UUID:
    async with ws.db.read() as conn:
        (one,) = [row for row in await list_positions(conn, portfolio) if row.status == "open"]
    return UUID(str(one.id))


async def log(ws: Workspace, portfolio: UUID, day: int, *, changed: Any = None, **over: Any) -> Answered:
    """Ten at 100, stop 90 and target 120 unless said otherwise, logged; ``changed``: terms that a person
    gave the decision first."""
    key = await put_row(ws, portfolio_id=portfolio, **over)
    if changed:
        await modify(ws, key, **changed, **MANUAL)
    await approve(ws, key, **MANUAL)
    return await log_trade(ws, key, price=Decimal(100), traded_on=DAYS[day], **MANUAL)


async def exits(ws: Workspace, portfolio: UUID) -> tuple[Any, Any]:
    return (await held(ws, portfolio))[1:3]


async def take_back(ws: Workspace, portfolio: UUID, done: Answered) -> None:
    trade = (await read_row(ws, done.decision.id)).trade_id
    assert trade is not None
    await remove_trade(ws, portfolio, trade)


def test_it_holds_and_comes_through_when_the_trade_goes(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, _ = await bought_by_hand(ws, stop_loss=HAND)
        done = await log(ws, portfolio, 1)
        assert await exits(ws, portfolio) == (HAND, 120)
        (said,) = [one for one in done.said if "stop" in one]
        assert "stop 98.5, set by hand (the decision says 90)" in said and "target 120" in said
        await take_back(ws, portfolio, done)
        assert await exits(ws, portfolio) == (HAND, None)

    desk(work)


def test_the_same_price_as_the_decision_says_stays_when_the_trade_goes(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, _ = await bought_by_hand(ws, stop_loss=Decimal(90), target=Decimal(120))
        done = await log(ws, portfolio, 1)
        await take_back(ws, portfolio, done)
        assert await exits(ws, portfolio) == (90, 120)

    desk(work)


def test_a_decision_that_a_person_changed_names_another(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, position = await bought_by_hand(ws, stop_loss=HAND, target=Decimal(150))
        first = await log(ws, portfolio, 1, changed={"stop": Decimal(95)})
        assert await exits(ws, portfolio) == (95, 150)  # its target nobody changed
        (said,) = [one for one in first.said if "stop" in one]
        assert "stop 95, as the decision was changed to (it was 98.5, set by hand)" in said
        second = await log(ws, portfolio, 2, changed={"stop": Decimal(93)}, decided_on=DAYS[1])
        assert await exits(ws, portfolio) == (93, 150)
        await take_back(ws, portfolio, first)  # it had named what the second one replaced
        assert await exits(ws, portfolio) == (93, 150)
        await take_back(ws, portfolio, second)
        assert await exits(ws, portfolio) == (HAND, 150)
        third = await log(ws, portfolio, 2, changed={"stop": Decimal(92)}, decided_on=DAYS[2])
        await edit_position(ws, portfolio, position, {"stop_loss": Decimal(96)})
        await take_back(ws, portfolio, third)
        assert await exits(ws, portfolio) == (96, 150)  # said since, so it is nothing of the trade's

    desk(work)


def test_one_that_was_taken_away_gives_way_to_the_next_lot(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, position = await bought_by_hand(ws, stop_loss=HAND)
        await edit_position(ws, portfolio, position, {"stop_loss": None})
        done = await log(ws, portfolio, 1)
        assert await exits(ws, portfolio) == (90, 120)
        (said,) = [one for one in done.said if "stop" in one]
        assert "stop 90" in said and "by hand" not in said

    desk(work)


def test_it_holds_on_paper_through_sales_and_splits(live: Live) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        bars: list[Bar] = [CALM, CALM, (110, 121, 109, 120), (55, 56, 54, 55), (55, 56, 54, 55)]
        await put_bars(ws, "AAA", bars[:3])
        row = await read_row(ws, await approved(ws))
        assert row.portfolio_id is not None
        await settle(ws, DAYS[1])
        position = await position_of(ws, row.portfolio_id)
        await edit_position(ws, row.portfolio_id, position, {"stop_loss": HAND})
        await settle(ws, DAYS[2])  # half of it is sold at the target
        assert await exits(ws, row.portfolio_id) == (HAND, None)
        await edit_position(ws, row.portfolio_id, position, {"stop_loss": Decimal(49)})
        await put_bars(ws, "AAA", bars)
        await put_action(ws, "AAA", DAYS[3], "split", 2.0)
        await settle(ws, *DAYS[3:5])
        assert await exits(ws, row.portfolio_id) == (49, None)

    live(work)


def test_what_was_sold_on_paper_does_not_wipe_out_what_was_replaced(live: Live) -> None:  # noqa: F811
    async def work(ws: Workspace) -> None:
        bars: list[Bar] = [CALM, CALM, CALM, (110, 121, 109, 120)]
        await put_bars(ws, "AAA", bars)
        portfolio = (await read_row(ws, await approved(ws, quantity=Decimal(40)))).portfolio_id
        assert portfolio is not None
        await settle(ws, DAYS[1])
        await edit_position(ws, portfolio, await position_of(ws, portfolio), {"stop_loss": HAND})
        first = {"quantity": "10", "entry_price": "100", "stop_loss": "90", "target": "120"}
        key = await approved(ws, decided_on=DAYS[1], stop_loss=Decimal(95), proposed=first)
        await settle(ws, *DAYS[2:4])
        row = await read_row(ws, key)
        assert set(row.outcome) == {"sold", "replaced"}
        assert row.trade_id is not None
        await remove_trade(ws, portfolio, row.trade_id)
        assert (await exits(ws, portfolio))[0] == HAND

    live(work)


def test_the_migration_finds_out_what_was_set_by_hand(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        mine, _ = await bought_by_hand(ws, stop_loss=HAND, target=Decimal(120))
        await log(ws, mine, 1)
        desks = await make(ws, "the desk's")
        await log(ws, desks, 1, decided_on=DAYS[1])
        await downgrade(ws.db, "0014")
        await upgrade(ws.db)
        async with ws.db.read() as conn:
            found = [(await list_positions(conn, one))[0] for one in (mine, desks)]
        assert [(one.own_stop_loss, one.own_target) for one in found] == [(HAND, None), (None, None)]
        assert [(one.stop_loss, one.target) for one in found] == [(HAND, 120), (90, 120)]

    desk(work)
