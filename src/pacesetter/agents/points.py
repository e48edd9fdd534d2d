"""Points for facts: how analysts judge, so that everybody can add it up.

A rule gives from 0 points (at its ``zero_at``) to all of its points (at its ``full_at``), and in between
in proportion. The score is what the rules gave out of what they could have given, × 100; a rule whose
facts are not known drops out of both. Confidence = coverage × (0.5 + |score − 50| / 100): coverage is
the share of all points that could be judged, and half of the rest is how far the score is from undecided.
Where coverage is under ``enough``, the analyst says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pacesetter.agents.base import Given, Parameter
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.units import write_fact
from pacesetter.research.opinion import Opinion, Recommendation

MUCH, LITTLE = 2 / 3, 1 / 3  # of a rule's points: from here on good news, and up to here bad news
WARNS = 0.2  # a rule that gives this part of its points or less names its risk


@dataclass(frozen=True)
class Rule:
    """Points for one or more facts. ``says`` has a place for each of them; ``good`` and ``bad`` are said
    of much and of little. ``least`` and ``most`` bound both thresholds; ``measure`` makes one number of the
    facts, in their order (none: the only fact as it is)."""

    name: str
    facts: tuple[str, ...]
    points: float
    zero_at: float
    full_at: float
    least: float
    most: float
    says: str
    good: str
    bad: str
    risk: str = ""
    measure: Callable[..., float] | None = None

    def share(self, facts: Mapping[str, float], given: Given) -> float | None:
        """The part of its points that the facts earn, 0 to 1; None where one of them is not known."""
        if any(name not in facts for name in self.facts):
            return None
        values = [facts[name] for name in self.facts]
        value = values[0] if self.measure is None else self.measure(*values)
        zero, full = given[f"{self.name}_zero_at"], given[f"{self.name}_full_at"]
        if math.isnan(value):
            return None
        if zero == full:  # a step, in the direction of the shipped rule
            return float(value >= full if self.full_at > self.zero_at else value <= full)
        return min(max((value - zero) / (full - zero), 0.0), 1.0)

    def write(self, facts: Mapping[str, float], pattern: str) -> str:
        """``pattern`` with the facts in their places."""
        return pattern.format(*(write_fact(name, facts[name]) for name in self.facts))


@dataclass(frozen=True)
class Tally:
    """What the rules gave. ``shares`` by rule, of those that could be judged; ``score`` 0–100."""

    rules: tuple[Rule, ...]
    facts: Mapping[str, float]
    shares: Mapping[str, float]
    limits: Mapping[str, float]
    score: float
    coverage: float

    @property
    def confidence(self) -> float:
        """As the top of this file has it."""
        return round(self.coverage * (0.5 + abs(self.score - 50) / 100), 4)

    def key_metrics(self) -> dict[str, Any]:
        """The facts that were used, by name, and ``points``: what each rule gave, and its limit."""
        judged = [rule for rule in self.rules if rule.name in self.shares]
        used = dict.fromkeys(name for rule in judged for name in rule.facts)
        points = {
            rule.name: {
                "points": round(self.shares[rule.name] * self.limits[rule.name], 2),
                "limit": self.limits[rule.name],
            }
            for rule in judged
        }
        return {name: self.facts[name] for name in used} | {"points": points}

    def sentences(self) -> list[str]:
        """A sentence for each rule that was judged: what speaks loudest, for or against, first."""
        found = []
        for rule in self.rules:
            if rule.name in self.shares and self.limits[rule.name] > 0:
                share = self.shares[rule.name]
                word = rule.good if share >= MUCH else rule.bad if share <= LITTLE else "middling"
                loud = abs(share - 0.5) * self.limits[rule.name]
                found.append((-loud, f"{rule.write(self.facts, rule.says)}: {word}."))
        return [sentence for _, sentence in sorted(found, key=lambda one: one[0])]

    def risks(self) -> tuple[str, ...]:
        """The risks of the rules that gave next to nothing."""
        low = [r for r in self.rules if r.risk and self.shares.get(r.name, 1.0) <= WARNS]
        return tuple(rule.write(self.facts, rule.risk) for rule in low)

    def unknown(self) -> str:
        """Which rules could not be judged, as a sentence; nothing where all were."""
        names = [r.name.replace("_", " ") for r in self.rules if r.name not in self.shares]
        return f"Not known: {', '.join(names)}." if names else ""


def parameters_of(
    rules: Sequence[Rule],
    *,
    buy_from: float = 70.0,
    watch_from: float = 55.0,
    sell_to: float = 30.0,
    enough: float = 0.4,
) -> dict[str, Parameter]:
    """Everything about the rules and the answers that a person may set."""
    found = {
        "buy_from": Parameter(buy_from, 0.0, 100.0, "BUY from this score on"),
        "watch_from": Parameter(watch_from, 0.0, 100.0, "WATCHLIST from this score on"),
        "sell_to": Parameter(sell_to, 0.0, 100.0, "SELL up to this score"),
        "enough": Parameter(enough, 0.0, 1.0, "says nothing where fewer of its points can be judged"),
    }
    for rule in rules:
        what = rule.name.replace("_", " ")
        found[f"{rule.name}_points"] = Parameter(rule.points, 0.0, 100.0, f"the most that {what} gives")
        for end, much in (("zero_at", "no"), ("full_at", "all")):
            bounds = (getattr(rule, end), rule.least, rule.most)
            found[f"{rule.name}_{end}"] = Parameter(*bounds, f"where {what} gives {much} points")
    return found


def read_facts(symbol: str, evidence: Evidence) -> dict[str, float]:
    """The symbol's known facts that are finite numbers."""
    return {name: value for name, value in evidence.of(symbol).items() if math.isfinite(value)}


def tally(rules: Sequence[Rule], facts: Mapping[str, float], given: Given) -> Tally | None:
    """What the rules give; None where they can judge too little of it."""
    limits = {rule.name: given[f"{rule.name}_points"] for rule in rules}
    shares = {rule.name: share for rule in rules if (share := rule.share(facts, given)) is not None}
    total, judged = math.fsum(limits.values()), math.fsum(limits[name] for name in shares)
    if judged <= 0 or judged < given["enough"] * total:
        return None
    earned = math.fsum(shares[name] * limits[name] for name in shares)
    score = min(round(100 * earned / judged, 2), 100.0)
    return Tally(tuple(rules), facts, shares, limits, score, judged / total)


def answer(score: float, given: Given) -> Recommendation:
    """The recommendation of a score."""
    if score >= given["buy_from"]:
        return "BUY"
    if score <= given["sell_to"]:
        return "SELL"
    return "WATCHLIST" if score >= given["watch_from"] else "HOLD"


def judge(
    analyst: str,
    rules: Sequence[Rule],
    facts: Mapping[str, float],
    given: Given,
    leads: Mapping[str, str],
) -> Opinion | None:
    """The opinion of an analyst that has nothing but rules; ``leads``: its first sentence, by answer."""
    found = tally(rules, facts, given)
    if found is None:
        return None
    said = answer(found.score, given)
    reasoning = " ".join(filter(None, [leads[said], *found.sentences(), found.unknown()]))
    return Opinion(
        analyst, said, found.score, found.confidence, reasoning, found.key_metrics(), found.risks()
    )
