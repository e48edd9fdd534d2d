"""Decisions on the command line: listed, shown, answered, traded, and wrong questions."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from pacesetter.jobs.decisions.decide import decide_night
from pacesetter.jobs.decisions.desk_book import DeskBook
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import SystemClock
from pacesetter.kernel.ids import new_id
from pacesetter.research.desk import load_desk
from pacesetter.research.sizing import Book
from pacesetter.settings import Settings
from pacesetter.store.desk.decisions import store_decisions
from tests.agents.evidence_made import make_evidence
from tests.cli.conftest import Call
from tests.jobs.decisions.decisions_made import bullish
from tests.jobs.portfolios.portfolio_home import make, put_prices

TODAY = SystemClock().now().astimezone(UTC).date()


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    """A home with yesterday's night: AAA to buy (its size cut by a limit), BBB to watch."""
    home = tmp_path / "home"
    on = TODAY - timedelta(days=1)

    async def work(ws: Workspace) -> None:
        await put_prices(ws, {"AAA": [100.0] * 5, "BBB": [50.0] * 5}, last=date(2025, 7, 24))
        portfolio: UUID = await make(ws, "mine")
        book = DeskBook(
            portfolio_id=portfolio,
            portfolio="mine",
            currency="USD",
            value=Decimal(100_000),
            rates={"USD": Decimal(1)},
            book=Book({}, {"Industrials": 13.0}, 13.0),
            why_no_quantity="",
        )
        said = {"AAA": bullish(0.9), "BBB": bullish(0.55)}
        rows = decide_night(make_evidence(on=on), said, {}, load_desk(), book, new_id=new_id)
        async with ws.db.write() as conn:
            await store_decisions(conn, rows)

    async def main() -> None:
        given = Settings(home=home, source="none", _env_file=None)  # type: ignore[call-arg]
        async with open_workspace(given, simulated=False) as ws:
            await work(ws)

    asyncio.run(main())
    return home


def test_from_the_list_to_the_trade(pace: Call, decided: Path) -> None:
    listed = pace("--home", decided, "decisions")
    assert listed.code == 0 and "AAA" in listed.out and "BBB" not in listed.out
    assert "90 % of the weight says BUY" in listed.out and "116" in listed.out
    (row,) = pace("--home", decided, "--json", "decisions").json["rows"]
    assert (row["symbol"], row["action"], row["conviction"], row["size_pct"]) == ("AAA", "BUY", "high", 7.0)
    assert (Decimal(row["quantity"]), Decimal(row["stop_loss"])) == (70, 92)
    shown = pace("--home", decided, "decisions", "show", "aaa").out
    for words in ("votes", "growth says BUY", "sector", "Industrials is 13 %", "challenge", "it stands"):
        assert words in shown
    short = row["id"][-8:]
    done = pace("--home", decided, "decisions", "modify", short, "--quantity", "50", "--stop", "91.5")
    assert done.code == 0 and "modified by" in done.err and "91.5" in done.out
    assert pace("--home", decided, "decisions", "approve", short).code == 0
    listed = pace("--home", decided, "decisions")  # its trade is still to be logged
    assert f"approved: log the trade with `pacesetter decisions trade {short}" in " ".join(listed.out.split())
    done = pace("--home", decided, "--json", "decisions", "trade", "AAA", "--price", "101", "--on", TODAY)
    assert (done.code, done.json["status"], done.json["kept"]) == (0, "traded", True)
    held = pace("--home", decided, "--json", "portfolio", "show", "mine").json["positions"]
    assert [(one["symbol"], float(one["quantity"]), float(one["stop_loss"])) for one in held] == [
        ("AAA", 50.0, 91.5)
    ]
    assert "traded" in pace("--home", decided, "decisions", "--all").out
    assert "decision.traded" in pace("--home", decided, "audit").out


def test_rejected_with_a_reason(pace: Call, decided: Path) -> None:
    done = pace("--home", decided, "decisions", "reject", "AAA", "--reason", "too dear")
    assert done.code == 0 and "too dear" in done.out
    outcome = pace("--home", decided, "decisions", "approve", "AAA")
    assert outcome.code == 2 and "it is rejected" in outcome.error and "proposed or modified" in outcome.error


def test_a_dry_run_keeps_nothing(pace: Call, decided: Path) -> None:
    assert pace("--home", decided, "agents", "set", "desk", "--parameter", "mode=dry_run").code == 0
    done = pace("--home", decided, "decisions", "approve", "AAA")
    assert done.code == 0 and "nothing was kept" in done.err
    assert len(pace("--home", decided, "--json", "decisions").json["rows"]) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("approve", "BBB"), "there is nothing to answer"),
        (("approve", "ZZZZ"), "there is no decision 'ZZZZ'"),
        (("trade", "AAA", "--price", "100"), "it is proposed"),
        (("trade", "AAA", "--price", "ten"), "no number"),
        (("modify", "AAA"), "nothing is changed"),
        (("modify", "AAA", "--stop", "130"), "do not ascend"),
        (("reject", "AAA", "--reason", ""), "reason is missing"),
    ],
)
def test_wrong_questions(pace: Call, decided: Path, asked: tuple[str, ...], said: str) -> None:
    outcome = pace("--home", decided, "decisions", *asked)
    assert outcome.code == 2 and said in outcome.error
