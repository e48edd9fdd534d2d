"""The pages of the research desk, in a real browser: frontend/e2e/desk.test.mjs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pacesetter.jobs.decisions.agent_settings import change_agent
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.ids import new_id
from pacesetter.settings import Settings
from pacesetter.store.desk.decisions import DecisionRow, decisions
from tests.e2e.browser import browse, in_browser
from tests.e2e.people import WHO, add_people
from tests.homes import EVENING, SESSIONS, make_simulated_home

pytestmark = in_browser
LONG = "The prudent fund of Bartholomew Featherstonehaugh the younger"
SYMBOLS = ("AAPL", "MSFT", "NVDA", "GOOGL", "JPM", "XOM", "JNJ", "CAT")
OPINIONS = (("momentum", "BUY", 88.0, 0.8), ("value", "HOLD", 52.0, 0.4), ("risk", "HOLD", 97.0, 0.2))


def propose(symbol: str, action: str, expires_days: int) -> DecisionRow:
    """A decision that waits for an answer, with everything that a page shows of one."""
    price = Decimal("125.50")
    said = [
        {"analyst": name, "recommendation": call, "score": score, "confidence": sure,
         "reasoning": "It is 1.7 % below its high. The rest follows.", "risks": ["It may turn."]}
        for name, call, score, sure in OPINIONS
    ]  # fmt: skip
    buys = action == "BUY"
    return DecisionRow(
        id=new_id(),
        symbol=symbol,
        decided_on=SESSIONS[-1],
        action=action,
        mode="paper",
        bullish_share=0.81,
        conviction="medium",
        size_pct=4.2,
        quantity=Decimal(8),
        currency="USD",
        expires_on=datetime.now(UTC).date() + timedelta(days=expires_days),
        entry_price=price,
        stop_loss=Decimal("114.2") if buys else None,
        target=Decimal("148.1") if buys else None,
        reasons={
            "said": ["81 % of the weight says BUY"],
            "votes": {"shares": {"BUY": 0.81, "HOLD": 0.19}, "counted": {"momentum": 0.8, "value": 0.2}},
            "opinions": said,
            "size": {"asked_pct": 7.0, "size_pct": 4.2, "cuts": [
                {"limit": "sector", "from_pct": 7.0, "to_pct": 4.2, "reason": "15.8 % are in it already"}]},
            "exit": None,
            "quantity": "4.2 % of 25,000.00 USD",
            "refused": [],
        },
        challenge={
            "decision": action, "facts": [{"source": "value", "text": "It is dear.", "strength": 0.4}],
            "contrary": 0.4, "supporting": 1.6, "contrary_share": 0.2, "stands": True,
            "reason": "what speaks against it is too little", "outcome": action,
        },
    )  # fmt: skip


async def work(settings: Settings) -> None:
    """Three nights, a desk on paper, decisions that wait, an entry of the watchlist, and people."""
    clock = VirtualClock(EVENING + timedelta(hours=12))
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        for on in SESSIONS:
            await run_night(ws, on)
        await change_agent(ws, "desk", parameters={"mode": "paper"})
        await fill(ws)
        await add_people(ws)


async def fill(ws: Workspace) -> None:
    """Decisions on four symbols, the last to be traded by hand, and a watch with a long thesis."""
    async with ws.db.write() as conn:
        taken = {row.symbol for row in await decisions.find(conn)}
        free = [
            name
            for name in ("AAPL", "MSFT", "NVDA", "GOOGL", "JPM", "XOM", "JNJ", "CAT")
            if name not in taken
        ]
        rows = [propose(free[0], "BUY", 5), propose(free[1], "SELL", 5), propose(free[2], "BUY", 5)]
        by_hand = replace(propose(free[3], "BUY", 5), mode="manual", status="approved", quantity=Decimal(3))
        await decisions.add(conn, [*rows, by_hand])
    await add_watch(
        ws, "AAPL", WatchTerms(condition="price.close > 0.01", thesis=f"{LONG}: " + "why not, " * 30)
    )


def test_desk_pages_in_a_browser(tmp_path: Path) -> None:
    """From the morning report to an approved decision, a watch, and an agent set otherwise."""
    settings = make_simulated_home(tmp_path / "home")
    asyncio.run(work(settings))
    browse(tmp_path / "home", ["desk"], **WHO)
