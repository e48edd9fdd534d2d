"""Cut off behind any statement and at the commit: what people make of a decision is there as a whole, with
its trade, its position and its audit entry, or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from pacesetter.jobs.decisions.answer_decision import approve, modify, reject
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, remove_trade
from pacesetter.jobs.workspace import Workspace
from tests.jobs.decisions.decisions_made import MANUAL, Live, audit_actions, put_row, read_row
from tests.jobs.home import ask, count
from tests.jobs.portfolios.portfolio_home import make

pytestmark = pytest.mark.faults
BOUGHT, SOLD = date(2025, 7, 22), date(2025, 7, 24)
State = dict[str, Any]


class Killed(Exception):
    """The end, in the middle of something."""


@contextmanager
def killed_at(ws: Workspace, step: int) -> Iterator[None]:
    """Fail behind the ``step``-th statement from here on, or at a commit in its place."""
    engine, seen = ws.db._engine.sync_engine, 0

    def strike(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            raise Killed

    names = ("after_cursor_execute", "commit")
    for name in names:
        event.listen(engine, name, strike)
    try:
        yield
    except Killed:
        pass
    finally:
        for name in names:
            event.remove(engine, name, strike)


async def look(ws: Workspace) -> State:
    """All that the answers change, without clock times."""
    decided = "SELECT action, status, quantity, answer, outcome, trade_id FROM decisions ORDER BY action"
    held = "SELECT symbol, status, stop_loss FROM portfolio_positions WHERE deleted_at IS NULL"
    return {
        "decisions": await ask(ws, decided),
        "trades": await count(ws, "trades"),
        "positions": await ask(ws, held),
        "audit": await count(ws, "audit_log"),
    }


async def kill_everywhere(ws: Workspace, act: Callable[[], Awaitable[Any]]) -> tuple[State, State, int]:
    """The states before and when anything of it is there, and the step from which on it is."""
    before = await look(ws)
    for step in range(1, 400):
        with killed_at(ws, step):
            await act()
        after = await look(ws)
        if after != before:
            await audit_actions(ws)  # whose chain holds
            return before, after, step
    raise AssertionError("it never came to its end")


def states(seen: State) -> list[str]:
    return [status for _, status, *_ in seen["decisions"]]


async def bought(ws: Workspace) -> tuple[UUID, UUID]:
    """A portfolio with a traded purchase of ten, and that decision."""
    portfolio = await make(ws)
    key = await put_row(ws, portfolio_id=portfolio)
    await approve(ws, key, **MANUAL)
    await log_trade(ws, key, price=Decimal(100), traded_on=BOUGHT, **MANUAL)
    return portfolio, key


ANSWERS: dict[str, Callable[[Workspace, UUID], Awaitable[Any]]] = {
    "approved": lambda ws, key: approve(ws, key, **MANUAL),
    "modified": lambda ws, key: modify(ws, key, quantity=Decimal(5), **MANUAL),
    "rejected": lambda ws, key: reject(ws, key, reason="too dear", **MANUAL),
}


@pytest.mark.parametrize("state", ANSWERS)
def test_an_answer_and_its_entry(desk: Live, state: str) -> None:
    async def work(ws: Workspace) -> None:
        key = await put_row(ws)
        before, after, step = await kill_everywhere(ws, lambda: ANSWERS[state](ws, key))
        assert states(after) == [state] and after["audit"] == before["audit"] + 1 and step > 3
        print(f"{state}: killed at {step} steps")

    desk(work)


def test_the_trade_of_a_purchase(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        key = await put_row(ws, portfolio_id=await make(ws))
        await approve(ws, key, **MANUAL)
        before, after, step = await kill_everywhere(
            ws, lambda: log_trade(ws, key, price=Decimal(100), **MANUAL)
        )
        assert (after["trades"], states(after), after["audit"]) == (1, ["traded"], before["audit"] + 1)
        ((symbol, status, stop),) = after["positions"]
        assert (symbol, status) == ("AAA", "open") and stop is not None and step > 20
        print(f"purchase: killed at {step} steps")

    desk(work)


def test_the_trade_of_a_sale_which_ends_the_purchase(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, _ = await bought(ws)
        over: dict[str, Any] = {"action": "SELL", "stop_loss": None, "target": None, "conviction": None}
        key = await put_row(ws, portfolio_id=portfolio, decided_on=BOUGHT, **over)
        await approve(ws, key, **MANUAL)
        before, after, step = await kill_everywhere(
            ws, lambda: log_trade(ws, key, price=Decimal(90), traded_on=SOLD, **MANUAL)
        )
        assert (after["trades"], after["audit"]) == (2, before["audit"] + 1)
        assert states(after) == ["closed"] * 2 and step > 20
        assert all(outcome for *_, outcome, _ in after["decisions"])
        assert [status for _, status, _ in after["positions"]] == ["closed"]
        print(f"sale: killed at {step} steps")

    desk(work)


def test_a_sale_by_hand_closes_the_decision_with_it(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, _ = await bought(ws)
        sale: dict[str, Any] = {"action": "sell", "symbol": "AAA", "quantity": Decimal(10), "traded_on": SOLD}
        _, after, step = await kill_everywhere(
            ws, lambda: add_trade(ws, portfolio, price=Decimal(90), **sale)
        )
        assert (after["trades"], states(after)) == (2, ["closed"]) and step > 10
        print(f"sale by hand: killed at {step} steps")

    desk(work)


def test_a_trade_that_is_taken_back_opens_the_decision_again(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, key = await bought(ws)
        trade = (await read_row(ws, key)).trade_id
        assert trade is not None
        _, after, step = await kill_everywhere(ws, lambda: remove_trade(ws, portfolio, trade))
        assert (after["trades"], after["positions"], states(after)) == (0, [], ["approved"]) and step > 5
        assert (await read_row(ws, key)).trade_id is None
        print(f"taken back: killed at {step} steps")

    desk(work)


def test_a_sale_that_is_taken_back_opens_position_and_decision_again(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio, _ = await bought(ws)
        sale: dict[str, Any] = {"action": "sell", "symbol": "AAA", "quantity": Decimal(10), "traded_on": SOLD}
        sold = await add_trade(ws, portfolio, price=Decimal(90), **sale)
        assert states(await look(ws)) == ["closed"]
        _, after, step = await kill_everywhere(ws, lambda: remove_trade(ws, portfolio, sold.id))
        assert (after["trades"], states(after)) == (1, ["traded"]) and step > 5
        assert [status for _, status, _ in after["positions"]] == ["open"]
        (told,) = (outcome for *_, outcome, _ in after["decisions"])
        assert told in (None, "null")  # JSON's own null, as SQLite writes it
        print(f"sale taken back: killed at {step} steps")

    desk(work)
