"""A night by hand on the command line: done, known the next time, and wrong days in words."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Call
from tests.homes import SESSIONS, make_simulated_home

FIRST, SECOND, LAST = (str(on) for on in SESSIONS)


def test_nights_by_hand(pace: Call, tmp_path: Path) -> None:
    make_simulated_home(tmp_path)
    home = ("--home", tmp_path)
    done = pace(*home, "night", "--from", SECOND, "--json").json
    assert [(row["session"], row["status"]) for row in done] == [(SECOND, "done"), (LAST, "done")]
    again = pace(*home, "night", "--json").json
    assert [(row["session"], row["status"]) for row in again] == [(LAST, "known")]
    assert again[0]["fingerprint"] == done[1]["fingerprint"]
    table = pace(*home, "night", "--on", LAST)
    assert "known" in table.out and "pacesetter report morning" in table.err
    assert f"has worked through {LAST} already" in pace(*home, "night", "--on", FIRST).error
    assert "2025-07-26" in pace(*home, "night", "--on", "2025-07-26").error
    assert "exclude each other" in pace(*home, "night", "--on", LAST, "--to", LAST).error
    assert "Morning report · Thu 24 Jul 2025" in pace(*home, "report", "morning").out
