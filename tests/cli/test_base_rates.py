"""``changes`` with base rates: in words, in a column, in JSON; and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pacesetter.cli.tables.base_rates import rate_in_short, rate_in_words, rate_payload
from pacesetter.ranking.base_rate import BaseRate
from tests.cli.conftest import Call
from tests.homes import SESSIONS

GOOD = BaseRate(213, 0.008, 0.541, -0.002, 0.0194)
FEW = BaseRate(12, reason="too_few")


def test_a_base_rate_in_words() -> None:
    (line,) = rate_in_words(3, GOOD)
    assert line == (
        "jumps of at least 3 places up on this board were followed, over the next 21 sessions, by a median "
        "of +0.8 % beyond the board's mean (90 % interval −0.2 % to +1.9 %), positive in 54 % of 213 cases; "
        "what happened, no forecast"
    )
    assert "at least 1 place down on" in rate_in_words(-1, GOOD)[0]
    assert rate_in_words(3, FEW) == ["only 12 such jumps have ended since: no base rate below 30"]
    assert rate_in_words(0, BaseRate(0, reason="no_jump")) == rate_in_words(3, None) == []


def test_a_base_rate_in_a_cell() -> None:
    assert rate_in_short(GOOD) == "+0.8 % (54 % of 213)"
    assert rate_in_short(BaseRate(40, -0.0004, 0.5, -0.1, 0.1)) == "0.0 % (50 % of 40)"
    assert rate_in_short(FEW) == "n = 12"
    assert rate_in_short(None) == rate_in_short(BaseRate(0, reason="no_jump")) == ""


def test_a_base_rate_as_json() -> None:
    assert rate_payload(None) is None
    assert rate_payload(FEW) == {
        "n": 12, "median": None, "share_positive": None, "low": None, "high": None, "reason": "too_few",
    }  # fmt: skip


@pytest.fixture
def mover(pace: Call, simulated: Path) -> tuple[str, str]:
    """A board and a symbol of it that moved on the last session."""
    for board in ("AI/Tech", "Semiconductors", "Finance", "Energy"):
        told = pace("--home", simulated, "changes", "--board", board, "--json").json
        for row in told["rows"]:
            if row["rank_change"]:
                assert "base_rate" not in row  # not asked for
                return board, row["symbol"]
    raise AssertionError("nobody moved in the simulated market")


def test_a_symbol_says_why_there_is_none(pace: Call, simulated: Path, mover: tuple[str, str]) -> None:
    board, symbol = mover
    outcome = pace("--home", simulated, "changes", symbol, "--board", board)
    assert "only 0 such jumps have ended since: no base rate below 30" in outcome.out
    told = pace("--home", simulated, "changes", symbol, "--board", board, "--json").json
    assert (told["base_rate"]["n"], told["base_rate"]["reason"]) == (0, "too_few")
    apart = ("changes", symbol, "--board", board, "--from", SESSIONS[0], "--to", SESSIONS[2])
    assert pace("--home", simulated, *apart, "--json").json["base_rate"] is None
    assert "such jumps" not in pace("--home", simulated, *apart).out


def test_movers_have_a_column_when_asked(pace: Call, simulated: Path, mover: tuple[str, str]) -> None:
    asked = ("--home", simulated, "changes", "--board", mover[0])
    assert "followed by" not in pace(*asked).out
    outcome = pace(*asked, "--base-rates")
    assert "followed by" in outcome.out and "n = 0" in outcome.out and "no forecast" in outcome.out
    for row in pace(*asked, "--base-rates", "--json").json["rows"]:
        assert (row["base_rate"] is not None) == bool(row["rank_change"])
    header, *lines = pace(*asked, "--base-rates", "--csv").out.splitlines()
    assert header.endswith(",n,median,share_positive,low,high,reason")
    assert any(line.endswith(",0,,,,,too_few") for line in lines)
    apart = pace(*asked, "--from", SESSIONS[0], "--base-rates")
    assert "no base rates" in apart.err and "n = 0" not in apart.out


def test_a_first_session_has_no_movers_and_says_why(pace: Call, simulated: Path) -> None:
    asked = ("--home", simulated, "changes", "--board", "AI/Tech", "--to", SESSIONS[0])
    told = pace(*asked, "--json")
    assert (told.code, told.json["rows"], told.json["first"]) == (0, [], None)
    outcome = pace(*asked)
    assert outcome.code == 0 and told.json["why_none"][:40] in outcome.out
    assert pace("--home", simulated, "changes", "NVDA", "--board", "AI/Tech", "--to", SESSIONS[0]).code == 2
