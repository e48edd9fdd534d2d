"""The research queue: each transition by hand, and whole histories against a model of dictionaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.kernel.errors import InputError
from pacesetter.research.desk import QueueRule, load_desk
from pacesetter.research.queue import QueueDay, QueueEntry, advance_queue

START = date(2025, 3, 3)
RULE = load_desk().queue


def entry(symbol: str, score: float = 40, days_ago: int = 1) -> QueueEntry:
    return QueueEntry(symbol, START - timedelta(days=days_ago), score, START - timedelta(days=days_ago))


def changes(day: QueueDay) -> list[tuple[str, str]]:
    return [(one.symbol, one.change) for one in day.transitions]


@pytest.mark.parametrize(
    ("score", "change"),
    [(30.999, "dropped"), (31, "rescored"), (60.999, "rescored"), (61, "promoted"), (91, "promoted")],
)
def test_edges_of_one_that_waits(score: float, change: str) -> None:
    day = advance_queue([entry("X")], {"X": score}, START, RULE)
    assert changes(day) == [("X", change)]
    assert [e.symbol for e in day.entries] == (["X"] if change == "rescored" else [])
    assert day.transitions[0].before == 40 and day.transitions[0].reason


@pytest.mark.parametrize(
    ("score", "expected"),
    [(30.999, []), (31, ["entered"]), (60.999, ["entered"]), (61, ["entered", "promoted"])],
)
def test_edges_of_a_new_one(score: float, expected: list[str]) -> None:
    assert [c for _, c in changes(advance_queue([], {"X": score}, START, RULE))] == expected


def test_without_a_signal_it_is_dropped_and_the_same_score_is_no_news() -> None:
    assert changes(advance_queue([entry("X"), entry("Y")], {"Y": 40}, START, RULE)) == [("X", "dropped")]


@pytest.mark.parametrize(("days", "expected"), [(60, []), (61, ["expired"])])
def test_sixty_days_are_allowed(days: int, expected: list[str]) -> None:
    day = advance_queue([entry("X", 40, days)], {"X": 40}, START, RULE)
    assert [c for _, c in changes(day)] == expected
    assert changes(advance_queue([entry("X", 40, 90)], {"X": 61}, START, RULE)) == [("X", "promoted")]
    assert changes(advance_queue([entry("X", 40, 90)], {"X": 5}, START, RULE)) == [("X", "dropped")]


def test_who_was_let_go_comes_back_only_after_it_was_low() -> None:
    day = advance_queue([entry("X", 40, 61), entry("Y")], {"X": 40, "Y": 70}, START, RULE)
    assert day.resting == {"X", "Y"}
    day = advance_queue([], {"X": 55, "Y": 80}, START + timedelta(1), RULE, resting=day.resting)
    assert not day.transitions and day.resting == {"X", "Y"}
    day = advance_queue([], {"X": 30}, START + timedelta(2), RULE, resting=day.resting)
    assert day.resting == frozenset()
    day = advance_queue([], {"X": 40}, START + timedelta(3), RULE, resting=day.resting)
    assert changes(day) == [("X", "entered")]


def test_the_lowest_leave_when_there_is_no_room() -> None:
    rule = replace(RULE, most_entries=3)
    old = [entry("A"), entry("B"), entry("C", 50)]
    day = advance_queue(old, {"A": 40, "B": 40, "C": 50, "D": 45, "E": 35}, START, rule)
    assert [e.symbol for e in day.entries] == ["C", "D", "A"]
    assert changes(day) == [("B", "displaced"), ("D", "entered")]  # B ties with A, and comes after it
    assert day.turned_away == ("E",)


def test_days_go_forward() -> None:
    with pytest.raises(InputError, match="day by day"):
        advance_queue([entry("X", days_ago=-1)], {}, START, RULE)


SMALL = QueueRule(enter_at=31, promote_at=61, most_entries=4, most_days=6)
NAMES = "ABCDEFGH"
EDGES = st.sampled_from([0, 30.999, 31, 31, 40, 45, 45, 50, 60.999, 61, 95])


@st.composite
def histories(draw: Any) -> list[tuple[int, dict[str, float]]]:
    """Nights: days since the last one, and the scores of some symbols."""
    scores = st.dictionaries(st.sampled_from(NAMES), EDGES, max_size=8)
    steady = draw(scores)  # what most nights repeat, so that entries grow old
    night = st.tuples(st.integers(0, 3), st.one_of(scores.map(lambda s: {**steady, **s}), st.just(steady)))
    return draw(st.lists(night, min_size=1, max_size=12))


def model_night(
    inside: dict[str, tuple[int, float]], rests: set[str], day: int, scores: dict[str, float]
) -> list[tuple[str, str]]:
    """The rule as sentences about one symbol after another; changes ``inside`` and ``rests``."""
    said = []
    for name in NAMES:
        score = scores.get(name, 0)
        if score < 31:
            rests.discard(name)
            if name in inside:
                del inside[name]
                said.append((name, "dropped"))
        elif name in rests:
            pass
        elif score >= 61:
            if name not in inside:
                said.append((name, "entered"))
            inside.pop(name, None)
            rests.add(name)
            said.append((name, "promoted"))
        elif name in inside and day - inside[name][0] > 6:
            del inside[name]
            rests.add(name)
            said.append((name, "expired"))
        elif name in inside:
            if inside[name][1] != score:
                said.append((name, "rescored"))
            inside[name] = (inside[name][0], score)
        else:
            inside[name] = (day, score)
            said.append((name, "new"))
    while len(inside) > 4:
        worst = min(inside, key=lambda name: (inside[name][1], -ord(name)))
        was_new = (worst, "new") in said
        said = [one for one in said if one[0] != worst]
        if not was_new:
            said.append((worst, "displaced"))
        del inside[worst]
    return sorted(
        ((name, "entered" if what == "new" else what) for name, what in said),
        key=lambda one: (one[0], one[1] != "entered"),
    )


def test_histories_equal_the_model(full_counts: bool) -> None:
    seen: set[str] = set()

    @settings(max_examples=2000 if full_counts else 200, suppress_health_check=list(HealthCheck))
    @given(histories())
    def check(nights: list[tuple[int, dict[str, float]]]) -> None:
        day, on = 0, START
        queue = QueueDay((), (), frozenset(), ())
        inside: dict[str, tuple[int, float]] = {}
        rests: set[str] = set()
        for later, scores in nights:
            day, on = day + later, on + timedelta(days=later)
            queue = advance_queue(queue.entries, scores, on, SMALL, resting=queue.resting)
            said = model_night(inside, rests, day, scores)
            assert changes(queue) == said
            assert queue.resting == rests
            held = {e.symbol: ((e.entered_on - START).days, e.score) for e in queue.entries}
            assert held == inside
            order = [(-e.score, e.symbol) for e in queue.entries]
            assert order == sorted(order) and len(order) <= 4
            again = advance_queue(queue.entries, scores, on, SMALL, resting=queue.resting)
            assert not again.transitions and again.entries == queue.entries
            seen.update(what for _, what in said)

    check()
    assert seen == {"entered", "rescored", "promoted", "dropped", "expired", "displaced"}
