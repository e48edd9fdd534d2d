"""Held prices on the command line: listed, accepted, repaired, and wrong questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call

DAYS = ["2025-07-14", "2025-07-15", "2025-07-16", "2025-07-17", "2025-07-18", "2025-07-21", "2025-07-22"]


@pytest.fixture
def held(pace: Call, tmp_path: Path) -> Path:
    """A home in which one price of KO, a hundred times too high, is held back."""
    closes = [70.0, 70.5, 70.2, 70.9, 71.0, 7130.0, 71.2]
    lines = [f"KO,{on},{c},{c + 1},{c - 1},{c},1000" for on, c in zip(DAYS, closes, strict=True)]
    file = tmp_path / "ko.csv"
    file.write_text("\n".join(["symbol,date,open,high,low,close,volume", *lines]) + "\n")
    home = tmp_path / "home"
    assert pace("--home", home, "import", "prices", file).code == 0
    return home


def test_a_held_price_is_listed_and_repaired(pace: Call, held: Path) -> None:
    (row,) = pace("--home", held, "--json", "quarantine").json["rows"]
    assert (row["symbol"], row["date"], row["close"]) == ("KO", "2025-07-21", 7130.0)
    text = pace("--home", held, "quarantine", "--symbol", "ko").out
    assert "unit?" in text and "pacesetter quarantine accept" in text
    assert "pacesetter quarantine" in pace("--home", held, "doctor").out
    done = pace("--home", held, "--json", "quarantine", "repair", "KO", "2025-07-21", "--scale", "0.01")
    assert (done.code, done.json["state"], done.json["bar"]["close"]) == (0, "repaired", 71.3)
    assert pace("--home", held, "--json", "quarantine").json["rows"] == []


def test_a_held_price_is_accepted(pace: Call, held: Path) -> None:
    done = pace("--home", held, "quarantine", "accept", "KO", "2025-07-21")
    assert done.code == 0 and "7130.0" in done.out and "the next cycle" in done.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("accept", "KO", "2025-07-18"), "no bar of KO on 2025-07-18 is held back"),
        (("accept", "KOO", "2025-07-21"), "KOO"),
        (("accept", "KO", "21.07.2025"), "not a date"),
        (("repair", "KO", "2025-07-21"), "needs another value"),
        (("repair", "KO", "2025-07-21", "--close", "71"), "impossible"),
    ],
)
def test_wrong_questions(pace: Call, held: Path, asked: tuple[str, ...], said: str) -> None:
    outcome = pace("--home", held, "quarantine", *asked)
    assert outcome.code == 2 and said in outcome.error
