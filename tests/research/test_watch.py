"""Watches: hysteresis, cool-down and ends by hand, and whole histories against a plain model."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import parse_condition
from pacesetter.research.watch import (
    History,
    Watch,
    WatchState,
    advance_watch,
    count_firings,
    record_validation,
)

START = date(2025, 3, 3)
CLOSE, RANK = "price.close", "rank.rank"
ABOVE = parse_condition({"fact": CLOSE, "op": ">", "value": 100})


def play(watch: Watch, closes: list[float | None]) -> list[str | None]:
    state, said, previous = WatchState(), [], None
    for i, close in enumerate(closes):
        facts = {} if close is None else {CLOSE: close}
        step = advance_watch(watch, state, START + timedelta(days=i), facts, previous)
        state, previous = step.state, facts
        said.append(step.change)
    return said


def test_it_fires_once_and_again_only_after_it_went_back() -> None:
    watch = Watch(ABOVE, hysteresis_pct=2)
    assert play(watch, [99, 101, 105, 99, 98.01, 101, 98, 101]) == [
        None,
        "fired",
        None,
        None,
        None,
        None,
        "rearmed",
        "fired",
    ]


def test_a_gap_in_the_data_does_not_arm_it() -> None:
    assert play(Watch(ABOVE), [101, None, 101, 99, 101]) == ["fired", None, None, "rearmed", "fired"]


def test_cool_down() -> None:
    watch = Watch(ABOVE, cool_down_days=4)
    assert play(watch, [101, 99, 101, 101, 101]) == ["fired", "rearmed", None, None, "fired"]


def test_the_last_date_counts() -> None:
    watch = Watch(ABOVE, expires_on=START + timedelta(days=1))
    assert play(watch, [99, 101, 99, 101]) == [None, "fired", "expired", None]


def test_a_crossing_fires_on_its_day_only() -> None:
    watch = Watch(parse_condition({"fact": CLOSE, "op": "crosses_above", "value": 100}))
    assert play(watch, [101, 102, 99, 101, 103, 100, 101]) == [
        None,
        None,
        None,
        "fired",
        None,
        "rearmed",
        "fired",
    ]


def test_validation() -> None:
    fired = advance_watch(Watch(ABOVE), WatchState(), START, {CLOSE: 101}).state
    assert fired.to_validate and fired.n_fired == 1
    kept = record_validation(fired, True, "still cheap")
    assert kept.change is None and not kept.state.to_validate and kept.state.phase == "fired"
    ended = record_validation(fired, False, "the margin fell")
    assert (ended.state.phase, ended.change, ended.reason) == ("invalid", "invalid", "the margin fell")
    assert (
        advance_watch(Watch(ABOVE), ended.state, START + timedelta(days=9), {CLOSE: 1}).state == ended.state
    )
    with pytest.raises(InputError, match="invalid already"):
        record_validation(ended.state, True, "")
    with pytest.raises(InputError, match="date by date"):
        advance_watch(Watch(ABOVE), fired, START - timedelta(days=1), {})


def test_would_have_fired() -> None:
    n = 500
    closes = 100 + 10 * np.sin(
        (np.arange(n) + 0.5) * 2 * np.pi / 50
    )  # above 100 in the first half of every 50 days
    history = History([START + timedelta(days=i) for i in range(n)], {CLOSE: closes})
    found = count_firings(Watch(ABOVE, hysteresis_pct=1, expires_on=START), history)
    assert found.n_dates == 365 and found.first_on == START + timedelta(days=135)
    assert found.n == 7 and found.in_words().startswith("would have fired 7 times from 2025-07-16 to")
    assert count_firings(Watch(ABOVE, hysteresis_pct=15), history).n == 1  # it never goes back so far
    slow = count_firings(Watch(ABOVE, cool_down_days=60), history).fired_on
    assert [(on - START).days for on in slow] == [150, 210, 270, 350, 410, 470]  # not at 330, which is below
    assert count_firings(Watch(ABOVE), History([], {})).in_words() == "there is no history to try it on"


def test_a_crossing_knows_the_date_before_the_year_asked_for() -> None:
    crossing = Watch(parse_condition({"fact": CLOSE, "op": "crosses_above", "value": 100}))
    history = History([START, START + timedelta(days=1)], {CLOSE: np.array([99.0, 101.0])})
    assert count_firings(crossing, history, days=1).n == 1


# the model: conditions as JSON, values as fractions, unknown as None


def truth(tree: dict[str, Any], now: dict[str, int], old: dict[str, int], back: int | None) -> bool | None:
    for word, pick in (("and", min), ("or", max)):
        if word in tree:  # false 0, unknown ½, true 1: "and" is the least, "or" the most
            parts = [truth(part, now, old, back) for part in tree[word]]
            worst = pick(Fraction(1, 2) if part is None else Fraction(part) for part in parts)
            return None if worst == Fraction(1, 2) else bool(worst)
    fact, op, limit = tree["fact"], tree["op"], Fraction(tree["value"])
    if fact not in now:
        return None
    value, upward = Fraction(now[fact]), op in (">", ">=", "crosses_above")
    distance = value - limit if upward else limit - value  # how far beyond
    if back is not None:
        distance += abs(limit) * Fraction(back, 100)
        return distance >= 0 if "=" in op else distance > 0
    if "crosses" not in op:
        return distance >= 0 if "=" in op else distance > 0
    if distance <= 0:
        return False
    if fact not in old:
        return None
    return old[fact] <= limit if upward else old[fact] >= limit


leaf = st.fixed_dictionaries(
    {
        "fact": st.sampled_from([CLOSE, RANK]),
        "op": st.sampled_from(["<", ">", "<=", ">=", "crosses_above", "crosses_below"]),
        "value": st.sampled_from([-50, 0, 50, 100]),
    }
)
tree = st.recursive(
    leaf,
    lambda t: st.builds(
        lambda w, p: {w: p}, st.sampled_from(["and", "or"]), st.lists(t, min_size=1, max_size=3)
    ),
    max_leaves=4,
)
value = st.sampled_from([-60, -50, -49, -40, 0, 1, 45, 49, 50, 51, 90, 98, 99, 100, 101, 102, 110])
facts = st.fixed_dictionaries({}, optional={CLOSE: value, RANK: value})
nights = st.lists(
    st.tuples(st.integers(0, 3), facts, st.sampled_from([None] * 12 + [True, False])), min_size=1, max_size=14
)


def test_histories_equal_the_model(full_counts: bool) -> None:
    seen: set[str | None] = set()

    @settings(max_examples=2000 if full_counts else 200, suppress_health_check=list(HealthCheck))
    @given(
        tree, nights, st.sampled_from([0, 2, 10]), st.integers(0, 4), st.one_of(st.none(), st.integers(3, 20))
    )
    def check(given_tree: Any, played: Any, back: int, rest: int, ends: int | None) -> None:
        expires_on = None if ends is None else START + timedelta(days=ends)
        watch = Watch(parse_condition(given_tree), back, rest, expires_on)
        state, day, old = WatchState(), 0, None
        phase, fired_at, fired_days = "armed", -99, []
        for later, now, validated in played:
            day += later
            expected = None
            if phase in ("armed", "fired") and ends is not None and day > ends:
                phase = expected = "expired"
            elif phase == "fired" and truth(given_tree, now, {}, back) is False:
                phase, expected = "armed", "rearmed"
            elif phase == "armed" and day - fired_at >= rest and truth(given_tree, now, old or {}, None):
                phase, expected, fired_at = "fired", "fired", day
                fired_days.append(day)
            step = advance_watch(watch, state, START + timedelta(days=day), now, old)
            assert (step.change, step.state.phase) == (expected, phase)
            assert step.state.n_fired == len(fired_days)
            state, old = step.state, now
            seen.add(step.change)
            if validated is not None and phase in ("armed", "fired"):
                state = record_validation(state, validated, "looked at").state
                phase = phase if validated else "invalid"

    check()
    assert seen == {None, "fired", "rearmed", "expired"}


def test_counted_firings_equal_stepping(rng: np.random.Generator) -> None:
    """The count is made by the same machine as the nights are."""
    for _ in range(30):
        closes = 100 + np.cumsum(rng.normal(0, 1, 80))
        closes[rng.random(80) < 0.1] = np.nan
        watch = Watch(ABOVE, hysteresis_pct=float(rng.integers(0, 4)), cool_down_days=int(rng.integers(0, 9)))
        said = play(watch, [None if np.isnan(c) else float(c) for c in closes])
        history = History([START + timedelta(days=i) for i in range(80)], {CLOSE: closes})
        fired_on = count_firings(watch, history).fired_on
        assert [START + timedelta(days=i) for i, what in enumerate(said) if what == "fired"] == list(fired_on)
