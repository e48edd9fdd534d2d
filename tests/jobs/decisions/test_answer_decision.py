"""What people make of decisions: each answer with its rows, its audit entry, and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from pacesetter.jobs.decisions.answer_decision import approve, modify, reject
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, PacesetterError
from pacesetter.store.desk.decisions import expire_decisions
from tests.jobs.decisions.decisions_made import (
    EXPIRES,
    MANUAL,
    ON,
    Live,
    audit_actions,
    desk_set,
    put_row,
    read_row,
)
from tests.jobs.home import count
from tests.jobs.portfolios.portfolio_home import make


def test_rejected_and_modified(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        key = await put_row(ws)
        with pytest.raises(InputError, match="reason is missing"):
            await reject(ws, key, reason=" ", **MANUAL)
        with pytest.raises(InputError, match="501 characters"):
            await reject(ws, key, reason="x" * 501, **MANUAL)
        with pytest.raises(InputError, match="do not ascend"):
            await modify(ws, key, stop=Decimal(100), **MANUAL)
        with pytest.raises(InputError, match="nothing is changed"):
            await modify(ws, key, **MANUAL)
        row = (await modify(ws, key, quantity=Decimal(5), stop=Decimal(92), **MANUAL)).decision
        assert (row.status, row.quantity, row.stop_loss, row.size_pct) == ("modified", 5, 92, 5.0)
        assert row.proposed == {"quantity": "10", "entry_price": "100", "stop_loss": "90", "target": "120"}
        row = (await modify(ws, key, target=Decimal(130), **MANUAL)).decision
        assert row.proposed["quantity"] == "10" and row.proposed["target"] == "120"  # as it was at first
        row = (await reject(ws, key, reason="too dear", **MANUAL)).decision
        assert (row.status, row.answer) == ("rejected", "too dear")
        with pytest.raises(InputError, match="it is rejected"):
            await approve(ws, key, **MANUAL)
        assert await audit_actions(ws) == ["decision.modified"] * 2 + ["decision.rejected"]

    desk(work)


def test_modes(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        portfolio = await make(ws)
        key = await put_row(ws, portfolio_id=portfolio)
        with pytest.raises(InputError, match="nothing can be changed"):
            await approve(ws, key, settings=desk_set("read_only"))
        with pytest.raises(InputError, match="no mode"):
            await approve(ws, key, settings=desk_set("loud"))
        with pytest.raises(InputError, match="proposed in the mode manual"):
            await approve(ws, key, settings=desk_set("paper"))
        shown = await approve(ws, key, settings=desk_set("dry_run"))
        assert (shown.kept, shown.decision.status) == (False, "approved")
        assert (await read_row(ws, key)).status == "proposed" and await audit_actions(ws) == []
        await approve(ws, key, **MANUAL)
        shown = await log_trade(ws, key, price=Decimal(100), settings=desk_set("dry_run"))
        assert (shown.kept, shown.decision.status) == (False, "traded")
        assert (await read_row(ws, key)).status == "approved"
        assert await count(ws, "trades") == 0 and await count(ws, "portfolio_positions") == 0
        paper = await put_row(ws, "BBB", mode="paper", quantity=None)
        with pytest.raises(InputError, match="says no quantity"):
            await approve(ws, paper, settings=desk_set("paper"))
        await modify(ws, paper, quantity=Decimal(3), settings=desk_set("paper"))
        await approve(ws, paper, settings=desk_set("paper"))
        with pytest.raises(InputError, match="the night trades it"):
            await log_trade(ws, paper, price=Decimal(50), portfolio="mine", settings=desk_set("paper"))
        assert await count(ws, "trades") == 0

    desk(work)


def test_nobody_acts_in_time(desk: Live) -> None:
    async def proposed(ws: Workspace) -> UUID:
        return await put_row(ws)

    key = desk(proposed)

    async def on_the_last_day(ws: Workspace) -> None:
        async with ws.db.write() as conn:
            assert await expire_decisions(conn, EXPIRES) == 0
        await modify(ws, key, quantity=Decimal(9), **MANUAL)

    async def a_day_later(ws: Workspace) -> None:
        with pytest.raises(InputError, match="it is expired"):
            await approve(ws, key, **MANUAL)
        async with ws.db.write() as conn:
            assert await expire_decisions(conn, EXPIRES + timedelta(days=1)) == 1
        row = await read_row(ws, key)
        assert (row.status, row.answer) == ("expired", "nobody acted in time")

    desk(on_the_last_day, at=datetime(2025, 7, 28, 23, tzinfo=UTC))
    desk(a_day_later, at=datetime(2025, 7, 29, 1, tzinfo=UTC))


def test_of_two_who_answer_at_once_one_wins(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        for n in range(8):
            key = await put_row(ws, decided_on=ON - timedelta(days=n), expires_on=EXPIRES)
            answers: list[Awaitable[Any]] = [
                approve(ws, key, by="Ada", **MANUAL),
                reject(ws, key, by="Bob", reason="no", **MANUAL),
                approve(ws, key, by="Cyd", **MANUAL),
            ]
            done = await asyncio.gather(*answers, return_exceptions=True)
            won = [one for one in done if not isinstance(one, BaseException)]
            lost = [one for one in done if isinstance(one, BaseException)]
            assert len(won) == 1 and all(isinstance(one, InputError) for one in lost)
            assert all("it cannot be what you asked for" in str(one) for one in lost)
            assert (await read_row(ws, key)).status == won[0].decision.status
        assert len(await audit_actions(ws)) == 8

    desk(work)


def test_errors_say_how_to_mend(desk: Live) -> None:
    async def work(ws: Workspace) -> None:
        with pytest.raises(PacesetterError) as told:
            await approve(ws, UUID(int=1), **MANUAL)
        assert "there is no decision" in str(told.value) and told.value.mend

    desk(work)
