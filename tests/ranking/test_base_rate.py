"""Base rates of jumps: hand-made events, and a slow reading of the rules on random boards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pacesetter.kernel.errors import InputError
from pacesetter.ranking.base_rate import (
    BaseRate,
    Jumps,
    exceed_others,
    measure_base_rate,
    measure_base_rates,
    resample_median,
    space_out,
)
from pacesetter.ranking.resample import seed_generator

HEX = "00ff17"


def board(days: int, symbols: int) -> Jumps:
    """Nothing moves and nothing is earned; each date's window ends 21 dates later."""
    dates = np.arange(1000, 1000 + days, dtype=np.int32)
    return Jumps(
        dates=dates,
        session=np.arange(days),
        ended_on=dates + np.int32(21),
        rank_change=np.zeros((days, symbols)),
        forward=np.zeros((days, symbols)),
    )


def busy(days: int = 60, symbols: int = 40, jumping: int = 30, change: float = 5.0) -> Jumps:
    """Symbols 0..jumping − 1 jump once, on date 3; the last symbol jumps on the last date."""
    jumps = board(days, symbols)
    jumps.rank_change[3, :jumping] = change
    jumps.rank_change[-1, -1] = change
    return jumps


def count(jumps: Jumps) -> int:
    return measure_base_rate(jumps, jumps.forward.shape[1] - 1, len(jumps.dates) - 1, HEX, 10).n


def test_twenty_nine_refuse_and_thirty_answer() -> None:
    few = measure_base_rate(busy(jumping=29), 39, 59, HEX)
    assert few == BaseRate(29, None, None, None, None, "too_few")
    enough = measure_base_rate(busy(jumping=30), 39, 59, HEX)
    assert (enough.n, enough.reason) == (30, "")
    assert (enough.median, enough.share_positive, enough.low, enough.high) == (0, 0, 0, 0)


@pytest.mark.parametrize(("change", "n"), [(5.0, 30), (6.0, 30), (4.0, 0), (-5.0, 0), (np.nan, 0)])
def test_at_least_as_large_and_the_same_way(change, n) -> None:
    jumps = busy()
    jumps.rank_change[3, :30] = change
    assert count(jumps) == n
    jumps.rank_change[:] *= -1.0  # and the same downwards
    assert count(jumps) == n


def test_a_window_must_have_ended_by_the_date() -> None:
    jumps = busy()
    jumps.ended_on[3] = jumps.dates[-1]
    assert count(jumps) == 30
    jumps.ended_on[3] = jumps.dates[-1] + 1
    assert count(jumps) == 0


def test_the_observed_date_itself_does_not_count() -> None:
    jumps = busy()
    jumps.rank_change[-1] = 5.0
    jumps.ended_on[-1] = jumps.dates[-1]
    assert count(jumps) == 30


def test_an_unknown_return_is_no_event() -> None:
    jumps = busy()
    jumps.forward[3, :4] = np.nan
    assert count(jumps) == 26


@pytest.mark.parametrize(("gap", "n"), [(20, 1), (21, 2), (22, 2)])
def test_events_of_a_symbol_keep_apart(gap, n) -> None:
    jumps = board(60, 2)
    jumps.rank_change[[3, 3 + gap], 0] = 5.0
    jumps.rank_change[-1, 1] = 5.0
    jumps.ended_on[:] = 0
    assert count(jumps) == n


def test_sessions_are_counted_not_dates() -> None:
    jumps = board(60, 2)
    jumps.rank_change[[3, 8], 0] = 5.0
    jumps.rank_change[-1, 1] = 5.0
    jumps.ended_on[:] = 0
    assert count(jumps) == 1
    weekly = replace(jumps, session=np.arange(60) * 5)  # published once a week
    assert count(weekly) == 2


def test_spacing_starts_from_the_oldest_kept() -> None:
    events = np.zeros((70, 2), bool)
    events[[0, 15, 30, 40, 51], 0] = True
    events[[10, 31], 1] = True
    kept = space_out(events, np.arange(70))
    assert np.flatnonzero(kept[:, 0]).tolist() == [0, 30, 51]
    assert np.flatnonzero(kept[:, 1]).tolist() == [10, 31]


def test_the_mean_leaves_the_symbol_out() -> None:
    excess = exceed_others(np.array([[0.3, 0.1, 0.2, np.nan], [0.5, np.nan, np.nan, np.nan]]))
    assert excess[0, :3] == pytest.approx([0.15, -0.15, 0.0])
    assert np.isnan(excess[0, 3])
    assert np.isnan(excess[1]).all()  # nobody to compare with


def test_half_of_them_win_by_hand() -> None:
    jumps = busy(symbols=31)
    jumps.forward[3, :15] = 0.31
    found = measure_base_rate(jumps, 30, 59, HEX)
    # of 31 returns 15 are 0.31: a winner beats (14·0.31)/30, a loser trails (15·0.31)/30
    win, lose = 0.31 - 14 * 0.31 / 30, -15 * 0.31 / 30
    assert found.median == pytest.approx((win + lose) / 2)
    assert found.share_positive == 0.5
    assert (found.low, found.high) == pytest.approx((found.median, found.median))  # all on one date


def test_no_jump_has_no_base_rate() -> None:
    jumps = busy()
    for none in (0.0, np.nan):
        jumps.rank_change[-1, -1] = none
        assert measure_base_rate(jumps, 39, 59, HEX) == BaseRate(0, reason="no_jump")


def random_jumps(rng: np.random.Generator) -> Jumps:
    days, symbols = 260, 15
    session = np.cumsum(rng.choice([1, 2], days, p=[0.8, 0.2]))
    dates = (5000 + session).astype(np.int32)
    change = np.round(rng.normal(0, 4, (days, symbols)))
    change[rng.random(change.shape) < 0.1] = np.nan
    forward = rng.normal(0.01, 0.08, (days, symbols))
    forward[rng.random(forward.shape) < 0.1] = np.nan
    return Jumps(dates, session, (dates + 21).astype(np.int32), change, forward)


def slow_events(jumps: Jumps, symbol: int, at: int) -> list[tuple[int, float]]:
    """(date index, excess) of each event, read off the rules one by one."""
    observed = jumps.rank_change[at, symbol]
    found = []
    for s in range(jumps.forward.shape[1]):
        last = None
        for t in range(len(jumps.dates)):
            others = [x for o, x in enumerate(jumps.forward[t]) if o != s and not np.isnan(x)]
            change, own = jumps.rank_change[t, s], jumps.forward[t, s]
            if np.isnan(change) or np.isnan(own) or not others:
                continue
            if abs(change) < abs(observed) or (change > 0) != (observed > 0):
                continue
            if t == 0 or jumps.session[t] - jumps.session[t - 1] != jumps.session[at] - jumps.session[at - 1]:
                continue
            if jumps.dates[t] >= jumps.dates[at] or jumps.ended_on[t] > jumps.dates[at]:
                continue
            if last is None or jumps.session[t] - last >= 21:
                found.append((t, own - np.mean(others)))
                last = jumps.session[t]
    return found


def test_a_slow_reading_of_the_rules_agrees(rng) -> None:
    jumps = random_jumps(rng)
    answered = 0
    for at in rng.choice(np.arange(120, 260), 12, replace=False):
        symbol = int(rng.integers(0, 15))
        if not abs(jumps.rank_change[at, symbol]) > 0:
            continue
        events = slow_events(jumps, symbol, int(at))
        found = measure_base_rate(jumps, symbol, int(at), HEX, 200)
        assert found.n == len(events)
        if found.n < 30:
            assert found == BaseRate(found.n, reason="too_few")
            continue
        excess = np.array([x for _, x in events])
        assert found.median == pytest.approx(np.median(excess), abs=1e-12)
        assert found.share_positive == np.mean(excess > 0)
        days = np.array([t for t, _ in events])
        dates = np.unique(days)
        medians = []
        for drawn in seed_generator(HEX).integers(0, len(dates), size=(200, len(dates))):
            medians.append(np.median(np.concatenate([excess[days == dates[i]] for i in drawn])))
        assert found.low == pytest.approx(sorted(medians)[9], abs=1e-12)  # the 10th of 200
        assert found.high == pytest.approx(sorted(medians)[189], abs=1e-12)
        answered += 1
    assert answered


def test_many_at_once_are_what_each_is_alone(rng) -> None:
    jumps = random_jumps(rng)
    jumps.rank_change[250, :5] = [1.0, 1.0, -1.0, 0.0, np.nan]
    asked = [4, 2, 0, 3, 1, *range(5, 15)]
    together = measure_base_rates(jumps, asked, 250, HEX, 50)
    assert together == [measure_base_rate(jumps, symbol, 250, HEX, 50) for symbol in asked]
    assert together[2] == together[4] != together[1]
    assert measure_base_rates(jumps, [], 250, HEX) == []


def test_dates_are_drawn_whole(rng) -> None:
    """All events of a date share one excess: the interval is as wide as five dates make it."""
    day = np.repeat(np.arange(5), 40)
    found = day.astype(float)
    medians = resample_median(found, day, 1000, HEX)
    drawn = [np.median(np.repeat(rng.integers(0, 5, 5), 40)) for _ in range(20_000)]
    assert set(medians) <= set(range(5))
    assert np.mean(medians == 2) == pytest.approx(np.mean(np.array(drawn) == 2), abs=0.06)
    assert np.std(medians) == pytest.approx(np.std(drawn), abs=0.1)


def test_the_median_of_an_even_count_is_the_mean_of_both() -> None:
    assert (resample_median(np.array([3.0, 1.0]), np.array([7, 7]), 5, HEX) == 2.0).all()


def test_the_same_fingerprint_gives_the_same_bytes(rng) -> None:
    jumps = random_jumps(rng)
    jumps.rank_change[250, 0] = 1.0
    one, two = (measure_base_rate(jumps, 0, 250, HEX) for _ in range(2))
    assert one == two
    others = [measure_base_rate(jumps, 0, 250, f"{i:02x}", 50) for i in range(20)]
    assert len({(other.low, other.high) for other in others}) > 1
    assert {(other.n, other.median) for other in others} == {(one.n, one.median)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"session": np.arange(59)}, "different dates"),
        ({"forward": np.zeros((60, 3))}, "differ in shape"),
        ({"dates": np.arange(60, 0, -1, dtype=np.int32)}, "ascend"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, said) -> None:
    with pytest.raises(InputError, match=said):
        measure_base_rate(replace(busy(), **change), 39, 59, HEX)


def test_a_fingerprint_is_hex() -> None:
    with pytest.raises(InputError, match="no hex"):
        measure_base_rate(busy(), 39, 59, "not hex")
