"""The guide to rankings: every figure on it is what its commands print."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "guides" / "ranking.md"


@pytest.fixture(scope="module")
def transcript() -> ModuleType:
    spec = importlib.util.spec_from_file_location("transcript", ROOT / "docs" / "transcript.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_figure_is_what_its_command_prints(transcript: ModuleType) -> None:
    text = PAGE.read_text("utf-8")
    with transcript.fresh_home() as run:
        assert transcript.replay(text, run) == text, "run `make docs`, and read what has changed"


def test_what_the_page_says_of_its_figures(transcript: ModuleType) -> None:
    """Statements between the figures that another market would make wrong."""
    text = PAGE.read_text("utf-8")
    blocks = transcript.BLOCK.findall(text)
    (why_amd,) = [block for block in blocks if block.startswith("$ pacesetter changes AMD")]
    rows = {line.split()[0]: line.split()[1:] for line in why_amd.splitlines() if line.startswith(" ")}
    assert rows["sum"][1] == rows["peers"][1] == "1"  # the whole place comes from its peers
    assert float(rows["sum"][2]) < 0  # although its own composite fell
    assert {exact for name, (_, exact, _) in list(rows.items())[2:] if name not in ("peers", "sum")} == {"0"}


def test_other_output_is_seen(transcript: ModuleType) -> None:
    page = "text\n```console\n$ pacesetter one \\\n    two\nold\n$ pacesetter 'three four'\n…\n```\nmore\n"
    asked = []

    def run(arguments: list[str]) -> str:
        asked.append(arguments)
        return "new"

    assert transcript.replay(page, run) == page.replace("old", "new")
    assert asked == [["one", "two"], ["three four"]]
    with transcript.fresh_home() as call, pytest.raises(RuntimeError, match="exit 2"):
        call(["rank", "No such board"])
