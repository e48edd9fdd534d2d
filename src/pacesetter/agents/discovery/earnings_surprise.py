"""Earnings surprises: reported earnings far from what was expected, from the inbox's earnings files."""

from __future__ import annotations

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.find import make_find, new_texts, read_number, tell_text
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal


@seeker(
    "earnings_surprise",
    "Earnings at least 5 % above or below what was expected",
    types=("earnings_surprise",),
    parameters={
        "least_pct": Parameter(5.0, 0.1, 1000.0, "the surprise that makes a signal, in %"),
        "full_at_pct": Parameter(25.0, 0.1, 10_000.0, "the surprise that gives the full score, in %"),
    },
)
def seek(evidence: Evidence, given: Given) -> list[Signal]:
    """Of several texts of an evening the newest. Confidence: 0.8, for figures that were stated."""
    found: dict[str, Signal] = {}
    for text in new_texts(evidence, "earnings"):
        surprise = read_number(text.data.get("surprise_pct"))
        if text.symbol is None or text.symbol in found or surprise is None:
            continue
        if abs(surprise) < given["least_pct"]:
            continue
        figures = {key: read_number(text.data.get(key)) for key in ("reported", "expected")}
        found[text.symbol] = make_find(
            evidence,
            given,
            text.symbol,
            "earnings_surprise",
            strength=measure_strength(abs(surprise), given["least_pct"], given["full_at_pct"]),
            confidence=0.8,
            direction="up" if surprise > 0 else "down",
            facts={"event.earnings_surprise_pct": surprise},
            figures={key: value for key, value in figures.items() if value is not None},
            texts=[tell_text(text)],
        )
    return list(found.values())
