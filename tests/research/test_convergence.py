"""Convergence: worked by hand, at its edges, and against a slow reference in plain Python."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pacesetter.kernel.errors import InputError, UnknownName
from pacesetter.research.convergence import Convergence, converge
from pacesetter.research.desk import Desk, load_desk, parse_desk, read_shipped
from pacesetter.research.signal import Signal, check_signal, frame_signals, keep_newest, kinds_of

ON = date(2025, 3, 14)
DESK = load_desk()
TYPES = list(DESK.signals)


def signal(signal_type: str, score: float, days_ago: int = 0, source: str = "a", symbol: str = "X") -> Signal:
    return Signal(symbol, signal_type, source, score, 0.5, ON - timedelta(days=days_ago))


def run(*signals: Signal, regime: str = "neutral", desk: Desk = DESK, **favours: str) -> Convergence:
    return converge(frame_signals(signals), ON, regime=regime, favours=favours, desk=desk)


def score_of(*signals: Signal, regime: str = "neutral", **favours: str) -> float:
    return run(*signals, regime=regime, **favours).scores()["X"]


@pytest.mark.parametrize(
    ("signal_type", "days_ago", "expected"),
    [
        ("unusual_volume", 4, 24.0),  # linear over 10 days: 40 · (1 − 4/10)
        ("unusual_volume", 10, 0.0),
        ("rank_jump", 14, 10.0),  # halves in 7 days, twice
        ("value_screen", 30, 20.0),  # the step at 30 days
        ("value_screen", 29, 40.0),
        ("manual", 500, 40.0),
    ],
)
def test_one_signal_of_each_decay(signal_type: str, days_ago: int, expected: float) -> None:
    assert score_of(signal(signal_type, 40, days_ago)) == expected


def test_all_together_by_hand() -> None:
    signals = (
        signal("unusual_volume", 40, 4),  # 24
        signal("rank_jump", 40, 7),  # 20
        signal("value_screen", 30, 60),  # 7.5
        signal("manual", 10),  # 10
    )
    done = run(*signals, regime="bull", X="avoided")
    why = done.breakdown("X")
    assert [part.decayed for part in why.parts] == [10, 20, 24, 7.5]
    assert [part.age_days for part in why.parts] == [0, 7, 4, 60]
    assert [part.row for part in why.parts] == [3, 1, 0, 2]
    assert (why.decayed_sum, why.regime_multiplier, why.sector_multiplier) == (61.5, 1.5, 0.7)
    assert why.bonus == 1.4 and len(why.kinds) == 4
    assert why.score == pytest.approx(90.405, abs=1e-9) and why.band == "deep_analysis"
    assert done.frame.row(0)[:5] == ("X", why.score, "deep_analysis", 4, 4)


@pytest.mark.parametrize(
    ("scores", "band"),
    [
        ((30.999,), "monitor"),
        ((31.0,), "research"),
        ((60.999,), "research"),
        ((61.0,), "deep_analysis"),
        ((90.999,), "deep_analysis"),
        ((91.0,), "priority"),
    ],
)
def test_band_edges(scores: tuple[float, ...], band: str) -> None:
    assert run(*(signal("manual", s) for s in scores)).frame["band"][0] == band


def test_a_sum_that_is_31_on_paper_is_31() -> None:
    parts = [
        signal("manual", 3.1, source=f"s{i}") for i in range(10)
    ]  # adds up to 31.000000000000004 or less
    assert score_of(*parts) == 31 and run(*parts).frame["band"][0] == "research"
    two = [signal("manual", 31 / 1.1 / 2), signal("rank_jump", 31 / 1.1 / 2)]
    assert score_of(*two) == 31


@pytest.mark.parametrize(("n", "bonus"), [(1, 1.0), (2, 1.1), (3, 1.25), (4, 1.4), (5, 1.4), (8, 1.4)])
def test_bonus_by_number_of_kinds(n: int, bonus: float) -> None:
    assert score_of(*(signal(name, 10) for name in TYPES[:n])) == pytest.approx(10 * n * bonus)


def test_two_sources_are_one_kind() -> None:
    assert score_of(signal("manual", 10), signal("manual", 10, source="b")) == 20


def test_same_type_and_source_keeps_the_newest() -> None:
    done = run(signal("manual", 50, 3), signal("manual", 10, 1), signal("manual", 90, 2))
    assert done.scores() == {"X": 10}
    assert done.left_out["row"].to_list() == [0, 2]
    assert set(done.left_out["reason"]) == {"replaced by a newer one of the same type and source"}
    assert score_of(signal("manual", 50), signal("manual", 60), signal("manual", 10)) == 60  # of one day


def test_the_future_is_never_counted_nor_replaces_what_is_known() -> None:
    done = run(signal("manual", 40, 5), signal("manual", 90, -1), signal("news", 90, -30, symbol="Y"))
    assert done.scores() == {"X": 40}
    assert done.left_out.rows() == [(1, "seen after the date"), (2, "seen after the date")]


def test_a_kind_that_faded_gives_no_bonus_but_still_its_points() -> None:
    old = signal("rank_jump", 100, 70)  # ten half-lives: 1/1024 left, under the 1 % that counts
    done = run(signal("manual", 40), old)
    assert done.scores()["X"] == pytest.approx(40 + 100 / 1024)
    assert done.frame.select("n_signals", "n_kinds").row(0) == (2, 1)
    assert done.breakdown("X").kinds == ("manual",)
    gone = run(signal("manual", 40), signal("unusual_volume", 100, 10))
    assert gone.frame.select("n_signals", "n_kinds").row(0) == (1, 1)


def test_confidence_counts_only_where_the_desk_says_so() -> None:
    text = read_shipped().replace("confidence_counts = false", "confidence_counts = true")
    sure = parse_desk(text)
    assert run(signal("manual", 40)).scores() == {"X": 40}
    assert run(signal("manual", 40), desk=sure).scores() == {"X": 20}
    assert run(signal("manual", 40), desk=sure).breakdown("X").parts[0].base_score == 20


def test_regime_and_sector() -> None:
    one = signal("manual", 20)
    assert [score_of(one, regime=r) for r in ("bull", "neutral", "bear")] == [30, 20, 10]
    assert [score_of(one, X=f) for f in ("favoured", "neutral", "avoided")] == [26, 20, 14]
    with pytest.raises(UnknownName, match=r"regime 'bul'.*did you mean bull"):
        run(one, regime="bul")
    with pytest.raises(UnknownName, match="sector favour"):
        run(one, X="liked")


def test_bad_rows_are_left_out_with_a_reason_and_no_column_may_be_missing() -> None:
    bad = [
        replace(signal("manual", 5), score=float("nan")),
        replace(signal("manual", 5), score=100.1),
        replace(signal("manual", 5), confidence=-0.1),
        signal("hunch", 5),
    ]
    done = run(*bad, signal("news", 1))
    assert done.scores() == {"X": 1}
    assert [re.sub(r" is.*", "", r) for r in done.left_out["reason"]] == [
        "the score",
        "the score",
        "the confidence",
        "the desk knows no such signal type",
    ]
    with pytest.raises(InputError, match="seen_on"):
        converge(frame_signals(bad).drop("seen_on"), ON, regime="bear", favours={}, desk=DESK)
    assert [len(check_signal(one, DESK)) for one in (*bad, signal("news", 1))] == [1, 1, 1, 1, 0]
    assert len(check_signal(Signal(" ", "x", "", -1, 2, ON), DESK)) == 5


def test_nothing_at_all() -> None:
    done = run()
    assert done.frame.height == 0 and done.best() == [] and done.left_out.height == 0
    with pytest.raises(UnknownName):
        done.breakdown("X")


def test_the_best_go_on() -> None:
    many = [signal("manual", 31 + i % 20, symbol=f"S{i:02}") for i in range(40)]
    best = run(*many, signal("manual", 30.9, symbol="LOW")).best()
    assert len(best) == 15 and best[:4] == ["S19", "S39", "S18", "S38"]
    assert run(signal("manual", 30.999), signal("manual", 31, symbol="Y")).best() == ["Y"]


def slow_score(signals: list[Signal], regime: str, favours: dict[str, str], symbol: str) -> tuple[float, str]:
    """The same rule, one signal at a time."""
    total, kinds = 0.0, set()
    mine = [s for s in signals if s.symbol == symbol and s.seen_on <= ON]
    for one in keep_newest(mine):
        age = (ON - one.seen_on).days
        decay = DESK.signals[one.signal_type].decay
        if decay.kind == "linear":
            left = max(0.0, 1 - age / decay.zero_after_days)
        elif decay.kind == "exponential":
            left = 2.0 ** (-age / decay.half_life_days)
        elif decay.kind == "step":
            left = [share for start, share in decay.steps if start <= age][-1]
        else:
            left = 1.0
        total += one.score * left
        if one.score * left > 0 and left >= 0.01:
            kinds.add(one.signal_type)
    times = {"bull": 1.5, "neutral": 1.0, "bear": 0.5}[regime]
    times *= {"favoured": 1.3, "neutral": 1.0, "avoided": 0.7}[favours.get(symbol, "neutral")]
    score = total * times * {0: 1.0, 1: 1.0, 2: 1.1, 3: 1.25}.get(len(kinds), 1.4)
    return (
        score,
        "monitor"
        if score < 31
        else "research"
        if score < 61
        else "deep_analysis"
        if score < 91
        else "priority",
    )


def test_equals_a_slow_reference(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(30):
        signals = [
            Signal(
                f"S{draw.randrange(12)}",
                draw.choice(TYPES),
                draw.choice("abc"),
                round(draw.uniform(0, 100), draw.randrange(4)),
                draw.random(),
                ON - timedelta(days=draw.randrange(-5, 120)),
            )
            for _ in range(draw.randrange(300))
        ]
        favours = {f"S{i}": draw.choice(["favoured", "neutral", "avoided"]) for i in range(8)}
        regime = draw.choice(["bull", "neutral", "bear"])
        done = run(*signals, regime=regime, **favours)
        assert set(done.scores()) == {s.symbol for s in signals if s.seen_on <= ON}
        for symbol, score, band, n_signals, n_kinds in done.frame.select(done.frame.columns[:5]).iter_rows():
            assert (pytest.approx(score, abs=1e-8), band) == slow_score(signals, regime, favours, symbol)
            why = done.breakdown(symbol)
            assert why.decayed_sum == sum(part.decayed for part in why.parts)  # to the last bit
            assert why.kinds == kinds_of(
                s for s in signals if s.symbol == symbol and s.signal_type in why.kinds
            )
            assert len(why.kinds) == n_kinds and sum(p.decayed > 0 for p in why.parts) == n_signals
        draw.shuffle(signals)
        assert run(*signals, regime=regime, **favours).frame.equals(done.frame)
