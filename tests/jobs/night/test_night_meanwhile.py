"""Nights and the hours around them: what comes in between two nights, what changes while one is worked out,
and sessions that the desk can do nothing with."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from pacesetter.jobs.decisions.agent_settings import change_agent
from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.night import run_night as module
from pacesetter.jobs.night.due import due_nights, nights_between, run_due_nights
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.night.store_night import store_night
from pacesetter.jobs.portfolios.trade_portfolio import add_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.store.desk.research_texts import TextRow, research_texts
from tests.jobs.decisions.decisions_made import put_row, read_row
from tests.jobs.home import ask
from tests.jobs.night.test_run_night import FIRST, LAST, SECOND, SEVEN, Open, opened
from tests.jobs.portfolios.portfolio_home import make

__all__ = ["opened"]


async def pick(ws: Workspace, symbol: str, at: datetime) -> None:
    """A symbol that a person put forward at an instant, on its day."""
    row = TextRow(
        id=new_id(), kind="manual", symbol=symbol, noted_on=at.date(), known_at=at, title="a pick",
        source="inbox", body="", data={"urgency": "high"}, sha256=symbol.ljust(64, "0"),
    )  # fmt: skip
    async with ws.db.write() as conn:
        await research_texts.add(conn, [row])


@pytest.mark.parametrize("worked_at", [20, 22])
def test_what_comes_after_an_early_night_is_of_the_next(opened: Open, worked_at: int) -> None:
    """A night may be asked for before its morning; each pick is told of once, by the night that knew it."""

    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = datetime(2025, 7, 23, worked_at, tzinfo=UTC)
        if worked_at == 22:
            await pick(ws, "NVDA", datetime(2025, 7, 23, 21, tzinfo=UTC))
        await run_night(ws, SECOND)
        if worked_at == 20:
            await pick(ws, "NVDA", datetime(2025, 7, 23, 21, tzinfo=UTC))
        clock.at = SEVEN
        await run_night(ws, LAST)
        found = await ask(ws, "SELECT symbol, signal_on FROM signals WHERE signal_type = 'manual'")
        assert found == [("NVDA", str(LAST if worked_at == 20 else SECOND))]

    opened(work)


def test_a_trade_meanwhile_is_in_the_book(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = module.work_out
    held: list[dict[str, Decimal]] = []

    async def work(ws: Workspace) -> None:
        mine = await make(ws, "Mine")
        await add_trade(ws, mine, action="deposit", amount=Decimal(100_000), traded_on=FIRST)
        await change_agent(ws, "desk", parameters={"portfolio": "Mine"})

        async def work_out(ws: Workspace, *given: Any) -> Any:
            held.append(dict(given[2].held))
            if len(held) == 1:
                bought: dict[str, Any] = {"symbol": "NVDA", "quantity": Decimal(3), "price": Decimal(100)}
                await add_trade(ws, mine, action="buy", traded_on=SECOND, **bought)
            return await worked_out(ws, *given)

        monkeypatch.setattr(module, "work_out", work_out)
        assert (await run_night(ws)).status == "done"
        assert held == [{}, {"NVDA": Decimal(3)}]

    opened(work)


def test_an_answer_waits_while_a_night_is_stored(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a purchase could be approved that the night has just replaced by its own."""

    async def work(ws: Workspace) -> None:
        key = await put_row(ws, "NVDA", decided_on=SECOND, expires_on=date(2025, 7, 30))
        answers: list[asyncio.Task[Any]] = []

        async def store(*given: Any, **named: Any) -> Any:
            answers.append(asyncio.create_task(approve(ws, key)))
            await asyncio.wait(answers, timeout=1)
            assert not answers[0].done()
            return await store_night(*given, **named)

        monkeypatch.setattr(module, "store_night", store)
        await run_night(ws)
        await asyncio.wait(answers)
        (status,) = [row.status for row in [await read_row(ws, key)]]
        assert status == ("approved" if answers[0].exception() is None else "expired")

    opened(work)


def test_a_session_of_boards_that_are_gone_holds_nothing_up(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        await run_night(ws, FIRST)
        own = "(SELECT id FROM domains WHERE slug = 'ai-tech')"
        async with ws.db.write() as conn:
            await conn.execute(
                text(
                    f"UPDATE board_heads SET is_provisional = true WHERE metric_date = '{SECOND}' "
                    f"AND domain_id <> {own}"
                )
            )
            await conn.execute(text(f"UPDATE domains SET is_active = false WHERE id = {own}"))
        assert await due_nights(ws) == [LAST]
        assert await nights_between(ws, None, SECOND, None) == [LAST]
        assert [one.night.night_on for one in await run_due_nights(ws)] == [LAST]

    opened(work)


def test_a_day_that_is_no_session_any_more_holds_nothing_up(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        await run_night(ws, FIRST)
        ws.settings.calendar = "XLIM"  # Lima rests on 23 July
        assert await due_nights(ws) == [LAST]

    opened(work)
