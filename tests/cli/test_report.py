"""``pacesetter report``: as a person uses it in the morning, on a simulated market."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.fixture(scope="module")
def worked(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ranked simulated home in which the desk has worked over the newest session."""
    from pacesetter.cli.main import call

    home = tmp_path_factory.mktemp("report") / "home"
    shutil.copytree(simulated, home)
    assert call(["--home", str(home), "--quiet", "night"]) == 0
    return home


def test_the_report_in_its_forms(pace: Call, worked: Path) -> None:
    text = pace("--home", worked, "report", "morning")
    assert text.code == 0 and text.out.startswith("SIMULATED") and "Morning report · " in text.out
    assert "TODAY" in text.out and "MARKET" in text.out
    html = pace("--home", worked, "report", "morning", "--format", "html").out
    assert html.lstrip().lower().startswith("<!doctype html>") and "<script" not in html
    assert pace("--home", worked, "report", "morning", "--format", "markdown").out.startswith("# Morning")
    body = json.loads(pace("--home", worked, "report", "morning", "--format", "json").out)
    assert body["simulated"] is True and body["sections"][0]["name"] == "headline"
    assert pace("--home", worked, "report", "morning", "--json").json == body
    assert pace("--home", worked, "report", "show", body["on"], "--json").json == body


def test_a_report_goes_into_a_file(pace: Call, worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    done = pace("--home", worked, "report", "morning", "--format", "html", "--out", out)
    assert done.code == 0 and done.out == "" and f"written: {out}" in done.err
    assert "</html>" in out.read_text("utf-8") and [p.name for p in tmp_path.iterdir()] == ["report.html"]
    wrong = pace("--home", worked, "report", "morning", "--out", tmp_path / "none" / "a.html")
    assert wrong.code == 2 and "cannot be written" in wrong.error


def test_the_list_and_what_is_not_there(pace: Call, worked: Path) -> None:
    (row,) = pace("--home", worked, "report", "list", "--json").json["rows"]
    assert row["version"] == 1 and row["sent_at"] is None
    assert row["date"] in pace("--home", worked, "report", "list").out
    gone = pace("--home", worked, "report", "show", "2020-01-02")
    assert gone.code == 2 and "no report of 2020-01-02" in gone.error and "report list" in gone.error
    later = pace("--home", worked, "report", "show", row["date"], "--version", 2)
    assert later.code == 2 and "version 2" in later.error
    assert "report is no table" in pace("--home", worked, "--csv", "report", "morning").error


def test_nothing_is_sent_without_an_address(pace: Call, worked: Path) -> None:
    done = pace("--home", worked, "report", "morning", "--send")
    assert done.code == 0 and ("no address is set" in done.err or "nothing material" in done.err)


def test_before_the_first_night(pace: Call, simulated: Path) -> None:
    none = pace("--home", simulated, "report", "morning")
    assert none.code == 2 and "no report yet" in none.error and "pacesetter night" in none.error
    assert "pacesetter night" in pace("--home", simulated, "report", "list").out
