"""Figures of performance: by hand, and as empyrical and scipy have them."""

from __future__ import annotations

import math
import statistics
from dataclasses import replace
from datetime import date
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from pacesetter.portfolio.benchmark import benchmark_returns
from pacesetter.portfolio.irr import solve_irr
from pacesetter.portfolio.performance import measure_performance
from pacesetter.portfolio.prices import date_of, days_of, prepare_prices
from pacesetter.portfolio.trade import Dividend
from tests.portfolio import worked_example as worked

NAN = np.nan


def test_worked_example_by_hand() -> None:
    """Returns +1.9 %, 10325/10190, 10425/10325, 10641/10425, 11496/11641, 11796/11496: what lies between
    Monday's and Friday's NAV cancels, and 1.019 · 10,641/10,190 is 1.0641 exactly."""
    found = measure_performance(worked.valuation())
    assert found.twr == pytest.approx(1.0641 * 11796 / 11641 - 1, rel=1e-12)
    assert found.twr == pytest.approx(0.0782685, abs=1e-7)  # 0.0641 + 1.0641 · 155/11,641
    assert found.twr_annual is None and "there are 6" in found.reasons["twr_annual"]
    # the one fall: from 10,641 + 1,000 to 11,496, that is 145 of 11,641; the next day makes it good
    assert found.max_drawdown == pytest.approx(-145 / 11641, rel=1e-12)
    assert found.drawdown == 0.0
    np.testing.assert_allclose(found.drawdown_series, [0, 0, 0, 0, -145 / 11641, 0], atol=1e-15)
    assert found.cumulative_pnl == 796  # 11,296 + 500 − 11,000
    mean, spread = statistics.mean(worked.RETURNS), statistics.stdev(worked.RETURNS)
    assert found.sharpe == pytest.approx(mean / spread * math.sqrt(252), rel=1e-12)
    assert found.sharpe == pytest.approx(14.8351, abs=1e-4)
    assert found.volatility_21d is None
    assert found.reasons["volatility_21d"] == "6 of the last 21 sessions have a return"
    assert found.months.years.tolist() == [2025]
    assert found.months.months[0, 0] == found.months.totals[0] == pytest.approx(found.twr, rel=1e-12)
    assert np.isnan(found.months.months[0, 1:]).all()
    best, worst = found.best_days[0], found.worst_days[0]
    assert (date_of(best.day), date_of(worst.day)) == (date(2025, 1, 13), date(2025, 1, 10))
    assert worst.value == pytest.approx(-145 / 11641, rel=1e-12)


def test_worked_money_weighted_return() -> None:
    """10,000 work for 7 days and 1,000 for 3; 500 and 11,296 come back: 10 g⁷ + g³ = 11.796."""
    value = worked.valuation()
    flows = value.flow_out - value.flow_in
    flows[-1] += value.nav[-1]
    rate, _ = solve_irr(value.sessions.astype(np.float64), flows)
    assert rate is not None
    g = (1 + rate) ** (1 / 365)
    assert 10 * g**7 + g**3 == pytest.approx(11.796, rel=1e-12)
    assert 10 * 1.0105**7 + 1.0105**3 < 11.796 < 10 * 1.0107**7 + 1.0107**3
    assert 1.0105 < g < 1.0107


def test_money_weighted_return_by_hand() -> None:
    """1,000 now and 1,000 in a year are 2,310 in two: x² + x = 2.31, x = (−1 + √10.24)/2 = 1.1."""
    rate, _ = solve_irr(np.array([0.0, 365, 730]), np.array([-1000.0, -1000, 2310]))
    assert rate == pytest.approx(0.10, abs=1e-14)


def test_volatility_by_hand() -> None:
    """+1 %, −1 %, … 21 times: Σr² = 0.0021, mean = 0.01/21; 63 times the same way."""
    for n, name in ((21, "volatility_21d"), (63, "volatility_63d")):
        returns = np.array([0.5, *(0.01 * (-1) ** i for i in range(n))])  # the first is out of the window
        variance = (n * 0.0001 - 0.01**2 / n) / (n - 1)
        found = getattr(measure_performance(worked.earning(returns)), name)
        assert found == pytest.approx(math.sqrt(variance * 252), rel=1e-12)


def test_beta_by_hand() -> None:
    """Benchmark 1, 2, 3 %; returns 3, 4, 8 %: covariance 2.5, variance 1, both in %²."""
    found = measure_performance(worked.earning(np.array([0.03, 0.04, 0.08])), np.array([0.01, 0.02, 0.03]))
    assert found.beta == pytest.approx(2.5, rel=1e-12)
    assert found.benchmark_return == pytest.approx(1.01 * 1.02 * 1.03 - 1, rel=1e-12)


def dated(values: np.ndarray) -> pd.Series:
    days = np.busday_offset("2023-01-03", np.arange(len(values)))
    return pd.Series(values, pd.DatetimeIndex(days))


@pytest.mark.parametrize("n", [70, 252, 700])
@pytest.mark.parametrize("holes", [0.0, 0.05])
def test_equal_empyrical(rng: np.random.Generator, n: int, holes: float) -> None:
    returns, market = rng.normal(0.0005, 0.012, n), rng.normal(0.0004, 0.01, n)
    returns += 0.7 * market
    sure = np.arange(n) >= n - 63  # volatilities need all of their window
    market[(rng.random(n) < holes) & ~sure] = NAN
    returns[(rng.random(n) < holes) & ~sure] = NAN
    found = measure_performance(worked.earning(returns), market)
    series, benchmark = dated(returns), dated(market)
    there = series.dropna()

    def same(ours: float | None, theirs: float) -> None:
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-13)

    same(found.twr, empyrical.cum_returns_final(series))
    if len(there) >= 252:
        same(found.twr_annual, empyrical.annual_return(there))
    else:
        assert found.twr_annual is None
    same(found.volatility_21d, empyrical.annual_volatility(series.iloc[-21:]))
    same(found.volatility_63d, empyrical.annual_volatility(series.iloc[-63:]))
    same(found.max_drawdown, empyrical.max_drawdown(series))
    same(found.sharpe, empyrical.sharpe_ratio(series))
    same(found.sortino, empyrical.sortino_ratio(there))
    same(found.beta, empyrical.beta(series, benchmark))
    same(found.benchmark_return, empyrical.cum_returns_final(benchmark[series.notna()]))
    index = empyrical.cum_returns(series, starting_value=1.0)
    np.testing.assert_allclose(found.growth, index, rtol=1e-11)
    for key, theirs in empyrical.aggregate_returns(series, "monthly").items():
        row = found.months.years.tolist().index(key[0])
        same(found.months.months[row, key[1] - 1], theirs)
    for year, theirs in empyrical.aggregate_returns(series, "yearly").items():
        same(found.months.totals[found.months.years.tolist().index(year)], theirs)
    assert [d.value for d in found.best_days] == there.nlargest(5).tolist()
    assert [d.value for d in found.worst_days] == there.nsmallest(5).tolist()


def test_a_fall_on_the_first_day_is_one() -> None:
    """The drawdown is from what was paid in, where nothing was higher: −10 %, then +5 % of the rest."""
    found = measure_performance(worked.earning(np.array([-0.1, 0.05])))
    np.testing.assert_allclose(found.drawdown_series, [-0.1, 0.9 * 1.05 - 1], rtol=1e-12)


def test_a_loss_of_everything_cannot_be_linked() -> None:
    found = measure_performance(worked.earning(np.array([0.1, -1.0, 0.1])))
    assert found.twr is None and found.max_drawdown is None
    assert found.reasons["twr"].startswith("everything was lost")


def test_nothing_to_measure_says_why() -> None:
    found = measure_performance(worked.earning(np.array([])))
    for name in ("twr", "twr_annual", "irr", "volatility_21d", "drawdown", "sharpe", "sortino", "beta"):
        assert getattr(found, name) is None and found.reasons[name], name
    assert found.months.months.shape == (0, 12) and found.best_days == ()
    quiet = measure_performance(worked.earning(np.zeros(30)), np.zeros(30))
    assert quiet.twr == 0 and quiet.volatility_21d == 0
    assert quiet.sharpe is None and quiet.reasons["sharpe"] == "the returns do not move"
    assert quiet.beta is None and quiet.reasons["beta"] == "the benchmark does not move"


amounts = st.floats(1.0, 1e6)


@given(
    st.lists(st.tuples(st.integers(0, 3000), amounts), min_size=1, max_size=12), st.integers(1, 800), amounts
)
def test_money_weighted_return_equals_brentq(paid: list[tuple[int, float]], more: int, last: float) -> None:
    """Money in first, money out last: one rate solves it, and a solver we did not write finds the same."""
    days = np.array([d for d, _ in paid] + [max(d for d, _ in paid) + more], dtype=float)
    flows = np.array([-a for _, a in paid] + [last])
    rate, why = solve_irr(days, flows)

    def worth(x: float) -> float:
        return float(flows @ np.exp(-x * (days - days.min()) / 365))

    span = (days.max() - days.min()) / 365
    low, high = -30 / span, 30 / span
    assume(worth(low) * worth(high) < 0 and high < 600)
    assert rate is not None, why
    theirs = brentq(worth, low, high, xtol=1e-15, rtol=1e-14)
    assert rate == pytest.approx(math.expm1(theirs), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("flows", "why"),
    [
        ([-100.0, 0, 0], "nothing came back"),
        ([100.0, 0, 5], "no money was paid in"),
        ([0.0, -50, 0], "nothing came back"),
        ([-100.0, 230, -133], "no rate"),  # 100x² − 230x + 133: discriminant −300
    ],
)
def test_no_money_weighted_return(flows: list[float], why: str) -> None:
    rate, reason = solve_irr(np.array([0.0, 365, 730]), np.array(flows))
    assert rate is None and why in reason


def test_of_several_rates_the_nearest_to_none() -> None:
    """−100, +230, −132: 100x² − 230x + 132 = 0 has x = 1.1 and x = 1.2."""
    rate, _ = solve_irr(np.array([0.0, 365, 730]), np.array([-100.0, 230, -132]))
    assert rate == pytest.approx(0.1, abs=1e-12)


def test_a_day_is_too_little() -> None:
    assert solve_irr(np.array([5.0, 5.0]), np.array([-1.0, 2.0]))[1] == "no day has passed yet"
    assert solve_irr(np.array([5.0, 6.0]), np.array([-1.0, 20.0]))[1].startswith("too little time")


def test_under_thirty_days_there_is_no_rate_of_a_year() -> None:
    """100 became 102 in one day: 1.02^365 would be 137,740 %. In 30 days it is a year at 1.02^(365/30)."""

    def invested(days: int) -> Any:
        still: dict[str, Any] = {
            name: np.zeros(2) for name in ("flow_out", "pnl", "cash", "long_value", "short_value")
        }
        sessions = np.array([20_000, 20_000 + days])
        nav, flow_in = np.array([100.0, 102.0]), np.array([100.0, 0.0])
        return replace(worked.valuation(), sessions=sessions, nav=nav, flow_in=flow_in, **still)

    for days in (1, 29):
        value = replace(invested(days), daily_return=np.array([0.0, 0.02]))
        found = measure_performance(value)
        assert found.irr is None
        assert found.reasons["irr"] == "under 30 days: too little time to speak of a year"
    value = replace(invested(30), daily_return=np.array([0.0, 0.02]))
    assert measure_performance(value).irr == pytest.approx(1.02 ** (365 / 30) - 1, rel=1e-12)


def market(**more: Any) -> Any:
    days = np.array([days_of(d) for d in worked.SESSIONS])
    close = np.array([[100.0, 102, NAN, 101, 103, 104]])
    paid = {"SPY": [Dividend(date(2025, 1, 9), 2.0, "USD")]}
    return prepare_prices(days, ["SPY"], close, ["USD"], **({"dividends": paid} | more))


def test_the_benchmark_earns_its_dividends() -> None:
    value = worked.valuation()
    found = benchmark_returns(market(), "SPY", value)
    assert found is not None
    np.testing.assert_allclose(found, [NAN, 0.02, 0, 103 / 102 - 1, 103 / 101 - 1, 104 / 103 - 1], atol=1e-15)
    inside = benchmark_returns(market(dividends_inside=["SPY"]), "SPY", value)
    assert inside is not None and inside[3] == pytest.approx(101 / 102 - 1)
    assert benchmark_returns(market(), "QQQ", value) is None
    euros = replace(value, base_currency="EUR")
    assert benchmark_returns(market(), "SPY", euros) is None
    rates = {"EUR": np.linspace(1.0, 1.1, 6), "USD": np.ones(6)}
    converted = benchmark_returns(market(rates=rates), "SPY", euros)
    assert converted is not None and converted[1] == pytest.approx(1.02 / 1.02 - 1, abs=1e-15)


def test_the_benchmark_starts_where_the_portfolio_does() -> None:
    later = replace(worked.valuation(), first=2)
    found = benchmark_returns(market(), "SPY", later)
    assert found is not None and len(found) == 4 and found[0] == 0
