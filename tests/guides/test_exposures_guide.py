"""The guide to exposures: every figure on it is what its commands print."""

from __future__ import annotations

from tests.guides.test_ranking_guide import ROOT, transcript

__all__ = ["transcript"]

PAGE = ROOT / "docs" / "guides" / "exposures.md"


def test_every_figure_is_what_its_command_prints(transcript) -> None:
    text = PAGE.read_text("utf-8")
    with transcript.fresh_home() as run:
        assert transcript.replay(text, run) == text, "run `make docs`, and read what has changed"
