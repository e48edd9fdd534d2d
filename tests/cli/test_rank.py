"""``rank``, ``explain``, ``domains`` and ``methods`` over a simulated home."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.homes import SESSIONS

ROW = {"symbol", "rank", "score", "composite", "coverage", "factors"}
FACTOR = {"raw", "normalized", "weight", "contribution"}


def test_json_of_a_board(pace: Call, simulated: Path) -> None:
    board = pace("--home", simulated, "--json", "rank", "AI/Tech").json
    assert {"board", "method", "as_of", "rows"} <= set(board)
    assert (board["board"], board["method"], board["as_of"]) == ("AI/Tech", "core", str(SESSIONS[-1]))
    assert board["simulated"] is True and board["previous_on"] == str(SESSIONS[-2])
    assert [row["symbol"] for row in sorted(board["rows"], key=lambda r: (r["rank"], r["symbol"]))] == [
        row["symbol"] for row in board["rows"]
    ]
    for row in board["rows"]:
        assert set(row) >= ROW
        assert list(row["factors"]) == [
            "momentum",
            "volume_change",
            "volatility",
            "relative_strength",
            "financial_ratio",
        ]
        for values in row["factors"].values():
            assert set(values) >= FACTOR
            assert values["contribution"] == pytest.approx(values["weight"] * values["normalized"], abs=1e-15)
        total = sum(values["contribution"] for values in row["factors"].values())
        assert row["composite"] == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("name", ["AI/Tech", "ai-tech", "AI/TECH"])
def test_a_board_has_several_spellings(pace: Call, simulated: Path, name: str) -> None:
    assert pace("rank", name, "--home", simulated, "--json").json["slug"] == "ai-tech"


def test_text_says_simulated_and_shows_movement(pace: Call, simulated: Path) -> None:
    outcome = pace("--home", simulated, "rank", "AI/Tech")
    assert outcome.code == 0
    assert "SIMULATED" in outcome.out and "SIMULATED" in outcome.err
    rows = pace("--home", simulated, "--json", "rank", "AI/Tech").json["rows"]
    for row in rows:
        line = next(line for line in outcome.out.splitlines() if f" {row['symbol']} " in line)
        change = row["rank_change"]
        sign = "=" if change == 0 else f"{'▲' if change > 0 else '▼'}{abs(change)}"
        assert line.split()[:3] == [str(row["rank"]), sign, row["symbol"]]


def test_csv_holds_the_same_numbers(pace: Call, simulated: Path) -> None:
    text = pace("--home", simulated, "rank", "EV", "--csv").out
    rows = pace("--home", simulated, "rank", "EV", "--json").json["rows"]
    table = list(csv.DictReader(io.StringIO(text)))
    assert [float(line["composite"]) for line in table] == [row["composite"] for row in rows]
    assert [float(line["momentum"]) for line in table] == [
        r["factors"]["momentum"]["contribution"] for r in rows
    ]


def test_top_on_and_method(pace: Call, simulated: Path) -> None:
    first = pace("--home", simulated, "rank", "EV", "--on", SESSIONS[0], "--top", 2, "--json").json
    assert first["as_of"] == str(SESSIONS[0]) and len(first["rows"]) == 2
    assert first["rows"][0]["rank_change"] is None and first["origin"] == "published"
    classic = pace("--home", simulated, "rank", "EV", "--method", "classic", "--json").json
    assert (classic["method"], classic["origin"], classic["scope"]) == ("classic", "computed", "domain:ev")
    assert max(row["score"] for row in classic["rows"]) == 100


def test_leaders_and_best(pace: Call, simulated: Path) -> None:
    view = pace("--home", simulated, "rank", "--json", "--top", "5").json
    assert len(view["leaders"]) == 12 and len(view["best"]) == 5
    for leader in view["leaders"]:
        board = pace("--home", simulated, "rank", leader["slug"], "--json").json
        assert leader["symbol"] == board["rows"][0]["symbol"]
    composites = [row["composite"] for row in view["best"]]
    assert composites == sorted(composites, reverse=True)
    text = pace("--home", simulated, "rank").out
    assert "Leaders of 12 boards" in text and "Best overall" in text


def test_unknown_board_names_the_nearest(pace: Call, simulated: Path) -> None:
    outcome = pace("--home", simulated, "rank", "Semiconductor")
    assert outcome.code == 2
    assert outcome.error.startswith("error: unknown board 'Semiconductor' — did you mean Semiconductors")


@pytest.mark.parametrize("text", ["24.07.2025", "2025-7-4", "20250724", "2025-02-30", "today", "2025-W30-4"])
def test_bad_date_names_the_format(pace: Call, simulated: Path, text: str) -> None:
    outcome = pace("--home", simulated, "rank", "EV", "--on", text)
    assert outcome.code == 2
    assert "(--on)" in outcome.error and "YYYY-MM-DD" in outcome.error


@pytest.mark.parametrize(("on", "what"), [("2025-07-19", "no trading day"), ("2999-01-04", "has not opened")])
def test_a_date_that_cannot_be_asked_for(pace: Call, simulated: Path, on: str, what: str) -> None:
    outcome = pace("--home", simulated, "rank", "EV", "--on", on)
    assert outcome.code == 2 and what in outcome.error


def test_leaders_of_an_unpublished_session(pace: Call, simulated: Path) -> None:
    outcome = pace("--home", simulated, "rank", "--on", "2025-07-18")
    assert outcome.code == 2 and "pacesetter cycle --on 2025-07-18" in outcome.error


def test_nothing_ranked_names_the_command(pace: Call, tmp_path: Path) -> None:
    for arguments in (["rank"], ["rank", "EV"]):
        outcome = pace("--home", tmp_path / "empty", *arguments)
        assert outcome.code == 2
        assert "nothing is ranked yet" in outcome.error and "pacesetter cycle" in outcome.error


def test_unknown_method_and_method_without_board(pace: Call, simulated: Path) -> None:
    assert "did you mean core" in pace("--home", simulated, "rank", "EV", "--method", "cores").error
    assert "needs a board" in pace("--home", simulated, "rank", "--method", "core").error


def test_own_method_from_a_file(pace: Call, simulated: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nversion = 3\n[[factor]]\nname = "momentum"\nweight = 0.75\n'
        '[[factor]]\nname = "calm"\nuses = "volatility"\nweight = 0.25\n'
    )
    mine = pace("--home", simulated, "rank", "EV", "--method", path, "--json").json
    core = pace("--home", simulated, "rank", "EV", "--json").json
    assert (mine["method"], mine["method_version"], mine["origin"]) == ("mine", 3, "computed")
    known = {row["symbol"]: row["factors"] for row in core["rows"]}
    for row in mine["rows"]:
        parts = known[row["symbol"]]
        wanted = 0.75 * parts["momentum"]["normalized"] + 0.25 * parts["volatility"]["normalized"]
        assert row["composite"] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "no TOML"),
        ("factor = 5\nname = 'a'\nversion = 1", "'factor' is no list"),
        ("name = 'a'\nversion = 1\n[[factor]]\nname = 'momentum'\nweight = 0.9", "add up to 0.9"),
        ("name = 'a'\nversion = 1\n[[factor]]\nname = 'momentun'\nweight = 1", "did you mean momentum"),
        ("name = 'a'\nversion = 1\nwieghts = 2\nfactor = []", "'wieghts'"),
    ],
)
def test_broken_method_file_is_one_line(
    pace: Call, simulated: Path, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text)
    outcome = pace("--home", simulated, "rank", "EV", "--method", path)
    assert outcome.code == 2
    assert said in outcome.error and "broken.toml" in outcome.error and " — " in outcome.error


def test_method_file_that_is_not_there(pace: Call, simulated: Path, tmp_path: Path) -> None:
    outcome = pace("--home", simulated, "rank", "EV", "--method", tmp_path / "none.toml")
    assert outcome.code == 2 and "none.toml" in outcome.error and "pacesetter methods" in outcome.error


def test_nobody_is_new_on_the_first_session(pace: Call, simulated: Path) -> None:
    rows = pace("--home", simulated, "rank", "EV", "--on", SESSIONS[0], "--csv").out.splitlines()
    assert {line.split(",")[1] for line in rows[1:]} == {""}


def test_explain_shows_every_number(pace: Call, simulated: Path) -> None:
    told = pace("--home", simulated, "explain", "nvda", "--json").json
    (board,) = told["boards"]
    assert (
        told["symbol"] == "NVDA" and board["slug"] == "ai-tech" and board["previous_on"] == str(SESSIONS[-2])
    )
    for name, values in board["factors"].items():
        made = values["statistics"]
        sign = 1 if values["higher_is_better"] else -1
        z = sign * (values["raw"] - made["centre"]) / made["scale"]
        assert values["normalized"] == pytest.approx(max(-3.0, min(3.0, z)), abs=1e-12), name
        assert made["n"] > 30 and made["rule"] and values["formula"]
    text = pace("--home", simulated, "explain", "NVDA").out
    for part in ("momentum", "centre", "scale", "weight × z", "coverage 1.00", "rank before", "P_21 / P_252"):
        assert part in text


def test_explain_unknown_symbol_and_wrong_board(pace: Call, simulated: Path) -> None:
    assert "did you mean" in pace("--home", simulated, "explain", "NVDAA").error
    outcome = pace("--home", simulated, "explain", "NVDA", "--board", "EV")
    assert outcome.code == 2 and "not on the board" in outcome.error


def test_domains_and_methods(pace: Call, simulated: Path) -> None:
    boards = pace("--home", simulated, "domains", "--json").json["domains"]
    assert len(boards) == 12 and sum(len(board["members"]) for board in boards) == 50
    assert len(pace("--home", simulated, "domains", "--csv").out.splitlines()) == 13
    every = {one["name"]: one for one in pace("--home", simulated, "methods", "--json").json["methods"]}
    assert {part["name"]: part["weight"] for part in every["core"]["factors"]}["momentum"] == 0.30
    assert "classic" in every
    declared = pace("--home", simulated, "methods", "--factors", "--json").json["factors"]
    names = {one["name"] for one in declared}
    assert {"momentum", "volatility", "rsi_14"} <= names
    assert "core v1" in pace("--home", simulated, "methods").out
