"""Conditions as text: what each spelling means, where a mistake stands, and the way there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.agents.facts import fact_names
from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.research.condition import (
    OPS,
    Comparison,
    Condition,
    Group,
    evaluate,
    parse_condition,
    write_condition,
)
from pacesetter.research.condition_text import parse_text, write_text

A, B, C = (Comparison(f"price.{name}", "<", 1.0) for name in "abc")
EVENT = Comparison("event.news", ">=", 1.0)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("price.a < 1", A),
        ("  price.a<1  ", A),
        ("PRICE.A < 1.0", A),
        ("price.a ≤ 1", Comparison("price.a", "<=", 1.0)),
        ("price.a >= -2.5e3", Comparison("price.a", ">=", -2500.0)),
        ("price.a > +.5", Comparison("price.a", ">", 0.5)),
        ("price.a crosses above 7", Comparison("price.a", "crosses_above", 7.0)),
        ("price.a Crosses\nBELOW technical.x", Comparison("price.a", "crosses_below", against="technical.x")),
        ("price.a crosses_above 7", Comparison("price.a", "crosses_above", 7.0)),
        ("price.a > price.b", Comparison("price.a", ">", against="price.b")),
        ("event.news", EVENT),
        ("event.news > 2", Comparison("event.news", ">", 2.0)),
        ("price.a < 1 and price.b < 1 or price.c < 1", Group("or", (Group("and", (A, B)), C))),
        ("price.a < 1 or price.b < 1 and price.c < 1", Group("or", (A, Group("and", (B, C))))),
        ("price.a < 1 and (price.b < 1 or price.c < 1)", Group("and", (A, Group("or", (B, C))))),
        ("(price.a < 1 and price.b < 1) and price.c < 1", Group("and", (Group("and", (A, B)), C))),
        ("price.a < 1 AND price.b < 1 and price.c < 1", Group("and", (A, B, C))),
        ("((event.news))and event.news", Group("and", (EVENT, EVENT))),
    ],
)
def test_what_a_text_means(text: str, meant: Condition) -> None:
    assert parse_text(text) == meant


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("", 1, "the end stands where a fact"),
        ("   ", 4, "the end stands where a fact"),
        ("price.a", 8, "the end stands where a comparison"),
        ("price.a <", 10, "the end stands where a number or a fact"),
        ("price.a < and price.b < 1", 11, "'and' stands where a number or a fact"),
        ("price.a = 1", 9, "write <= or >="),
        ("price.a != 1", 9, "write <= or >="),
        ("price.a < 1,000", 11, "'1,000' is not understood"),
        ("price.a < 2 %", 13, "'%' is not understood"),
        ("price.a < 2%", 11, "write numbers plainly"),
        ("price.a < 1.2.3", 11, "write numbers plainly"),
        ("price.a < 1 price.b < 2", 13, "'price.b' stands where and, or, or the end"),
        ("price.a < 1 and", 16, "the end stands where a fact"),
        ("(price.a < 1", 13, "the end stands where and, or, or )"),
        ("price.a < 1)", 12, "')' stands where and, or, or the end"),
        ("price.a crosses 7", 17, "'7' stands where above or below"),
        ("close < 1", 1, "kinds: price, rank"),
        ("price. < 1", 1, "'price.' stands where a fact"),
        ("180 > price.a", 1, "'180' stands where a fact"),
        ("(" * 9 + "event.a" + ")" * 9, 9, "at most 8 parentheses"),
        ("price.a < 1 \x00", 13, "is not understood"),
    ],
)
def test_a_mistake_is_named_by_its_place(text: str, at: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_text(text)
    assert f", character {at})" in str(caught.value) and said in str(caught.value)


def test_known_facts_and_bounds() -> None:
    known = fact_names()
    assert parse_text("rank.rank <= 20", known=known) == Comparison("rank.rank", "<=", 20.0)
    with pytest.raises(UnknownName, match=r"unknown fact 'price.clsoe' .*character 17.* price.close"):
        parse_text("event.news and (price.clsoe < 1)", known=known)
    with pytest.raises(UnknownName, match=r"technical.sma_50"):
        parse_text("price.close < technical.sma50", known=known)
    with pytest.raises(InputError, match="51 comparisons"):
        parse_text(" or ".join(["event.a"] * 51))
    with pytest.raises(InputError, match="5000 characters"):
        parse_text("(" * 5000)
    with pytest.raises(InputError, match="no number"):
        parse_text("price.a < 1e300")


names = st.sampled_from(["price.close", "rank.rank", "technical.sma_200", "event.news", "factor.a-b.c_1"])
numbers = st.floats(-1e299, 1e299, allow_nan=False)
leaf = st.one_of(
    st.builds(lambda f, o, v: Comparison(f, o, v), names, st.sampled_from(OPS), numbers),
    st.builds(lambda f, o, a: Comparison(f, o, against=a), names, st.sampled_from(OPS), names),
    st.just(EVENT),
)


def groups(least: int) -> Any:
    return st.recursive(
        leaf,
        lambda t: st.builds(
            lambda w, p: Group(w, tuple(p)),
            st.sampled_from(["and", "or"]),
            st.lists(t, min_size=least, max_size=3),
        ),
        max_leaves=8,
    ).filter(lambda c: depth(c) <= 8)


def depth(condition: Condition) -> int:
    return 1 + max(map(depth, condition.parts)) if isinstance(condition, Group) else 1


@settings(max_examples=1000, suppress_health_check=list(HealthCheck))
@given(groups(2))
def test_there_and_back(condition: Condition) -> None:
    assert parse_text(write_text(condition)) == condition


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(
    groups(1), st.dictionaries(names, st.sampled_from([-1.0, 0.0, 1.0, 2.0])), st.dictionaries(names, numbers)
)
def test_groups_of_one_mean_the_same(condition: Condition, now: Any, old: Any) -> None:
    assert evaluate(parse_text(write_text(condition)), now, old) == evaluate(condition, now, old)


@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            [
                "price.a",
                "event.b",
                "and",
                "or",
                "(",
                ")",
                "<",
                ">=",
                "crosses",
                "above",
                "1",
                "-2.5",
                "=",
                "é",
                ".",
            ]
        ),
        max_size=14,
    ).map(" ".join)
)
def test_any_text_is_read_or_refused_by_place(text: str) -> None:
    refused: InputError | None = None
    try:
        found = parse_text(text)
    except InputError as error:
        refused = error
    if refused is not None:
        assert refused.mend and refused.where.startswith("condition, character ")
        return
    assert parse_text(write_text(found)) == found
    assert parse_condition(json.loads(json.dumps(write_condition(found)))) == found
