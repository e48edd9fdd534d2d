"""How much a find counts: its signal type's base score, scaled by how strong it is."""

from __future__ import annotations

from collections.abc import Mapping

from pacesetter.research.desk import MOST_SCORE

WEAKEST, STRONGEST = 0.75, 1.25
BASE = "base_score."  # the desk's base scores stand beside an agent's own parameters under this


def measure_strength(value: float, from_value: float, full_at: float) -> float:
    """0 at the threshold, 1 where it is ``full_at`` or beyond, evenly between."""
    if full_at <= from_value:
        return 1.0
    return min(1.0, max(0.0, (value - from_value) / (full_at - from_value)))


def scale_score(given: Mapping[str, float], signal_type: str, strength: float) -> float:
    """The base score × 0.75 at the threshold, × 1 half way, × 1.25 at full strength; 100 at most."""
    base = given[BASE + signal_type]
    return min(MOST_SCORE, round(base * (WEAKEST + (STRONGEST - WEAKEST) * strength), 6))
