"""Score trends and long-term scores against hand-worked examples, numpy.polyfit and empyrical."""

from __future__ import annotations

from datetime import date, timedelta

import empyrical
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.market.panel import Panel
from pacesetter.ranking.trend import long_term_score, long_term_scores, score_trend
from tests.panels import random_panel


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def weekdays(first: date, last: date) -> np.ndarray:
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return np.array([day_number(d) for d in days if d.weekday() < 5], np.int32)


def one_symbol(dates: np.ndarray, growth: np.ndarray) -> Panel:
    """One symbol with these bars, valued on the last."""
    growth = np.asarray(growth, float).copy()
    growth[0] = np.nan
    close = 100 * np.cumprod(np.nan_to_num(growth, nan=1.0))
    n = len(dates)
    return Panel(
        symbols=("A",),
        offsets=np.array([0, n]),
        date=dates,
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.ones(n),
        growth=growth,
        final=np.ones(n, bool),
        calendar=dates,
        sessions=dates[-1:],
        asset_type=("equity",),
        currency=(None,),
        quote_unit=np.ones(1),
    )


@given(st.lists(st.floats(0, 100), min_size=7, max_size=7))
def test_the_slope_equals_polyfit(scores) -> None:
    found = score_trend(np.array(scores))
    assert found.slope == pytest.approx(np.polyfit(np.arange(7), scores, 1)[0], abs=1e-9)


@pytest.mark.parametrize(
    ("step", "direction"),
    [(0.5, "flat"), (0.51, "up"), (-0.5, "flat"), (-0.51, "down"), (0.0, "flat"), (10.0, "up")],
)
def test_half_a_point_a_date_is_still_flat(step, direction) -> None:
    found = score_trend(50.0 + step * np.arange(7))
    assert found.direction == direction
    assert found.slope == pytest.approx(step, abs=1e-12)


def test_only_the_newest_seven_dates_count() -> None:
    # by hand: −3·1 −2·2 −1·4 +0·3 +1·5 +2·9 +3·8 = 36; 36/28
    newest = [1.0, 2.0, 4.0, 3.0, 5.0, 9.0, 8.0]
    assert score_trend(np.array(newest)).slope == 36 / 28
    assert score_trend(np.array([np.nan, 90.0, *newest])).slope == 36 / 28


@pytest.mark.parametrize("hole", range(7))
def test_a_missing_score_gives_no_trend(hole) -> None:
    scores = np.arange(7.0)
    scores[hole] = np.nan
    assert score_trend(scores) is None


@pytest.mark.parametrize("n", [0, 1, 6])
def test_fewer_than_seven_dates_give_no_trend(n) -> None:
    assert score_trend(np.arange(float(n))) is None


def test_a_year_by_hand() -> None:
    """From 30 December 2022 to 29 December 2023: 261 weekdays; flat but for three days."""
    dates = weekdays(date(2022, 12, 30), date(2023, 12, 29))
    growth = np.ones(len(dates))
    for day, change in ((date(2023, 3, 1), 1.5), (date(2023, 5, 2), 0.8), (date(2023, 12, 28), 1.25)):
        growth[np.searchsorted(dates, day_number(day))] = change
    found = long_term_score(one_symbol(dates, growth), 0)
    assert found.one_year == pytest.approx(25 * (0.5 + 1))  # 1.5 · 0.8 · 1.25 = 1.5
    assert found.drawdown == pytest.approx(80)
    # the 29th is a Friday and the last weekday of the month: March and December of 12 months
    assert found.n_months == 12
    assert found.positive_months == pytest.approx(100 * 2 / 12)
    assert found.score == pytest.approx((37.5 + 80 + 100 / 6) / 3)
    assert found.reason == ""


def test_a_month_with_a_weekday_left_does_not_count_yet() -> None:
    dates = weekdays(date(2022, 11, 1), date(2023, 12, 28))
    growth = np.ones(len(dates))
    growth[np.searchsorted(dates, day_number(date(2023, 12, 27)))] = 1.1
    found = long_term_score(one_symbol(dates, growth), 0)
    assert (found.n_months, found.positive_months) == (12, 0)  # the gain is of December 2023


def test_a_month_that_ends_where_it_began_is_not_positive() -> None:
    dates = weekdays(date(2022, 12, 1), date(2023, 12, 29))
    found = long_term_score(one_symbol(dates, np.ones(len(dates))), 0)
    assert (found.one_year, found.drawdown, found.positive_months) == (25, 100, 0)


def test_the_month_of_the_first_bar_is_left_out() -> None:
    dates = weekdays(date(2023, 1, 2), date(2023, 12, 29))  # 260 bars, the first without growth
    found = long_term_score(one_symbol(dates, np.full(len(dates), 1.001)), 0)
    assert (found.n_months, found.positive_months) == (11, 100)


@pytest.mark.parametrize(("bars", "reason"), [(252, "too_few_bars"), (253, "")])
def test_it_takes_253_bars(bars, reason) -> None:
    dates = weekdays(date(2022, 1, 3), date(2023, 12, 29))[-bars:]
    found = long_term_score(one_symbol(dates, np.full(bars, 1.001)), 0)
    assert found.reason == reason
    assert (found.score is None) == bool(reason)


@pytest.mark.parametrize(("change", "part"), [(1.05, 100), (0.9, 0.0)])
def test_the_year_is_clamped(change, part) -> None:
    dates = weekdays(date(2022, 6, 1), date(2023, 12, 29))
    found = long_term_score(one_symbol(dates, np.full(len(dates), change)), 0)
    assert found.one_year == pytest.approx(part, abs=1e-6)


def test_the_drawdown_equals_empyrical(rng) -> None:
    panel = random_panel(rng, symbols=12, days=400)
    compared = 0
    for s, found in enumerate(long_term_scores(panel)):
        if found.score is None:
            continue
        last = panel.asof[-1, s]
        returns = panel.growth[last - 251 : last + 1] - 1
        assert found.drawdown == pytest.approx(100 * (1 + empyrical.max_drawdown(returns)), abs=1e-9)
        assert found.one_year == pytest.approx(25 * (1 + empyrical.cum_returns_final(returns)), abs=1e-9)
        assert found.score == pytest.approx(np.mean([found.one_year, found.drawdown, found.positive_months]))
        compared += 1
    assert compared >= 8


def test_why_there_is_none(rng) -> None:
    panel = random_panel(rng, symbols=4, days=330)
    found = long_term_scores(panel)
    assert found[1].reason == "stale"
    assert found[2].reason == "too_few_bars"
    early = panel.on(panel.calendar[:1] - 1)
    assert {one.reason for one in long_term_scores(early)} == {"no_bars"}


def test_later_bars_change_nothing(rng) -> None:
    panel = random_panel(rng, symbols=6, days=400)
    day = int(panel.calendar[-40])
    short = panel.until(day).on(np.array([day]))
    assert long_term_scores(panel.on(np.array([day]))) == long_term_scores(short)
