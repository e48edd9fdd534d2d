"""Whole histories of decisions against a plain model of what may follow what, written without the product's
rules: on both databases, with the rows of trades, positions and the audit log counted after every step."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pacesetter.jobs.decisions import log_trade as logging_job
from pacesetter.jobs.decisions.answer_decision import approve, modify, reject
from pacesetter.jobs.decisions.log_trade import log_trade
from pacesetter.jobs.portfolios import trade_portfolio
from pacesetter.jobs.portfolios.trade_portfolio import add_trade, remove_trade
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.desk.decisions import decisions, expire_decisions
from tests.jobs.decisions.decision_model import Deal, DecisionDesk, Plain, World
from tests.jobs.decisions.decisions_made import desk_set, make_row
from tests.jobs.portfolios.portfolio_home import put_prices

FIRST = date(2025, 7, 21)
EVENING = datetime(2025, 7, 21, 22, tzinfo=UTC)
SYMBOLS = ("AAA", "BBB")
BEGINNINGS = (6, 5, 4, 3, 2, 1, 0, -1)


class Histories(DecisionDesk, RuleBasedStateMachine):
    """What people and nights do, in any order."""

    @initialize(steps=st.sampled_from(BEGINNINGS))
    def begin(self, steps: int) -> None:
        """Begins with a purchase that is proposed, approved, made, sold or taken back: at random few are."""
        self.start(FIRST, EVENING)
        self.made = 0
        if steps != 0:
            self.propose_one("AAA", "BUY", 6)
        if steps > 1:
            self.approve_one(0, "manual")
        if steps > 2:
            self.trade_one(0, "manual")
        if steps > 3:
            self.sell_one("AAA", 10**6)
        for _ in range(steps - 4):
            self.take_newest_back()
        if steps < 0:
            self.sleep_some(7)
            self.end_one_day()

    @rule(
        symbol=st.sampled_from(SYMBOLS), side=st.sampled_from(("BUY", "BUY", "SELL")), days=st.integers(0, 9)
    )
    def propose(self, symbol: str, side: str, days: int) -> None:
        self.propose_one(symbol, side, days)

    def propose_one(self, symbol: str, side: str, days: int) -> None:
        expires_on = self.today + timedelta(days=days)
        more: dict[str, Any] = {} if side == "BUY" else {"stop_loss": None, "target": None}
        day = FIRST - timedelta(days=self.made)  # one a symbol and day
        self.made += 1
        row = make_row(
            symbol, action=side, decided_on=day, expires_on=expires_on, portfolio_id=self.portfolio, **more
        )

        async def put() -> None:
            async with self.world.ws.db.write() as conn:
                await decisions.add(conn, [row])

        self.do(put())
        self.model[row.id] = Plain(symbol, side, expires_on)

    @rule(days=st.sampled_from((1, 1, 1, 4)))
    def sleep(self, days: int) -> None:
        self.sleep_some(days)

    def sleep_some(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.clock.advance(timedelta(days=days))

    @rule(which=st.integers(0, 9), mode=st.sampled_from(("manual", "manual", "dry_run", "read_only")))
    def approve(self, which: int, mode: str) -> None:
        self.approve_one(which, mode)

    def approve_one(self, which: int, mode: str) -> None:
        if (picked := self.pick(which, "proposed", "modified")) is None:
            return
        key, one = picked
        may = mode != "read_only" and one.state in ("proposed", "modified") and self.today <= one.expires_on
        self.trying(may, approve(self.world.ws, key, settings=desk_set(mode)))
        if may and mode == "manual":
            one.state, self.entries = "approved", self.entries + 1

    @rule(which=st.integers(0, 9), reason=st.sampled_from(("no", " ")))
    def reject(self, which: int, reason: str) -> None:
        if (picked := self.pick(which, "proposed", "modified")) is None:
            return
        key, one = picked
        may = one.state in ("proposed", "modified") and self.today <= one.expires_on and bool(reason.strip())
        self.trying(may, reject(self.world.ws, key, reason=reason, settings=desk_set()))
        if may:
            one.state, self.entries = "rejected", self.entries + 1
            self.world.seen["rejected"] += 1

    @rule(which=st.integers(0, 9), quantity=st.integers(0, 12))
    def modify(self, which: int, quantity: int) -> None:
        if (picked := self.pick(which, "proposed", "modified")) is None:
            return
        key, one = picked
        waits = one.state in ("proposed", "modified") and self.today <= one.expires_on
        may = waits and quantity not in (0, one.quantity)
        self.trying(may, modify(self.world.ws, key, quantity=Decimal(quantity), settings=desk_set()))
        if may:
            one.state, one.quantity, self.entries = "modified", quantity, self.entries + 1

    @rule(which=st.integers(0, 9), mode=st.sampled_from(("manual", "manual", "manual", "dry_run")))
    def trade(self, which: int, mode: str) -> None:
        self.trade_one(which, mode)

    def trade_one(self, which: int, mode: str) -> None:
        if (picked := self.pick(which, "approved")) is None:
            return
        key, one = picked
        may = one.state == "approved" and self.today <= one.expires_on
        if one.side == "SELL":
            may = may and self.held(one.symbol) >= one.quantity
        self.trying(may, log_trade(self.world.ws, key, price=Decimal(100), settings=desk_set(mode)))
        if may and mode == "manual":
            self.entries += 1
            row = self.do(self.read(key))
            one.trade = row.trade_id
            sign = 1 if one.side == "BUY" else -1
            self.deals.append(Deal(row.trade_id, one.symbol, sign * one.quantity, self.today))
            self.follow()

    @rule(symbol=st.sampled_from(SYMBOLS), part=st.sampled_from((10**6, 1, 10**6)))
    def sell_by_hand(self, symbol: str, part: int) -> None:
        self.sell_one(symbol, part)

    def sell_one(self, symbol: str, part: int) -> None:
        held = self.held(symbol)
        if not held:
            return
        many = min(part, held)
        sale: dict[str, Any] = {"action": "sell", "symbol": symbol, "quantity": Decimal(many)}
        sale |= {"price": Decimal(90), "traded_on": self.today}
        done = self.do(add_trade(self.world.ws, self.portfolio, **sale))
        self.deals.append(Deal(done.id, symbol, -many, self.today))
        self.follow()

    @rule()
    def take_the_newest_trade_back(self) -> None:
        self.take_newest_back()

    def take_newest_back(self) -> None:
        if not self.deals:
            return
        closed = [one for one in self.model.values() if one.state == "closed"]
        deal = self.deals.pop()
        self.do(remove_trade(self.world.ws, self.portfolio, deal.id))
        self.entries += 1
        for one in self.model.values():
            if one.trade == deal.id:
                one.trade, one.state = None, "approved"
                self.world.seen["taken back"] += 1
        self.follow()
        self.world.seen["opened again"] += sum(one.state == "traded" for one in closed)

    @rule()
    def end_the_day(self) -> None:
        self.end_one_day()

    def end_one_day(self) -> None:
        async def night() -> None:
            async with self.world.ws.db.write() as conn:
                await expire_decisions(conn, self.today)

        self.do(night())
        for one in self.model.values():
            if one.state in ("proposed", "modified", "approved") and self.today > one.expires_on:
                one.state = "expired"
                self.world.seen["expired"] += 1

    @invariant()
    def is_as_the_model_says(self) -> None:
        if not hasattr(self, "model"):
            return
        rows, n_trades, n_open, entries = self.do(self.look())
        assert {key: row.status for key, row in rows.items()} == {
            k: one.state for k, one in self.model.items()
        }
        assert {key: row.trade_id for key, row in rows.items()} == {
            k: one.trade for k, one in self.model.items()
        }
        assert all(rows[key].quantity == one.quantity for key, one in self.model.items())
        assert all((row.status == "closed") == bool(row.outcome) for row in rows.values())
        assert n_trades == len(self.deals) and n_open == sum(self.held(s) > 0 for s in SYMBOLS)
        assert entries == self.entries


@pytest.fixture
def unvalued(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots are made after the commit, and are not what is looked at here."""

    async def nothing(*_: Any) -> tuple[list[str], list[str]]:
        return [], []

    monkeypatch.setattr(trade_portfolio, "settle", nothing)
    monkeypatch.setattr(logging_job, "settle", nothing)


@pytest.mark.timeout(3000)  # of the full counts, beside others' work
def test_histories_equal_the_model(
    tmp_path: Path, database_url: str, unvalued: None, full_counts: bool
) -> None:
    url = None if database_url.startswith("sqlite") else database_url
    given = Settings(home=tmp_path / "home", database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]
    profile = settings(
        max_examples=2000 if full_counts else 60,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    with asyncio.Runner() as runner:
        opened = open_workspace(given, clock=VirtualClock(EVENING), simulated=False)
        ws = runner.run(opened.__aenter__())
        try:
            runner.run(put_prices(ws, {symbol: [100.0] * 5 for symbol in SYMBOLS}))
            world = World(ws, runner)
            here = type("OnThisDatabase", (Histories,), {"world": world})
            for steps in BEGINNINGS:  # each, whatever is drawn
                begun = here()
                begun.begin(steps=steps)
                begun.is_as_the_model_says()
            run_state_machine_as_test(here, settings=profile)
            print(f"{world.n} histories: {dict(world.seen)}")
            seen = [world.seen[what] for what in ("closed", "opened again", "taken back")]
            assert min(seen) >= (20 if full_counts else 1) and seen[0] >= 3, world.seen
        finally:
            runner.run(opened.__aexit__(None, None, None))
