"""``pacesetter agents``: a person sets the desk up by hand, by a preset and by a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pacesetter.cli.tables.agents import percent
from tests.cli.conftest import Call

EIGHT = ("value", "growth", "quality", "momentum", "contrarian", "catalyst", "sentiment", "risk")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_list(pace: Call, home: Path) -> None:
    told = pace("--home", home, "agents")
    assert told.code == 0
    for name in (*EIGHT, "desk"):
        assert f"\n {name} " in told.out
    assert "shipped" in told.out and "hits" not in told.out  # nobody has called anything yet
    rows = {row["agent"]: row for row in pace("--home", home, "agents", "--json").json["rows"]}
    assert rows["value"] | {"words": ""} == {
        "agent": "value",
        "kind": "analyst",
        "enabled": True,
        "weight": 1.0,
        "version": 0,
        "words": "",
        "record": [],
    }
    assert rows["desk"]["weight"] is None


def test_set_show_and_history(pace: Call, home: Path) -> None:
    set_ = ("agents", "set", "value", "--weight", "2", "--off", "--parameter", "buy_from=65")
    told = pace("--home", home, *set_).err
    assert "value is off, weight 2, version 1" in told and "buy_from is 65" in told
    shown = pace("--home", home, "agents", "show", "value")
    assert (
        "value · analyst · off · weight 2 · version 1" in shown.out and "BUY from this score on" in shown.out
    )
    data = pace("--home", home, "agents", "show", "value", "--json").json
    assert (data["enabled"], data["weight"], data["parameters"]["buy_from"]) == (False, 2.0, 65.0)
    assert "version 2" in pace("--home", home, "agents", "set", "value", "--on").err
    history = pace("--home", home, "agents", "history", "value", "--json").json
    assert [(row["version"], row["enabled"]) for row in history] == [(2, True), (1, False)]
    assert "enabled off, weight 2, buy_from 65" in pace("--home", home, "agents", "history", "value").out
    assert "nobody has changed it" in pace("--home", home, "agents", "history", "risk").out


def test_the_desk_takes_words(pace: Call, home: Path) -> None:
    pace(
        "--home", home, "agents", "set", "desk", "--parameter", "mode=paper", "--parameter", "portfolio=Core"
    )
    data = pace("--home", home, "agents", "show", "desk", "--json").json["parameters"]
    assert (data["mode"], data["portfolio"]) == ("paper", "Core")
    pace("--home", home, "agents", "set", "desk", "--parameter", "portfolio=")
    assert pace("--home", home, "agents", "show", "desk", "--json").json["parameters"]["portfolio"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "value"), "nothing to set (value) — give --weight"),
        (("set", "valu", "--off"), "unknown agent 'valu' — did you mean value"),
        (("set", "value", "--weight", "9"), "weight = 9 (value) — keep it from 0.1 to 3"),
        (("set", "value", "--parameter", "buy_from"), "'buy_from' is no parameter (--parameter)"),
        (("set", "value", "--parameter", "buy_from=lots"), "buy_from = 'lots' is no number"),
        (("set", "value", "--parameter", "x=3"), "unknown parameter of value 'x'"),
        (("set", "desk", "--parameter", "mode=live"), "use one of manual"),
        (("set", "desk", "--off"), "the desk cannot be turned off"),
        (("preset", "reckless"), "unknown preset 'reckless'"),
        (("import", "none.toml"), "there is no such file (none.toml)"),
        (("import", "none.txt"), "none.txt is neither TOML nor JSON"),
        (("show", "nobody"), "unknown agent 'nobody'"),
        (("history", "nobody"), "unknown agent 'nobody'"),
    ],
)
def test_what_is_wrong_is_one_line(pace: Call, home: Path, arguments: tuple[str, ...], said: str) -> None:
    told = pace("--home", home, "agents", *arguments)
    assert told.code == 2 and said in told.error


def test_presets(pace: Call, home: Path) -> None:
    listed = pace("--home", home, "agents", "preset")
    assert "cautious" in listed.out and "balanced" in listed.out
    dry = pace("--home", home, "agents", "preset", "cautious", "--dry-run")
    assert "would be set otherwise; nothing was kept" in dry.err and "stop_volatility" in dry.out
    assert pace("--home", home, "agents", "history", "risk", "--json").json == []
    assert "agents are set otherwise" in pace("--home", home, "agents", "preset", "cautious").err
    assert pace("--home", home, "agents", "preset", "cautious").err.startswith("0 of ")


@pytest.mark.parametrize("name", ["mine.toml", "mine.json"])
def test_out_and_in_again(pace: Call, home: Path, tmp_path: Path, name: str) -> None:
    file, other = tmp_path / name, tmp_path / "other"
    pace("--home", home, "agents", "set", "growth", "--weight", "0.3", "--parameter", "buy_from=71.5")
    assert pace("--home", home, "agents", "export", file).code == 0
    text = file.read_text("utf-8")
    dry = pace("--home", other, "agents", "import", file, "--dry-run")
    assert dry.err.startswith("1 of ") and "nothing was kept" in dry.err
    assert pace("--home", other, "agents", "import", file).err.startswith("1 of ")
    assert pace("--home", other, "agents", "export", file).code == 0
    assert file.read_text("utf-8") == text
    if name.endswith(".json"):
        assert json.loads(text)["agent"]["growth"]["weight"] == 0.3
    file.write_bytes(b"\xff\xfe")
    assert "not in UTF-8" in pace("--home", other, "agents", "import", file).error


def test_percent() -> None:
    assert [percent(value) for value in (None, 0.123, -0.5)] == ["–", "12.3 %", "−50.0 %"]
