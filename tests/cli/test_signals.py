"""Signals on the command line: listed with what is left of them, ranked together, and one symbol in full."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from pacesetter.agents.evidence import known_until
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.research.signal import Signal
from pacesetter.store.desk.signals import store_signals
from pacesetter.store.tables.fact import fundamentals
from pacesetter.store.tables.inbox import research_texts
from tests.cli.conftest import Call
from tests.homes import SESSIONS, make_simulated_home

SEEN, LAST = SESSIONS[1:]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where two signals of NVDA and one of JNJ were seen a day before the night; to be read only."""
    folder = tmp_path_factory.mktemp("signals")
    settings = make_simulated_home(folder)
    told = [
        Signal("NVDA", "unusual_volume", "unusual_volume", 30.0, 0.8, SEEN),
        Signal("NVDA", "price_move", "price_move", 25.0, 0.7, SEEN),
        Signal("JNJ", "manual", "a person", 50.0, 1.0, SEEN),
    ]

    async def work() -> None:
        async with open_workspace(settings, clock=VirtualClock(known_until(LAST)), simulated=True) as ws:
            async with ws.db.write() as conn:  # nothing is told of anybody, so that no agent finds more
                await conn.execute(delete(research_texts))
                await conn.execute(delete(fundamentals))
                await store_signals(conn, told, on=SEEN, at=known_until(SEEN))
            await run_night(ws)

    asyncio.run(work())
    return folder


def test_what_is_left_of_each(pace: Call, home: Path) -> None:
    rows = pace("--home", home, "signals", "--on", str(LAST), "--json").json["rows"]
    left = {row["signal_type"]: (row["score"], row["age_days"], row["decayed"]) for row in rows}
    assert left == {
        "unusual_volume": (30.0, 1, pytest.approx(27.0)),  # linear, nothing after ten days
        "price_move": (25.0, 1, pytest.approx(22.5)),
        "manual": (50.0, 1, 50.0),  # never fades
    }
    table = pace("--home", home, "signals", "--on", str(LAST), "--symbol", "jnj")
    assert "manual" in table.out and "NVDA" not in table.out
    assert "unknown signal type" in pace("--home", home, "signals", "--type", "newz").error


def test_who_has_most(pace: Call, home: Path) -> None:
    rows = pace("--home", home, "signals", "best", "--json").json["rows"]
    assert [row["symbol"] for row in rows][:2] == sorted(
        ("NVDA", "JNJ"), key=lambda one: -{r["symbol"]: r["score"] for r in rows}[one]
    )
    regime = rows[0]["breakdown"]["regime_multiplier"]
    (nvidia,) = (row for row in rows if row["symbol"] == "NVDA")
    sector = nvidia["breakdown"]["sector_multiplier"]
    assert nvidia["score"] == pytest.approx((27.0 + 22.5) * regime * sector * 1.1), "two kinds: a tenth more"
    assert pace("--home", home, "signals", "best", "--band", "monitor", "--json").json["rows"] == []
    assert "unknown band" in pace("--home", home, "signals", "best", "--band", "top").error


def test_one_in_full(pace: Call, home: Path) -> None:
    shown = pace("--home", home, "signals", "explain", "nvda")
    assert "49.50 (sum)" in shown.err and "(2 kinds)" in shown.err and "if nothing new comes: " in shown.err
    body = pace("--home", home, "signals", "explain", "NVDA", "--json").json
    assert date.fromisoformat(body["fades"][0]["on"]) == LAST and len(body["fades"]) == 31
    assert body["fades"][30]["score"] == 0.0
    nothing = pace("--home", home, "signals", "explain", "AAPL")
    assert nothing.code == 0 and "no signal of it counts" in nothing.out
    assert "NVDAA" in pace("--home", home, "signals", "explain", "NVDAA").error
