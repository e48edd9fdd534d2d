"""Every registered analyst keeps the rules, and the checks find the ones that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.agents.base import Analyst, analysts
from pacesetter.agents.facts import fact_names
from pacesetter.research.opinion import Opinion
from tests.agents.evidence_made import ON, make_evidence, make_text
from tests.conformance.check_analyst import check_one, check_parameters, look

NAMES = ("catalyst", "contrarian", "growth", "momentum", "quality", "risk", "sentiment", "value")
WORDS = ("strong", "growth", "weak", "loss", "not", "may", "beat", "12.5 %", "BUY", "2025-01-01", "3,000")
number = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.05, 50.0, 100.0, 1e-9]),
    st.floats(-10, 10),
    st.floats(-1000, 1000),
    st.floats(-1e14, 1e14),
    st.floats(allow_nan=False, allow_infinity=False),
)
facts = st.dictionaries(st.sampled_from(sorted(fact_names())), number)
money = st.one_of(st.none(), st.floats(-1e12, 1e12), st.just("much"))
texts = st.lists(
    st.builds(
        lambda kind, words, age, bought, sold: make_text(
            kind, "AAA", body=" ".join(words), noted_on=ON - timedelta(age), 
            data={"bought": bought, "sold": sold},
        ),
        st.sampled_from(["news", "insider", "earnings", "research", "manual", "macro"]),
        st.lists(st.sampled_from(WORDS), max_size=12),
        st.integers(0, 40),
        money,
        money,
    ),
    max_size=5,
)  # fmt: skip


def test_the_eight_are_there() -> None:
    assert set(NAMES) <= set(analysts.names())


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_sound(name: str) -> None:
    check_parameters(analysts.get(name))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=120, print_blob=True)
@given(over=facts, given_texts=texts, alone=st.booleans())
def test_every_analyst_conforms(name: str, over: Any, given_texts: Any, alone: bool) -> None:
    """With some facts otherwise or missing; ``alone``: with no other fact known."""
    base = dict.fromkeys(fact_names()) if alone else {}
    evidence = make_evidence(facts={"AAA": base | over}, texts=given_texts)
    check_one(analysts.get(name), "AAA", evidence)


@pytest.mark.parametrize("name", NAMES)
def test_each_single_fact_may_be_missing(name: str) -> None:
    one = analysts.get(name)
    full = check_one(one, "AAA", make_evidence(texts=[make_text("news", "AAA", body="strong growth beats")]))
    assert full is not None
    for fact in fact_names():
        evidence = make_evidence(facts={"AAA": {fact: None}})
        found = check_one(one, "AAA", evidence)
        if found is not None and fact in full.key_metrics and not fact.startswith(("event.", "freshness.")):
            assert fact not in found.key_metrics


@pytest.mark.parametrize("name", NAMES)
def test_a_symbol_that_nobody_knows_has_no_opinion(name: str) -> None:
    assert check_one(analysts.get(name), "ZZZ", make_evidence()) is None


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, print_blob=True)
@given(data=st.data())
def test_any_setting_within_bounds_works(name: str, data: st.DataObject) -> None:
    one = analysts.get(name)
    over = {
        parameter: data.draw(st.sampled_from([setter.least, setter.default, setter.most]), parameter)
        for parameter, setter in one.parameters.items()
    }
    for symbol in ("AAA", "CCC", "DDD"):
        check_one(one, symbol, make_evidence(texts=[make_text("news", "AAA", body="strong growth")]), **over)


def planted(answer: Any) -> Analyst:
    return replace(analysts.get("value"), look=answer)


GOOD = Opinion("value", "HOLD", 50.0, 0.5, "Its P/E is 12.5.", {"factor.trailing_pe": 12.5, "points": {}})


def test_the_checks_find_what_is_wrong() -> None:
    evidence = make_evidence()
    assert check_one(planted(lambda *_: GOOD), "AAA", evidence) == GOOD
    scores = iter([50.0, 51.0])
    for answer, said in (
        (lambda *_: replace(GOOD, reasoning="Its P/E is 12.7."), "12.7"),
        (lambda *_: replace(GOOD, risks=("It may fall by 30 %.",)), "30 %"),
        (lambda *_: replace(GOOD, score=100.1), "not from 0 to 100"),
        (lambda *_: replace(GOOD, analyst="growth"), "speaks as growth"),
        (lambda *_: replace(GOOD, key_metrics={"factor.trailing_pe": 12.51, "points": {}}), r"12\.5"),
        (lambda *_: replace(GOOD, score=next(scores)), "second time"),
        (lambda *_: replace(GOOD, key_metrics={
            "factor.trailing_pe": 12.5, "points": {"pe": {"points": 3.0, "limit": 2.0}}
        }), "too many points"),
    ):  # fmt: skip
        with pytest.raises(AssertionError, match=said):
            check_one(planted(answer), "AAA", evidence)
    assert look(planted(lambda *_: None), "AAA", evidence) is None
