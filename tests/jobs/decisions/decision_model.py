"""Decisions and the trades of a portfolio as a plain model, and what is stored of them; the rules of what may
follow what are written without the product's."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.store.desk.decisions import decisions
from pacesetter.store.tables.audit import audit_log
from pacesetter.store.tables.decision import decisions as decisions_table
from pacesetter.store.tables.portfolio import portfolio_positions, trades
from tests.jobs.portfolios.portfolio_home import make


@dataclass
class Plain:
    """A decision as the model has it."""

    symbol: str
    side: str
    expires_on: date
    state: str = "proposed"
    quantity: int = 10
    trade: UUID | None = None


@dataclass
class Deal:
    """A trade as the model has it, in the order of the book."""

    id: UUID
    symbol: str
    change: int
    on: date


@dataclass
class World:
    """The opened home of one database; each history has a portfolio of its own in it."""

    ws: Workspace
    runner: asyncio.Runner
    n: int = 0
    seen: Counter[str] = field(default_factory=Counter)


class DecisionDesk:
    """The model beside the database; each history has a portfolio of its own."""

    world: World

    def start(self, on: date, at: datetime) -> None:
        """Nothing decided or traded so far."""
        self.today = on
        self.clock.at = at
        self.model: dict[UUID, Plain] = {}
        self.deals: list[Deal] = []
        self.world.n += 1
        self.do(self.forget())
        self.portfolio = self.do(make(self.world.ws, f"p{self.world.n}"))
        self.entries = self.do(self.count_entries())

    @property
    def clock(self) -> VirtualClock:
        clock = self.world.ws.clock
        assert isinstance(clock, VirtualClock)
        return clock

    def do(self, work: Any) -> Any:
        return self.world.runner.run(work)

    async def count_entries(self) -> int:
        async with self.world.ws.db.read() as conn:
            return int(await conn.scalar(select(count_rows(audit_log))) or 0)

    async def forget(self) -> None:
        """Decisions of the histories before, of which there may be one a symbol and day."""
        async with self.world.ws.db.write() as conn:
            await conn.execute(delete(decisions_table))

    def held(self, symbol: str) -> int:
        return sum(one.change for one in self.deals if one.symbol == symbol)

    def follow(self) -> None:
        """A traded decision is closed where its symbol was held no more at any time since its trade."""
        for one in self.model.values():
            if one.trade is None:
                continue
            held, passed = 0, False
            one.state = "traded"
            for deal in sorted(self.deals, key=lambda d: d.on):  # stable: as entered within a day
                if deal.symbol != one.symbol:
                    continue
                held += deal.change
                passed = passed or deal.id == one.trade
                if passed and held == 0:
                    one.state = "closed"
                    self.world.seen["closed"] += 1
                    break

    def trying(self, may: bool, work: Any) -> Any:
        """Do it; it is refused exactly where the model says so."""
        if may:
            return self.do(work)
        with pytest.raises(PacesetterError):
            self.do(work)
        return None

    def pick(self, which: int, *states: str) -> tuple[UUID, Plain] | None:
        """A decision: mostly one in a state in which the step may succeed, where there is one."""
        ready = [key for key, one in self.model.items() if one.state in states]
        keys = ready if ready and which < 8 else list(self.model)
        return (keys[which % len(keys)], self.model[keys[which % len(keys)]]) if keys else None

    async def read(self, key: UUID) -> Any:
        async with self.world.ws.db.read() as conn:
            return await decisions.get(conn, key)

    async def look(self) -> tuple[dict[UUID, Any], int, int, int]:
        here = decisions_table.c.portfolio_id == self.portfolio
        own, positions = trades.c.portfolio_id == self.portfolio, portfolio_positions.c
        open_ = (positions.portfolio_id == self.portfolio) & positions.deleted_at.is_(None)
        counts = select(
            count_rows(trades, own), count_rows(portfolio_positions, open_, positions.status == "open"),
            count_rows(audit_log),
        )  # fmt: skip
        async with self.world.ws.db.read() as conn:
            rows = {row.id: row for row in await decisions.find(conn, here)}
            n_trades, n_open, entries = (await conn.execute(counts)).one()
            return rows, n_trades, n_open, entries


def count_rows(table: Any, *where: Any) -> Any:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()
