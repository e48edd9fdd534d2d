"""Points: the slope between two thresholds, steps, what is missing, and the answer at its edges."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.agents.points import Rule, answer, judge, parameters_of, read_facts, tally
from tests.agents.evidence_made import make_evidence

RULES = (
    Rule("cheap", ("factor.trailing_pe",), 60.0, 30.0, 10.0, 0.0, 99.0, "P/E {0}", "yes", "no", "P/E {0}!"),
    Rule("sound", ("factor.roe",), 40.0, 0.0, 0.2, -1.0, 1.0, "ROE {0}", "high", "low"),
)
LEADS = {"BUY": "Buy.", "SELL": "Sell.", "HOLD": "Hold.", "WATCHLIST": "Watch."}


def given_with(**over: float) -> dict[str, float]:
    return {name: one.default for name, one in parameters_of(RULES).items()} | over


def facts(pe: float | None = None, roe: float | None = None) -> dict[str, float]:
    named = {"factor.trailing_pe": pe, "factor.roe": roe}
    return {name: value for name, value in named.items() if value is not None}


@pytest.mark.parametrize(
    ("pe", "share"), [(9.0, 1.0), (10.0, 1.0), (15.0, 0.75), (20.0, 0.5), (30.0, 0.0), (31.0, 0.0)]
)
def test_a_rule_gives_points_in_proportion(pe: float, share: float) -> None:
    assert RULES[0].share(facts(pe), given_with()) == pytest.approx(share, abs=1e-12)


def test_equal_thresholds_are_a_step_in_the_shipped_direction() -> None:
    low = given_with(cheap_zero_at=15.0, cheap_full_at=15.0, sound_zero_at=0.1, sound_full_at=0.1)
    assert [RULES[0].share(facts(pe), low) for pe in (14.9, 15.0, 15.1)] == [1.0, 1.0, 0.0]
    assert [RULES[1].share(facts(roe=roe), low) for roe in (0.09, 0.1, 0.11)] == [0.0, 1.0, 1.0]


def test_by_hand() -> None:
    opinion = judge("value", RULES, facts(15.0, 0.05), given_with(), LEADS)
    assert opinion is not None
    # 0.75 of 60 is 45, 0.25 of 40 is 10: 55 of 100; confidence 1 × (0.5 + 5/100)
    assert (opinion.score, opinion.confidence, opinion.recommendation) == (55.0, 0.55, "WATCHLIST")
    assert opinion.key_metrics == {
        "factor.trailing_pe": 15.0,
        "factor.roe": 0.05,
        "points": {"cheap": {"points": 45.0, "limit": 60.0}, "sound": {"points": 10.0, "limit": 40.0}},
    }
    assert opinion.reasoning == "Watch. P/E 15.00: yes. ROE 5.0 %: low."


def test_what_is_missing_drops_its_rule_and_the_confidence() -> None:
    opinion = judge("value", RULES, facts(15.0), given_with(), LEADS)
    assert opinion is not None
    # 45 of 60 is 75; coverage 0.6 × (0.5 + 25/100)
    assert (opinion.score, opinion.confidence) == (75.0, 0.45)
    assert opinion.reasoning.endswith("Not known: sound.")


def test_too_little_to_judge_says_nothing() -> None:
    assert tally(RULES, facts(roe=0.1), given_with(enough=0.4)) is not None  # 40 of 100, exactly enough
    assert tally(RULES, facts(roe=0.1), given_with(enough=0.41)) is None
    assert tally(RULES, facts(), given_with(enough=0.0)) is None
    nothing = given_with(cheap_points=0.0, sound_points=0.0)
    assert tally(RULES, facts(15.0, 0.1), nothing) is None


def test_a_rule_without_points_is_not_told() -> None:
    opinion = judge("value", RULES, facts(15.0, 0.05), given_with(sound_points=0.0), LEADS)
    assert opinion is not None and "ROE" not in opinion.reasoning and opinion.score == 75.0


@pytest.mark.parametrize(
    ("score", "said"),
    [
        *((70.0, "BUY"), (69.99, "WATCHLIST"), (55.0, "WATCHLIST")),
        *((54.99, "HOLD"), (30.01, "HOLD"), (30.0, "SELL")),
    ],
)  # fmt: skip
def test_the_answer_at_its_edges(score: float, said: str) -> None:
    assert answer(score, given_with()) == said


def test_a_risk_is_named_where_a_rule_gives_next_to_nothing() -> None:
    at = [judge("value", RULES, facts(pe, 0.1), given_with(), LEADS) for pe in (26.0, 25.9)]
    assert [one.risks if one else None for one in at] == [("P/E 26.00!",), ()]  # a fifth, and a bit more


def test_what_is_not_finite_is_not_known() -> None:
    evidence = make_evidence(facts={"AAA": {"factor.roe": math.nan, "factor.eps": math.inf}})
    assert {"factor.roe", "factor.eps"} & set(read_facts("AAA", evidence)) == set()
    assert "factor.gross_margin" in read_facts("AAA", evidence)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_better_fact_never_costs_points(one: float, other: float) -> None:
    low, high = sorted((one, other))
    shares: list[Any] = [RULES[1].share(facts(roe=value), given_with()) for value in (low, high)]
    assert 0 <= shares[0] <= shares[1] <= 1
