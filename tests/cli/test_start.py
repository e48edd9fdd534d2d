"""The program starts at once, and every command can be found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
import typer

from pacesetter import __version__
from pacesetter.cli.lazy import COMMANDS, SHARED
from pacesetter.cli.main import app
from pacesetter.cli.source import SourceName
from pacesetter.settings import Source
from tests.cli.conftest import Call

PROGRAM = Path(sys.executable).with_name("pacesetter")
HEAVY = {
    "polars",
    "numpy",
    "sqlalchemy",
    "pydantic",
    "rich",
    "fastapi",
    "numba",
    "pandas",
    "asyncio",
    "orjson",
}
MODULES = 200  # `--help` loads 124


@pytest.mark.bench
def test_help_takes_less_than_300_ms() -> None:
    took = []
    for _ in range(7):
        started = perf_counter()
        done = subprocess.run([PROGRAM, "--help"], capture_output=True, check=True)
        took.append(perf_counter() - started)
        assert b"Usage: pacesetter" in done.stdout
    print(f"--help: best {min(took):.3f} s, median {median(took):.3f} s of {len(took)}")
    assert min(took) < 0.3  # what else runs on a busy machine only adds to it


def test_help_is_a_small_program() -> None:
    """What it loads decides how soon it is there, on a machine of any speed."""
    code = (
        "import sys; before = set(sys.modules); from pacesetter.cli.main import call; call(['--help']);"
        "print(len(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.splitlines()[-1]) < MODULES


@pytest.mark.parametrize("arguments", [["--help"], ["rank", "--help"], ["import", "prices", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        f"import sys; from pacesetter.cli.main import call; code = call({arguments!r});"
        f"print('LOADED', *sorted(set(sys.modules) & {HEAVY!r})); sys.exit(code)"
    )
    allowed = {"asyncio", "pydantic"} if arguments[0] != "--help" else set()  # typer coerces with pydantic
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.splitlines()[-1].split()[1:]) <= allowed


def test_summaries_are_the_commands_own() -> None:
    root = typer.main.get_command(app)
    assert list(root.commands) == list(COMMANDS)  # type: ignore[attr-defined]
    for name, summary in COMMANDS.items():
        own = root.commands[name].help  # type: ignore[attr-defined]
        assert " ".join(own.split("\n\n")[0].split()) == summary, name


def test_sources_are_those_of_the_settings() -> None:
    assert SourceName == Source


def test_every_command_takes_the_shared_options_late(pace: Call) -> None:
    root = typer.main.get_command(app)
    for name in COMMANDS:
        command = root.commands[name]  # type: ignore[attr-defined]
        for inner in getattr(command, "commands", {"": command}).values():
            assert set(SHARED) <= {param.name for param in inner.params}, (name, inner.name)


def test_version(pace: Call) -> None:
    assert pace("--version").out == f"pacesetter {__version__}\n"


def test_no_arguments_show_the_help(pace: Call) -> None:
    outcome = pace()
    assert (outcome.code, outcome.out) == (0, pace("--help").out)
    assert all(f"  {name} " in outcome.out for name in COMMANDS)


def test_unknown_command_names_the_nearest(pace: Call) -> None:
    outcome = pace("rnak")
    assert outcome.code == 2
    assert "no such command 'rnak'" in outcome.error and "'rank'" in outcome.error


@pytest.mark.parametrize(
    "arguments", [["rank", "--nope"], ["rank", "EV", "--top", "0"], ["import", "prices"], ["explain"]]
)
def test_wrong_usage_points_at_the_help(pace: Call, arguments: list[str]) -> None:
    outcome = pace(*arguments)
    assert outcome.code == 2
    assert outcome.error.endswith("--help`")


def test_a_first_cycle_may_ask_for_the_simulated_market(pace, tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    made = pace("--home", home, "--json", "cycle", "--source", "simulated", "--on", "2025-07-24")
    assert (made.code, made.json["status"], made.json["simulated"]) == (0, "published", True)
    assert not (home / "pacesetter.db").exists()
    board = pace("--home", home, "--json", "rank", "AI/Tech").json
    assert [row["interval"]["n_draws"] for row in board["rows"]] == [200] * 5
    assert all(
        row["interval"]["low"] <= row["interval"]["high"] <= 5 and row["trend"] is None
        for row in board["rows"]
    )
