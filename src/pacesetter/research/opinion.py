"""What an analyst thinks of a symbol, and how much of the desk's weight stands behind each answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pacesetter.kernel.errors import InputError

Recommendation = Literal["BUY", "SELL", "HOLD", "WATCHLIST"]
RECOMMENDATIONS: tuple[str, ...] = get_args(Recommendation)
LEAST_WEIGHT, MOST_WEIGHT = 0.1, 3.0
DECIMALS = 9


@dataclass(frozen=True)
class Opinion:
    """``score`` 0–100, the higher the better for who owns the symbol; ``confidence`` 0–1."""

    analyst: str
    recommendation: Recommendation
    score: float
    confidence: float
    reasoning: str
    key_metrics: Mapping[str, Any] = field(default_factory=dict)
    risks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Votes:
    """Shares by recommendation, adding up to 1, or all 0 where nobody is sure of anything.

    ``counted``: what each analyst's opinion counts, weight × confidence.
    """

    shares: Mapping[str, float]
    counted: Mapping[str, float]

    @property
    def bullish(self) -> float:
        """The share of BUY."""
        return self.shares["BUY"]

    @property
    def bearish(self) -> float:
        """The share of SELL."""
        return self.shares["SELL"]


def check_opinion(opinion: Opinion) -> tuple[str, ...]:
    """Everything that is wrong with an opinion, in sentences; nothing where it is fine."""
    found = []
    if not opinion.analyst.strip():
        found.append("the analyst is missing")
    if opinion.recommendation not in RECOMMENDATIONS:
        found.append(f"{opinion.recommendation!r} is none of {', '.join(RECOMMENDATIONS)}")
    if not (math.isfinite(opinion.score) and 0 <= opinion.score <= 100):
        found.append(f"the score {opinion.score:g} is not from 0 to 100")
    if not (math.isfinite(opinion.confidence) and 0 <= opinion.confidence <= 1):
        found.append(f"the confidence {opinion.confidence:g} is not from 0 to 1")
    if not opinion.reasoning.strip():
        found.append("the reasoning is missing")
    return tuple(found)


def count_votes(opinions: Sequence[Opinion], weights: Mapping[str, float]) -> Votes:
    """An opinion counts its analyst's weight (0.1–3, 1 where none is given) × its confidence.

    The share of a recommendation is what counts for it over what counts in all, rounded to 9
    decimals, so that 65 % on paper is 65 %. ``InputError`` for two opinions of one analyst.
    """
    names = [one.analyst for one in opinions]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{twice[0]} has two opinions", mend="hand over the newest of each analyst")
    for name in names:
        if not LEAST_WEIGHT <= weights.get(name, 1.0) <= MOST_WEIGHT:
            raise InputError(
                f"the weight of {name} is {weights[name]:g}", mend=f"keep it {LEAST_WEIGHT}–{MOST_WEIGHT:g}"
            )
    counted = {one.analyst: weights.get(one.analyst, 1.0) * one.confidence for one in opinions}
    total = math.fsum(counted.values())
    shares = dict.fromkeys(RECOMMENDATIONS, 0.0)
    for answer in RECOMMENDATIONS if total > 0 else ():
        mine = math.fsum(counted[one.analyst] for one in opinions if one.recommendation == answer)
        shares[answer] = round(mine / total, DECIMALS)
    return Votes(shares, counted)
