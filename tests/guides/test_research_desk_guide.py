"""The guide to the research desk: its commands run, in the order of the page, on an invented market."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from pacesetter.reports.sections.market_context import LARGE_PCT
from pacesetter.research.desk import load_desk

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "guides" / "research-desk.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANSWERS = ("show", "modify", "approve", "reject", "trade")  # they need a decision, which is not foretold


@pytest.fixture(scope="module")
def transcript() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transcript", ROOT / "docs" / "transcript.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands() -> Iterator[list[str]]:
    for block in BLOCK.findall(PAGE.read_text("utf-8")):
        for line in block.splitlines():
            _, *words = shlex.split(line, comments=True)
            if words[0] != "decisions" or len(words) == 1 or words[1] not in ANSWERS:
                yield words


def test_the_commands_run_as_the_page_tells_them(transcript: ModuleType) -> None:
    printed = {}
    with transcript.fresh_home() as run:
        for words in commands():
            printed[" ".join(words)] = run(words)
        assert Path("monday.html").read_text("utf-8").lstrip().startswith("<!doctype html>")
    assert len(printed) > 15
    report = printed["report morning"]
    assert "SIMULATED" in report and "Tue 30 Jun 2026" in report and "TODAY" in report
    assert "agent.changed" in printed["audit --limit 20"] and "watch.added" in printed["audit --limit 20"]


def test_the_numbers_of_the_page_are_those_in_force() -> None:
    text = PAGE.read_text("utf-8")
    rule, queue = load_desk().decision, load_desk().queue
    said = {
        f"from {queue.enter_at:g} points": "the score that a symbol enters the queue with",
        f"from {queue.promote_at:g} it is promoted": "the score that promotes",
        f"BUY where {100 * rule.buy_share:g} % of the votes": "the share that buys",
        f"at least {rule.stop_least_pct:g} % and at most {rule.stop_most_pct:g} %": "the stop's bounds",
        f"one standard deviation of {rule.stop_sessions} sessions": "the stop's span",
        f"moved by {LARGE_PCT:g} % or more": "a large day",
    }
    assert not {what for words, what in said.items() if words not in text}
