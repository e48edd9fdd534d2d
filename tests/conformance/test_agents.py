"""Every registered discovery agent, against what all of them must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from pacesetter.agents.base import Given, Parameter, Seeker, seekers
from pacesetter.agents.evidence import Evidence
from pacesetter.research.desk import load_desk
from pacesetter.research.signal import Signal
from tests.agents.random_evidence import random_evidence
from tests.conformance import check_agent

NAMES = seekers.names()
DESK = load_desk()


def test_every_signal_type_has_an_agent() -> None:
    assert {kind for one in seekers for kind in one.types} == set(DESK.signals)


@pytest.mark.parametrize("name", NAMES)
def test_bounds(name: str, rng: np.random.Generator) -> None:
    found = [check_agent.check_bounds(seekers.get(name), random_evidence(rng), DESK) for _ in range(6)]
    assert sum(found) > 0, f"{name} finds nothing in any of them: the check says nothing about it"


@pytest.mark.parametrize("name", NAMES)
def test_purity_order_and_no_look_ahead(name: str, rng: np.random.Generator) -> None:
    evidence, one = random_evidence(rng), seekers.get(name)
    check_agent.check_purity(one, evidence, DESK)
    check_agent.check_order(one, evidence, DESK, rng)
    check_agent.check_no_look_ahead(one, evidence, DESK)


@pytest.mark.parametrize("name", NAMES)
def test_missing_facts(name: str, rng: np.random.Generator) -> None:
    check_agent.check_holes(seekers.get(name), random_evidence(rng), DESK)


def _signal(evidence: Evidence, **over: object) -> Signal:
    symbol = sorted(evidence.listings)[0]
    return replace(Signal(symbol, "news", "news", 10.0, 0.5, evidence.on, {"a": 1}), **over)  # type: ignore[arg-type]


def _by_memory() -> Seeker:
    calls: list[int] = []

    def seek(evidence: Evidence, given: Given) -> Sequence[Signal]:
        calls.append(1)
        return [_signal(evidence, score=float(len(calls)))]

    return Seeker("memory", "wrong", ("news",), seek)


def _by_order(evidence: Evidence, given: Given) -> Sequence[Signal]:
    return [_signal(evidence, symbol=evidence.facts["symbol"][0])]


def _by_recall(evidence: Evidence, given: Given) -> Sequence[Signal]:
    assert evidence.recall is not None
    return [_signal(evidence, score=float(len(evidence.recall("S000").dates) % 100))]


def test_wrong_agents_are_found(rng: np.random.Generator) -> None:
    evidence = random_evidence(rng)

    def of(seek: object) -> Seeker:
        return Seeker("wrong", "wrong", ("news",), seek)  # type: ignore[arg-type]

    wrong = (
        {"score": 101.0},
        {"confidence": 1.1},
        {"signal_type": "manual"},
        {"seen_on": evidence.sessions[-2]},
        {"symbol": "NOT-LISTED"},
        {"data": {"a": float("nan")}},
        {"data": {"a": (1, 2)}},
        {"data": {}},
    )
    for over in wrong:
        with pytest.raises((AssertionError, ValueError)):
            check_agent.check_bounds(of(lambda e, g, over=over: [_signal(e, **over)]), evidence, DESK)
    with pytest.raises(AssertionError, match="twice"):
        check_agent.check_bounds(of(lambda e, g: [_signal(e), _signal(e)]), evidence, DESK)
    bad = Seeker("wrong", "wrong", ("news",), lambda e, g: [], {"x": Parameter(5, 1, 2, "x")})
    with pytest.raises(AssertionError, match="bounds"):
        check_agent.check_bounds(bad, evidence, DESK)
    with pytest.raises(AssertionError, match="second time"):
        check_agent.check_purity(_by_memory(), evidence, DESK)
    with pytest.raises(AssertionError, match="order"):
        check_agent.check_order(of(_by_order), evidence, DESK, rng)
    with pytest.raises(AssertionError, match="history"):
        check_agent.check_no_look_ahead(of(_by_recall), evidence, DESK)
    with pytest.raises(AssertionError, match="nothing"):
        check_agent.check_holes(of(lambda e, g: [_signal(e)]), evidence, DESK)
    with pytest.raises(KeyError):
        check_agent.check_holes(of(lambda e, g: [e.of("S000")["price.close"]]), evidence, DESK)
