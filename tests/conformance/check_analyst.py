"""What every analyst must keep, whoever wrote it. Each check raises AssertionError with the cause."""

from __future__ import annotations

from typing import Any

from pacesetter.agents.base import Analyst
from pacesetter.agents.evidence import Evidence
from pacesetter.agents.units import stored_values
from pacesetter.research.claim import check_claims
from pacesetter.research.opinion import Opinion, check_opinion


def shipped_parameters(one: Analyst) -> dict[str, float]:
    return {name: parameter.default for name, parameter in one.parameters.items()}


def check_parameters(one: Analyst) -> None:
    """Each parameter is within its own bounds, and says what it is."""
    for name, parameter in one.parameters.items():
        assert parameter.least <= parameter.default <= parameter.most, f"{one.name}: {name} is out of bounds"
        assert parameter.words.strip(), f"{one.name}: {name} says nothing"


def look(one: Analyst, symbol: str, evidence: Evidence, **over: Any) -> Opinion | None:
    return one.look(symbol, evidence, shipped_parameters(one) | over)


def check_one(one: Analyst, symbol: str, evidence: Evidence, **over: Any) -> Opinion | None:
    """No crash, the same answer twice, nothing written into the evidence, bounds kept, and no number in
    its sentences that is not stored with it."""
    before = evidence.facts.clone(), evidence.texts
    first = look(one, symbol, evidence, **over)
    assert first == look(one, symbol, evidence, **over), f"{one.name} answers otherwise the second time"
    assert evidence.facts.equals(before[0], null_equal=True) and evidence.texts == before[1], (
        f"{one.name} writes into its evidence"
    )
    if first is None:
        return None
    assert first.analyst == one.name, f"{one.name} speaks as {first.analyst}"
    assert not check_opinion(first), f"{one.name}: {check_opinion(first)}"
    check_numbers(one, first)
    check_metrics(one, first, evidence.of(symbol))
    return first


def check_numbers(one: Analyst, opinion: Opinion) -> None:
    """Every number of the reasoning and the risks binds to a figure of ``key_metrics``."""
    stored = stored_values(opinion.key_metrics)
    for text in (opinion.reasoning, *opinion.risks):
        struck = check_claims(text, stored).struck
        assert not struck, f"{one.name} says {struck[0].text!r}, which is not stored: {text}"


def check_metrics(one: Analyst, opinion: Opinion, facts: dict[str, float]) -> None:
    """A figure that has a fact's name has its value, and the points stay within their limits."""
    for name, value in opinion.key_metrics.items():
        if name in facts:
            assert value == facts[name], f"{one.name} stores {name} = {value}, which is {facts[name]}"
    for name, given in opinion.key_metrics["points"].items():
        assert abs(given["points"]) <= given["limit"] + 1e-9, f"{one.name}: {name} gives too many points"
