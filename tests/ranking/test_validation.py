"""IC, its t, quantiles, turnover and autocorrelation against scipy, statsmodels and pandas."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr
from statsmodels.regression.linear_model import OLS

from pacesetter.kernel.errors import InputError
from pacesetter.ranking.forward import forward_returns
from pacesetter.ranking.validation import (
    information_coefficients,
    quantile_returns,
    rank_autocorrelation,
    summarise_ic,
    turnover,
    validate,
)
from tests.panels import random_panel

FEW = st.sampled_from([-1.5, 0.0, 0.25, 1.0, 2.0, np.nan])
WIDE = st.floats(-1e6, 1e6) | st.just(np.nan)


def table(rng, dates: int, names: int, gaps: float = 0.1, step: float = 0.0) -> np.ndarray:
    """Random numbers with gaps, in multiples of ``step`` so that some are equal."""
    values = rng.normal(size=(dates, names))
    if step:
        values = np.round(values / step) * step
    values[rng.random(values.shape) < gaps] = np.nan
    return values


def plain_ic(x: np.ndarray, y: np.ndarray) -> float:
    pair = np.isfinite(x) & np.isfinite(y)
    if pair.sum() < 5 or np.ptp(x[pair]) == 0 or np.ptp(y[pair]) == 0:
        return np.nan
    return float(spearmanr(x[pair], y[pair]).statistic)


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(*[arrays(float, (3, n), elements=FEW)] * 2)))
def test_ic_with_many_equal_values(pair) -> None:
    score, returns = pair
    expected = [plain_ic(x, y) for x, y in zip(score, returns, strict=True)]
    np.testing.assert_allclose(information_coefficients(score, returns), expected, rtol=0, atol=1e-12)


def test_ic_of_real_numbers(rng) -> None:
    score, returns = table(rng, 40, 300), table(rng, 40, 300, step=0.01)
    expected = [plain_ic(x, y) for x, y in zip(score, returns, strict=True)]
    np.testing.assert_allclose(information_coefficients(score, returns), expected, rtol=0, atol=1e-12)


def test_ic_needs_five_pairs_and_two_values() -> None:
    score = np.arange(18.0).reshape(3, 6)
    returns = score.copy()
    returns[0, :2], returns[1, :1], returns[2] = np.nan, np.nan, 0.5
    ic = information_coefficients(score, returns)
    assert np.isnan(ic[[0, 2]]).all() and ic[1] == 1.0


@pytest.mark.parametrize("horizon", [1, 2, 5, 21, 63, 300])
def test_t_is_that_of_statsmodels(horizon, rng) -> None:
    ic = np.convolve(rng.normal(0.02, 0.1, 259), np.ones(10) / 10, "valid")
    ic[rng.random(250) < 0.1] = np.nan
    known = ic[np.isfinite(ic)]
    options = {"maxlags": horizon - 1, "kernel": "bartlett", "use_correction": False}
    fit = OLS(known, np.ones_like(known)).fit(cov_type="HAC", cov_kwds=options)
    summary = summarise_ic(ic, horizon)
    assert summary.n == len(known)
    assert summary.mean == pytest.approx(known.mean(), rel=1e-12)
    assert summary.std == pytest.approx(pd.Series(known).std(), rel=1e-12)
    assert summary.icir == pytest.approx(known.mean() / pd.Series(known).std(), rel=1e-12)
    assert summary.t == pytest.approx(fit.tvalues[0], rel=1e-9)
    assert summary.p == pytest.approx(fit.pvalues[0], rel=1e-6)


@pytest.mark.parametrize(("ic", "n"), [([], 0), ([np.nan], 0), ([0.3, np.nan], 1), ([0.3] * 7, 7)])
def test_what_does_not_vary_has_no_t(ic, n) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        summary = summarise_ic(np.array(ic, dtype=float), 5)
    assert summary.n == n
    assert np.isnan([summary.icir, summary.t, summary.p]).all()


def plain_groups(x: np.ndarray, y: np.ndarray, quantiles: int) -> np.ndarray:
    """qcut of the pairs' scores; zeros where it refuses."""
    pair = np.isfinite(x) & np.isfinite(y)
    groups = np.zeros(len(x), dtype=int)
    if pair.sum() >= 10:
        try:
            groups[pair] = pd.qcut(x[pair], quantiles if pair.sum() >= 25 else 3, labels=False) + 1
        except ValueError as refused:
            if "unique" not in str(refused):
                raise
    return groups


@pytest.mark.parametrize("quantiles", [3, 5, 7, 10])
@pytest.mark.parametrize("kind", ["numbers", "rounded", "ladder"])
def test_groups_are_those_of_qcut(kind, quantiles, rng) -> None:
    for names in [*range(8, 60), 101, 251, 501]:
        score = table(rng, 4, names, gaps=0.0, step=0.02 if kind == "rounded" else 0.0)
        if kind == "ladder":  # percentiles: edges meet scores to the last bit
            score = 100.0 * rng.permuted(np.tile(np.arange(names), (4, 1)), axis=1) / (names - 1)
        returns = table(rng, 4, names, gaps=0.0)
        made = quantile_returns(score, returns, quantiles)
        expected = [plain_groups(x, y, quantiles) for x, y in zip(score, returns, strict=True)]
        np.testing.assert_array_equal(made.groups, expected)


@given(st.integers(10, 60).flatmap(lambda n: arrays(float, (2, n), elements=WIDE)))
def test_groups_of_any_scores(score) -> None:
    made = quantile_returns(score, np.zeros(score.shape))
    np.testing.assert_array_equal(made.groups, [plain_groups(x, x, 5) for x in score])


def test_means_and_spread(rng) -> None:
    score, returns = table(rng, 30, 80, gaps=0.3), table(rng, 30, 80, gaps=0.3)
    made = quantile_returns(score, returns)
    for t in range(30):
        for q in range(1, 6):
            assert made.by_date[t, q - 1] == pytest.approx(returns[t][made.groups[t] == q].mean(), abs=1e-14)
    np.testing.assert_allclose(made.mean, made.by_date.mean(axis=0), rtol=1e-12)
    np.testing.assert_array_equal(made.spread, made.by_date[:, 4] - made.by_date[:, 0])
    assert made.usual == 5


def test_terciles_below_25_and_none_below_10(rng) -> None:
    score, returns = table(rng, 6, 30, gaps=0.0), table(rng, 6, 30, gaps=0.0)
    for t, pairs in enumerate([9, 10, 24, 25, 25, 30]):
        score[t, pairs:] = np.nan
    made = quantile_returns(score, returns)
    assert made.made.tolist() == [0, 3, 3, 5, 5, 5]
    assert made.groups.max(axis=1).tolist() == [0, 3, 3, 5, 5, 5]
    assert np.isnan(made.by_date[1:3, 3:]).all() and np.isnan(made.by_date[0]).all()
    np.testing.assert_array_equal(made.spread[1:3], made.by_date[1:3, 2] - made.by_date[1:3, 0])
    np.testing.assert_allclose(made.mean, made.by_date[3:].mean(axis=0), rtol=1e-12)
    less = quantile_returns(score[:4], returns[:4])
    assert less.usual == 3 and np.isnan(less.mean[3:]).all()
    np.testing.assert_allclose(less.mean[:3], less.by_date[1:3, :3].mean(axis=0), rtol=1e-12)
    assert quantile_returns(score[:1], returns[:1]).usual == 0


@pytest.mark.parametrize("lag", [1, 4])
def test_turnover_is_the_share_of_new_names(lag, rng) -> None:
    score = np.cumsum(rng.normal(size=(20, 40)), axis=0)
    score[7] = np.nan
    score[12, 20:] = np.nan  # terciles
    groups = quantile_returns(score, np.zeros_like(score)).groups
    found = turnover(groups, lag)
    for t in range(20):
        for q in range(1, 6):
            now = set(np.flatnonzero(groups[t] == q))
            then = set(np.flatnonzero(groups[t - lag] == q)) if t >= lag else set()
            comparable = bool(now and then) and groups[t].max() == groups[t - lag].max()
            expected = len(now - then) / len(now) if comparable else np.nan
            np.testing.assert_equal(found[t, q - 1], expected)


@pytest.mark.parametrize("lag", [1, 5])
def test_rank_autocorrelation_is_that_of_pandas(lag, rng) -> None:
    score = np.cumsum(table(rng, 30, 50, gaps=0.0, step=0.5), axis=0)
    score[rng.random(score.shape) < 0.1] = np.nan
    score[9], score[15, 1:] = np.nan, np.nan
    ranks = pd.DataFrame(score).rank(axis=1)
    expected = ranks.corrwith(ranks.shift(lag), axis=1)
    assert expected.notna().sum() > 15
    np.testing.assert_allclose(rank_autocorrelation(score, lag), expected, rtol=0, atol=1e-12)


def test_a_lag_beyond_the_dates_gives_nothing(rng) -> None:
    score = table(rng, 4, 30)
    assert np.isnan(rank_autocorrelation(score, 9)).all()
    assert np.isnan(turnover(quantile_returns(score, score).groups, 9)).all()


def test_a_score_that_sees_the_future(rng) -> None:
    made = random_panel(rng, symbols=40, days=120)
    panel = made.on(made.calendar)
    seen = forward_returns(panel, 5)
    lab = validate(panel, seen)
    assert [one.horizon for one in lab.horizons] == [1, 5, 21, 63]
    assert lab.dates is panel.sessions
    one, five, month, quarter = lab.horizons
    assert np.isfinite(five.ic).sum() == five.summary.n == 120 - 5 - 1  # the last bars are not final
    assert np.nanmin(five.ic) == 1.0
    assert lab.decay == {h.horizon: h.summary.mean for h in lab.horizons}
    assert lab.decay[5] == 1.0 > lab.decay[1] > 0.2
    assert np.all(np.diff(five.quantiles.mean) > 0)
    assert one.summary.t > 5
    assert month.summary.n == 120 - 21 - 1 and quarter.summary.n == 120 - 63 - 1  # own dates each
    paired = np.where(np.isfinite(forward_returns(panel, 21)), seen, np.nan)
    np.testing.assert_array_equal(month.rank_autocorrelation, rank_autocorrelation(paired, 21))
    np.testing.assert_array_equal(month.turnover, turnover(month.quantiles.groups, 21))


def test_the_order_of_symbols_does_not_matter(rng) -> None:
    score, returns = table(rng, 10, 60, step=0.1), table(rng, 10, 60, step=0.01)
    other = rng.permutation(60)
    np.testing.assert_array_equal(
        information_coefficients(score, returns), information_coefficients(score[:, other], returns[:, other])
    )
    np.testing.assert_array_equal(
        quantile_returns(score, returns).groups[:, other],
        quantile_returns(score[:, other], returns[:, other]).groups,
    )


def test_what_does_not_fit_is_said(rng) -> None:
    panel = random_panel(rng)
    score = table(rng, 4, 30)
    with pytest.raises(InputError, match="score of shape"):
        validate(panel, score)
    with pytest.raises(InputError, match="returns"):
        information_coefficients(score, score[:, :9])
    with pytest.raises(InputError, match="quantiles"):
        quantile_returns(score, score, 1)
    with pytest.raises(InputError, match="quantiles"):
        turnover(np.full((2, 2), 7, dtype=np.int8))
    with pytest.raises(InputError, match="lag"):
        rank_autocorrelation(score, 0)
    with pytest.raises(InputError, match="horizon"):
        summarise_ic(score[0], 0)
