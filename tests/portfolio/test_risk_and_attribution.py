"""Correlations as pandas has them; concentration and attribution by hand, and what must add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pacesetter.portfolio.attribution import attribute_factors, attribute_holdings
from pacesetter.portfolio.performance import measure_performance
from pacesetter.portfolio.risk import correlate, correlate_holdings, measure_concentration
from tests.portfolio import worked_example as worked


def test_correlations_equal_pandas(rng: np.random.Generator) -> None:
    returns = rng.normal(0.0, 0.01, (12, 90)) + rng.normal(0.0, 0.01, 90)
    returns[rng.random(returns.shape) < 0.2] = np.nan
    returns[3, 25:] = np.nan  # too short with everybody
    returns[4, 40:], returns[5, :15] = np.nan, np.nan  # short with each other
    returns[6] = 0.001  # does not move
    r, n = correlate(returns, 30)
    frame = pd.DataFrame(returns.T)
    theirs = frame.corr(min_periods=30).to_numpy(copy=True)
    theirs[6, :] = theirs[:, 6] = np.nan
    np.testing.assert_allclose(r, theirs, rtol=1e-9, atol=1e-12)
    seen = frame.notna().astype(int)
    np.testing.assert_array_equal(n, seen.T @ seen)
    assert np.isnan(r[3]).all() and np.isnan(r[4, 5]) and n[4, 5] < 30
    assert (np.diag(r)[:3] == 1).all()


def test_no_gap_is_bridged() -> None:
    """A close that is missing takes two returns with it; what is not held any more is not there."""
    prices = worked.prices()
    found = correlate_holdings(worked.valuation(), prices, least=2)
    assert found.symbols == ("AAA",) and found.n.tolist() == [[5]] and found.r.tolist() == [[1.0]]
    close = prices.close.copy()
    close[0, 2] = np.nan
    assert correlate_holdings(worked.valuation(), replace(prices, close=close), least=2).n.tolist() == [[3]]
    few = correlate_holdings(worked.valuation(), prices)
    assert np.isnan(few.r).all() and few.n.tolist() == [[5]]
    assert correlate_holdings(worked.valuation(), prices, sessions=3, least=2).n.tolist() == [[3]]


def test_concentration_by_hand() -> None:
    """Thursday: 3,360 of AAA and 2,020 of BBB short, 5,380 in all."""
    whole = worked.valuation()
    thursday = replace(
        whole, **{name: getattr(whole, name)[:4] for name in ("sessions", "values", "quantity")}
    )
    found = measure_concentration(thursday)
    a, b = 3360 / 5380, 2020 / 5380
    assert dict(found.weights) == pytest.approx({"AAA": a, "BBB": -b})
    assert found.hhi == pytest.approx(a * a + b * b)
    assert found.effective_n == pytest.approx(1 / (a * a + b * b))
    assert (found.largest_1, found.largest_5) == (pytest.approx(a), pytest.approx(1.0))
    nothing = measure_concentration(worked.earning(np.array([])))
    assert nothing.weights == () and nothing.hhi is None and nothing.effective_n is None


def test_attribution_by_hand() -> None:
    """AAA 190 + 100 + 100 + 296 − 180 + 300 = 806, BBB 35 − 80 + 35 = −10; a day's part of the
    return is its profit over the money at its start, carried at the growth before it."""
    found = attribute_holdings(worked.valuation())
    assert found is not None
    assert [(c.symbol, c.pnl) for c in found.contributions] == [("AAA", 806), ("BBB", -10)]
    assert found.pnl == 796 and (found.first_on, found.last_on) == (date(2025, 1, 6), date(2025, 1, 13))
    # until Friday, growth and money are the same but for 10,000; then 1,000 come in
    growth = [1, 1.0190, 1.0325, 1.0425, 1.0641, 1.0641 * 11496 / 11641]
    money = [10000, 10190, 10325, 10425, 11641, 11496]
    days = list(zip(growth, money, strict=True))
    aaa = sum(g * p / m for (g, m), p in zip(days, [190, 100, 100, 296, -180, 300], strict=True))
    bbb = sum(g * p / m for (g, m), p in zip(days, [0, 35, 0, -80, 35, 0], strict=True))
    assert [c.of_return for c in found.contributions] == pytest.approx([aaa, bbb], rel=1e-12)
    assert found.total_return == pytest.approx(aaa + bbb, rel=1e-12)
    assert found.total_return == pytest.approx(measure_performance(worked.valuation()).twr, rel=1e-12)


def test_attribution_of_a_span() -> None:
    """Thursday and Friday alone: profits 216 and −145, on 10,425 and 11,641."""
    found = attribute_holdings(worked.valuation(), 3, 5)
    assert found is not None and found.pnl == 71
    assert {c.symbol: c.pnl for c in found.contributions} == {"AAA": 116, "BBB": -45}
    assert found.total_return == pytest.approx(10641 / 10425 * 11496 / 11641 - 1, rel=1e-12)
    assert sum(c.of_return or 0 for c in found.contributions) == pytest.approx(found.total_return, rel=1e-12)
    assert attribute_holdings(worked.valuation(), 6) is None


def test_factors_by_hand() -> None:
    """Returns 2 % and 1 %; exposure 0.5 to a factor of 2 % and 4 %: 1 % and 1.02 · 2 %, the rest is left."""
    value = worked.earning(np.array([0.02, 0.01]))
    found = attribute_factors(value, {"market_beta": 0.5}, {"market_beta": np.array([0.02, 0.04])})
    assert found is not None
    assert found.by_factor == pytest.approx({"market_beta": 0.01 + 1.02 * 0.02})
    assert found.total_return == pytest.approx(1.02 * 1.01 - 1)
    assert found.rest == pytest.approx(1.02 * 1.01 - 1 - 0.0304)


def test_factors_add_up(rng: np.random.Generator) -> None:
    """Returns made of two factors and nothing else: nothing is left, with exposures that change too."""
    f, g = rng.normal(0, 0.01, (2, 250))
    changing = rng.normal(1, 0.2, 250)
    value = worked.earning(changing * f - 0.3 * g)
    found = attribute_factors(value, {"f": changing, "g": -0.3}, {"f": f, "g": g})
    assert found is not None and abs(found.rest) < 1e-12 and found.days_missing == {"f": 0, "g": 0}
    g[7] = np.nan
    holed = attribute_factors(value, {"f": changing, "g": -0.3}, {"f": f, "g": g})
    assert holed is not None and holed.days_missing == {"f": 0, "g": 1}
    assert sum(holed.by_factor.values()) + holed.rest == pytest.approx(holed.total_return, rel=1e-12)
    assert attribute_factors(worked.earning(np.array([])), {}, {}) is None
