"""Opinions, settings and decisions made by hand, for the tests of the desk's decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.research.opinion import Opinion
from pacesetter.store.accounts.audit import check_chain, list_entries
from pacesetter.store.desk.decisions import DecisionRow, decisions

ON = date(2025, 7, 21)  # a Monday; the fifth session after it is the 28th
EXPIRES = date(2025, 7, 28)
AT = datetime(2025, 7, 24, 21, tzinfo=UTC)  # a Thursday evening, three sessions after ``ON``
Live = Callable[..., Any]


def say(*votes: tuple[str, str, float], score: float | None = None) -> list[Opinion]:
    """Opinions: (analyst, recommendation, confidence); a BUY scores 90, a SELL 10, others 50."""
    scores = {"BUY": 90.0, "SELL": 10.0}
    return [
        Opinion(name, what, scores.get(what, 50.0) if score is None else score, sure, f"{name} says {what}")  # type: ignore[arg-type]
        for name, what, sure in votes
    ]


def bullish(share: float) -> list[Opinion]:
    """Four opinions of which BUY has that share of the weight, the risk being fine."""
    return say(
        ("growth", "BUY", share), ("value", "HOLD", 1 - share), ("quality", "BUY", 0.0), ("risk", "HOLD", 0.0)
    )


def bearish() -> list[Opinion]:
    """Everybody says SELL."""
    return say(("growth", "SELL", 0.9), ("value", "SELL", 0.9), ("risk", "SELL", 0.9))


def desk_set(mode: str = "manual", portfolio: str | None = None) -> Mapping[str, AgentSetting]:
    """Settings of the desk alone."""
    return {"desk": AgentSetting("desk", parameters={"mode": mode, "portfolio": portfolio})}


MANUAL = {"settings": desk_set()}


def make_row(symbol: str = "AAA", **over: Any) -> DecisionRow:
    """A purchase of ten at 100, stop 90, target 120, proposed on ``ON``."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "symbol": symbol,
        "decided_on": ON,
        "action": "BUY",
        "mode": "manual",
        "bullish_share": 0.9,
        "conviction": "high",
        "size_pct": 10.0,
        "quantity": Decimal(10),
        "currency": "USD",
        "expires_on": EXPIRES,
        "entry_price": Decimal(100),
        "stop_loss": Decimal(90),
        "target": Decimal(120),
        "reasons": {"said": ["made by hand"]},
        "challenge": {},
    }
    return DecisionRow(**(fields | over))


async def put_row(ws: Workspace, symbol: str = "AAA", **over: Any) -> UUID:
    """Store such a decision; its id."""
    row = make_row(symbol, **over)
    async with ws.db.write() as conn:
        await decisions.add(conn, [row])
    return row.id


async def read_row(ws: Workspace, decision_id: UUID) -> DecisionRow:
    """A decision as it is stored."""
    async with ws.db.read() as conn:
        return await decisions.get(conn, decision_id)


async def audit_actions(ws: Workspace) -> list[str]:
    """What the audit log says was done, oldest first; its chain holds."""
    async with ws.db.read() as conn:
        assert not (await check_chain(conn)).breaks
        return [one.action for one in (await list_entries(conn))[::-1]]
