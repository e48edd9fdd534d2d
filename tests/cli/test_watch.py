"""``pacesetter watch`` and ``pacesetter queue``: as a person uses them, on a simulated market."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Call

NEVER = "price.close > 1000000 and event.news"


@pytest.fixture
def home(simulated: Path, tmp_path: Path) -> Path:
    """A ranked simulated home of this test's own."""
    shutil.copytree(simulated, tmp_path / "home")
    return tmp_path / "home"


def test_an_entry_from_its_start_to_its_end(pace: Call, home: Path) -> None:
    none = pace("--home", home, "watch")
    assert none.code == 0 and "none: `pacesetter watch add" in none.out
    terms = ("--thesis", "cheap", "--until", "never", "--hysteresis", 3, "--cool-down", 9, "--json")
    added = pace("--home", home, "watch", "add", "sim05", NEVER, *terms)
    assert added.code == 0 and "SIMULATED" in added.err
    (row,) = added.json["rows"]
    assert (row["symbol"], row["text"], row["status"]) == ("SIM05", NEVER, "armed")
    assert (row["hysteresis_pct"], row["cool_down_days"], row["expiry_date"]) == (3.0, 9, None)
    assert row["would_have"]["n"] == 0 and "would have fired 0 times" in row["would_have"]["said"]
    again = pace("--home", home, "watch", "add", "SIM05", NEVER)
    assert again.code == 2 and "is watched for" in again.error
    shown = pace("--home", home, "watch", "show", "SIM05")
    assert shown.code == 0 and "for ever" in shown.out and "would have fired" in shown.out
    edited = pace("--home", home, "watch", "edit", row["id"], "--condition", "rank.rank <= 2", "--json")
    assert edited.json["rows"][0]["text"] == "rank.rank <= 2"
    broken = pace("--home", home, "watch", "edit", "SIM05", "--broken", "--reason", "bought elsewhere")
    assert "invalid" in broken.out and "the thesis does not hold: bought elsewhere" in broken.out
    assert pace("--home", home, "watch", "list", "--status", "armed", "--json").json["rows"] == []
    lines = pace("--home", home, "--csv", "watch").out.splitlines()
    assert lines[0].startswith("id,symbol,condition,status") and len(lines) == 2
    gone = pace("--home", home, "watch", "remove", "SIM05")
    assert gone.code == 0 and "no more watched for: SIM05, rank.rank <= 2" in gone.err
    assert pace("--home", home, "watch", "--json").json["rows"] == []


def test_facts_and_trials(pace: Call, simulated: Path) -> None:
    facts = pace("--home", simulated, "watch", "facts", "--json").json["facts"]
    assert {"fact": "price.close", "is": "the close, in the listing's quote unit"} in facts
    of = pace("--home", simulated, "watch", "facts", "SIM05", "--json").json
    values = {one["fact"]: one["value"] for one in of["facts"]}
    assert (of["symbol"], of["as_of"]) == ("SIM05", "2025-07-24") and values["price.close"] > 0
    close = values["price.close"]
    text = pace("--home", simulated, "watch", "facts", "SIM05").out
    assert "SIM05 on 2025-07-24" in text and "Wilder" in text
    condition = f"price.close crosses above technical.sma_20 or price.close >= {close}"
    tried = pace(
        "--home", simulated, "watch", "try", "SIM05", condition, "--hysteresis", 0, "--cool-down", 0, "--json"
    )
    body = tried.json
    assert body["n"] == len(body["fired_on"]) > 0 and body["n_dates"] > 240
    assert body["known"]["price.close"] == body["n_dates"] and body["last_on"] == "2025-07-24"
    shown = " ".join(pace("--home", simulated, "watch", "try", "SIM05", condition).out.split())
    assert "SIM05: the close crosses above its mean close of 20 sessions or the close is at least" in shown
    assert "would have fired" in shown
    assert pace("--home", simulated, "watch", "--json").json["rows"] == []  # nothing was stored


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("watch", "add", "SIM05", "price.clsoe < 1"), "price.close"),
        (("watch", "add", "SIM05", "price.close < 1 und"), "character 17"),
        (("watch", "add", "SIMM05", "price.close < 1"), "did you mean SIM05"),
        (("watch", "add", "SIM05", "event.news", "--until", "soon"), "'soon' is not a date"),
        (("watch", "add", "SIM05", "event.news", "--hysteresis", "-1"), "hysteresis_pct"),
        (("watch", "edit", "SIM05"), "nothing to change"),
        (("watch", "show", "SIM05"), "not on the watchlist"),
        (("watch", "list", "--status", "arme"), "did you mean armed"),
        (("queue", "--status", "gone"), "known: displaced"),
        (("queue", "SIM05", "--left"), "exclude each other"),
    ],
)
def test_wrong_questions(pace: Call, simulated: Path, asked: tuple[str, ...], said: str) -> None:
    outcome = pace("--home", simulated, *asked)
    assert outcome.code == 2 and said in outcome.error


def test_an_empty_queue(pace: Call, simulated: Path) -> None:
    assert pace("--home", simulated, "queue").out.strip() == "none"
    assert pace("--home", simulated, "queue", "--left", "--json").json == {"simulated": True, "rows": []}
