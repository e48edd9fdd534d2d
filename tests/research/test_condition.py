"""Conditions: each comparison at its edge, errors that name the place, the words, round trips."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import (
    KINDS,
    OPS,
    evaluate,
    evaluate_eased,
    facts_of,
    parse_condition,
    write_condition,
)

CLOSE = "price.close"


def compare(op: str, value: float = 100, **more: Any) -> Any:
    return parse_condition({"fact": CLOSE, "op": op, "value": value, **more})


@pytest.mark.parametrize(
    ("op", "under", "level", "over"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
    ],
)
def test_levels(op: str, under: bool, level: bool, over: bool) -> None:
    assert [evaluate(compare(op), {CLOSE: v}) for v in (99.99, 100, 100.01)] == [under, level, over]
    assert evaluate(compare(op), {}) is None and evaluate(compare(op), {CLOSE: math.nan}) is None


@pytest.mark.parametrize(
    ("before", "now", "above", "below"),
    [
        (99, 101, True, False),
        (100, 101, True, False),
        (101, 102, False, False),
        (99, 100, False, False),
        (101, 99, False, True),
        (100, 99, False, True),
        (98, 99, False, False),
    ],
)
def test_crossings(before: float, now: float, above: bool, below: bool) -> None:
    assert evaluate(compare("crosses_above"), {CLOSE: now}, {CLOSE: before}) is above
    assert evaluate(compare("crosses_below"), {CLOSE: now}, {CLOSE: before}) is below


def test_a_crossing_without_the_day_before_is_unknown_unless_it_is_ruled_out() -> None:
    assert evaluate(compare("crosses_above"), {CLOSE: 101}) is None
    assert evaluate(compare("crosses_above"), {CLOSE: 99}) is False


def test_two_lines_cross() -> None:
    line = parse_condition({"fact": CLOSE, "op": "crosses_above", "against": "technical.sma_200"})
    rising = {CLOSE: 100.0, "technical.sma_200": 101.0}
    assert evaluate(line, {CLOSE: 102.0, "technical.sma_200": 101.5}, rising) is True
    assert evaluate(line, {CLOSE: 101.2, "technical.sma_200": 101.5}, rising) is False
    assert facts_of(line) == [CLOSE, "technical.sma_200"]


@pytest.mark.parametrize(
    ("op", "limit", "values"),
    [
        (">", 100, [(98.01, True), (98, False)]),
        (">=", 100, [(98, True), (97.99, False)]),
        ("<", 100, [(101.99, True), (102, False)]),
        ("<=", 100, [(102, True), (102.01, False)]),
        ("crosses_above", 100, [(98.01, True), (98, False)]),
        ("crosses_below", 100, [(101.99, True), (102, False)]),
        (">", -100, [(-101.99, True), (-102, False)]),
        (">", 0, [(0.01, True), (0, False)]),
    ],
)
def test_eased_by_two_per_cent(op: str, limit: float, values: list[tuple[float, bool]]) -> None:
    for value, expected in values:
        assert evaluate_eased(compare(op, limit), {CLOSE: value}, 2.0) is expected


def test_what_is_not_known_decides_nothing() -> None:
    known, open_ = {"fact": CLOSE, "op": ">", "value": 1}, {"fact": "rank.rank", "op": "<", "value": 5}
    for word, value, expected in [("and", 2, None), ("and", 1, False), ("or", 2, True), ("or", 1, None)]:
        assert evaluate(parse_condition({word: [known, open_]}), {CLOSE: value}) is expected


def nested(depth: int) -> Any:
    inner: Any = {"fact": CLOSE, "op": "<", "value": 1}
    for _ in range(depth):
        inner = {"and": [inner]}
    return inner


LEAF = {"fact": CLOSE, "op": "<", "value": 1}
WRONG: list[tuple[Any, str, str]] = [
    (5, "condition", "no condition"),
    ([LEAF], "condition", "no condition"),
    ({}, "condition.fact", "no fact"),
    ({"and": []}, "condition.and", "no list"),
    ({"and": LEAF}, "condition.and", "no list"),
    ({"and": [LEAF], "or": [LEAF]}, "condition", "beside other keys"),
    ({"and": [LEAF, {**LEAF, "op": "=="}]}, "condition.and[1].op", "no comparison"),
    ({"or": [{"and": [LEAF, {**LEAF, "fact": "moon.phase"}]}]}, "condition.or[0].and[1].fact", "no fact"),
    ({**LEAF, "fact": "price."}, "condition.fact", "no fact"),
    ({**LEAF, "fact": "price"}, "condition.fact", "no fact"),
    ({**LEAF, "value": "1"}, "condition.value", "no number"),
    ({**LEAF, "value": True}, "condition.value", "no number"),
    ({**LEAF, "value": math.nan}, "condition.value", "no number"),
    ({**LEAF, "value": math.inf}, "condition.value", "no number"),
    ({**LEAF, "value": 10**400}, "condition.value", "no number"),
    ({"fact": CLOSE, "op": "<"}, "condition", "needs a value"),
    ({**LEAF, "against": CLOSE}, "condition", "needs a value"),
    ({**LEAF, "vlaue": 1}, "condition", "unknown key 'vlaue'"),
    ({**LEAF, "op": ["<"]}, "condition.op", "no comparison"),
    (nested(8), "condition.and[0].and[0].and[0].and[0].and[0].and[0].and[0].and[0]", "too many"),
    (nested(5000), "condition.and[0]", "too many"),
    ({"or": [LEAF] * 51}, "condition", "51 comparisons"),
]


@pytest.mark.parametrize(("given", "where", "what"), WRONG, ids=[f"{w}: {t}" for _, w, t in WRONG])
def test_errors_name_the_place(given: Any, where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_condition(given)
    assert caught.value.where.startswith(where) and what in caught.value.what and caught.value.mend


names = st.builds("{}.{}".format, st.sampled_from(KINDS), st.sampled_from(["close", "rank", "x_1"]))
number = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
leaves = st.one_of(
    st.fixed_dictionaries({"fact": names, "op": st.sampled_from(OPS), "value": number}),
    st.fixed_dictionaries({"fact": names, "op": st.sampled_from(OPS), "against": names}),
)
trees = st.recursive(
    leaves,
    lambda t: st.builds(
        lambda w, p: {w: p}, st.sampled_from(["and", "or"]), st.lists(t, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(trees)
def test_written_and_read_it_is_the_same(tree: Any) -> None:
    condition = parse_condition(tree)
    assert parse_condition(write_condition(condition)) == condition
    assert write_condition(condition) == tree
