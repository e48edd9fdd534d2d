"""The adversarial challenge: everything that speaks against a decision, and whether it stands.

The rule, which knows no mood: each opinion speaks for the decision with its vote (weight × confidence,
as in ``count_votes``) × how far its score supports it (score / 100 for a BUY, the rest of it for a SELL),
and against it with the other part. A risk that somebody names counts a tenth of that analyst's vote
more against a BUY. Each piece of evidence speaks with its strength, for or against. A decision falls
when what is contrary has ``contrary_share`` of everything or more, or when one contrary piece of
evidence has ``fatal_strength`` or more. A BUY that falls is for the watchlist, a SELL becomes HOLD; HOLD and
WATCHLIST ask nothing of anybody, and stand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pacesetter.research.decision_rule import DecisionRule
from pacesetter.research.opinion import Opinion, Recommendation, Votes

RISK_PART = 0.1
DECIMALS = 9


@dataclass(frozen=True)
class Evidence:
    """A fact from stored data: ``direction`` up is good for who owns it; ``strength`` 0–1."""

    source: str
    text: str
    direction: Literal["up", "down"]
    strength: float


@dataclass(frozen=True)
class ContraryFact:
    """Something that speaks against a decision, and how strongly."""

    source: str
    text: str
    strength: float


@dataclass(frozen=True)
class Challenge:
    """``facts``: what is contrary, the strongest first. ``stands``: whether the decision does, with the
    ``reason``; ``outcome``: what the decision is afterwards."""

    decision: Recommendation
    facts: tuple[ContraryFact, ...]
    contrary: float
    supporting: float
    contrary_share: float
    stands: bool
    reason: str
    outcome: Recommendation


def challenge_decision(
    decision: Recommendation,
    opinions: Sequence[Opinion],
    votes: Votes,
    evidence: Sequence[Evidence],
    rule: DecisionRule,
) -> Challenge:
    """Everything against a decision, and whether it stands, by the rule at the top of this file."""
    against: list[ContraryFact] = []
    pro: list[float] = []
    fatal: list[Evidence] = []
    wants_up = decision != "SELL"
    for one in opinions:
        vote = votes.counted[one.analyst]
        support = one.score / 100 if wants_up else 1 - one.score / 100
        pro.append(vote * support)
        against.append(ContraryFact(one.analyst, one.reasoning, vote * (1 - support)))
        if wants_up:
            against += [ContraryFact(one.analyst, f"risk: {risk}", vote * RISK_PART) for risk in one.risks]
    for fact in evidence:
        if (fact.direction == "up") == wants_up:
            pro.append(fact.strength)
            continue
        against.append(ContraryFact(fact.source, fact.text, fact.strength))
        if fact.strength >= rule.fatal_strength:
            fatal.append(fact)
    facts = sorted((f for f in against if f.strength > 0), key=lambda f: (-f.strength, f.source, f.text))
    contrary, supporting = math.fsum(f.strength for f in facts), math.fsum(pro)
    total = contrary + supporting
    share = round(contrary / total, DECIMALS) if total else 0.0
    stands, reason = _judge(decision, share, fatal, rule)
    falls_to: Recommendation = "WATCHLIST" if decision == "BUY" else "HOLD"
    outcome = decision if stands else falls_to
    return Challenge(decision, tuple(facts), contrary, supporting, share, stands, reason, outcome)


def _judge(decision: str, share: float, fatal: Sequence[Evidence], rule: DecisionRule) -> tuple[bool, str]:
    if decision not in ("BUY", "SELL"):
        return True, f"{decision} asks nothing of anybody"
    if fatal:
        return False, f"one fact is enough against it: {fatal[0].text}"
    said = f"{100 * share:.3g} % of the weight is contrary"
    if share >= rule.contrary_share:
        return False, f"{said}, {100 * rule.contrary_share:g} % or more overturns it"
    return True, f"{said}, less than the {100 * rule.contrary_share:g} % that overturn it"
