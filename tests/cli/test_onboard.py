"""``pacesetter onboard``: brought in, only queued, listed, worked off by a process until it is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import VARIABLES, Call

PROGRAM = Path(sys.executable).with_name("pacesetter")


@pytest.fixture
def home(simulated: Path, tmp_path: Path) -> Path:
    """A ranked simulated home of this test's own."""
    shutil.copytree(simulated, tmp_path / "home")
    return tmp_path / "home"


def test_symbols_are_brought_in_and_the_bad_one_is_told(pace: Call, home: Path) -> None:
    outcome = pace("--home", home, "--json", "onboard", "sim05", "NOPE", "--priority", "high")
    assert outcome.code == 1 and "onboard: " in outcome.err and "SIMULATED" in outcome.err
    good, bad = outcome.json["rows"]
    assert (good["symbol"], good["status"], good["priority"]) == ("SIM05", "completed", "high")
    assert all(stage["done"] for stage in good["stages"])
    assert (bad["symbol"], bad["status"], bad["cause"]) == ("NOPE", "failed", "unknown_symbol")
    again = pace("--home", home, "--json", "onboard", "SIM05")
    assert again.code == 0 and again.json["rows"][0]["id"] == good["id"]
    text = pace("--home", home, "onboard", "--list").out
    assert "does not know NOPE" in text and "import prices" in text and "SIM05" in text
    failed = pace("--home", home, "--json", "onboard", "--list", "--status", "failed").json["rows"]
    assert [row["symbol"] for row in failed] == ["NOPE"]
    lines = pace("--home", home, "--csv", "onboard", "--list").out.splitlines()
    assert lines[0].startswith("symbol,status,stage,priority") and len(lines) == 3


def test_without_a_source_nothing_is_begun_and_that_is_said(pace: Call, home: Path) -> None:
    outcome = pace("--home", home, "--json", "onboard", "ZZZ", "--source", "none")
    (row,) = outcome.json["rows"]
    assert (outcome.code, row["status"], row["cause"], row["attempts"]) == (1, "pending", "no_provider", 0)
    assert "import prices" in row["mend"]
    assert "waiting for a source of prices: ZZZ" in pace("--home", home, "doctor").out
    later = pace("--home", home, "--json", "onboard", "ZZZ").json["rows"][0]
    assert (later["id"], later["status"], later["cause"]) == (row["id"], "failed", "unknown_symbol")


def test_what_is_only_queued_is_worked_off_by_another_process(pace: Call, home: Path) -> None:
    outcome = pace("--home", home, "--json", "onboard", "SIM07", "--no-wait")
    assert outcome.code == 0 and outcome.json["rows"][0]["status"] == "pending"
    assert "pacesetter onboard --work" in outcome.err
    joined = pace("--home", home, "--json", "onboard", "SIM07", "--no-wait")
    assert joined.json["rows"][0]["joined"] and "on its way already: SIM07" in joined.err
    plain = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    command = [PROGRAM, "--home", home, "--json", "onboard", "--work"]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=home, env=plain)
    try:
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            (row,) = pace("--home", home, "--json", "onboard", "--list").json["rows"]
            if row["status"] == "completed":
                break
            time.sleep(0.2)
        assert row["status"] == "completed"
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate(timeout=240)
    finally:
        worker.kill()
    assert worker.returncode == 0 and '"completed": 1' in out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "one of SYMBOL, --work and --list"),
        (("NVDA", "--list"), "one of SYMBOL, --work and --list"),
        (("NVDA", "--priority", "urgent"), "choose high, normal, low"),
        (("--list", "--status", "lost"), "choose pending"),
        (("NVDA", "--status", "failed"), "--status goes with --list"),
        (("NVDA", "!!"), "1 of 2 cannot be symbols: '!!'"),
    ],
)
def test_wrong_questions(pace: Call, simulated: Path, asked: tuple[str, ...], said: str) -> None:
    outcome = pace("--home", simulated, "onboard", *asked)
    assert outcome.code == 2 and said in outcome.error
