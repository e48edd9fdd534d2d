"""Portfolio exposures: a worked example, and many portfolios at once."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from pacesetter.portfolio.aggregate import aggregate_exposures, aggregate_portfolios


def test_by_hand() -> None:
    """60 % at 1.5 and −20 % at 0.5 is 0.9 − 0.1; 40 % without a figure leave two thirds covered."""
    weights = np.array([0.6, -0.2, 0.4])
    beta = np.array([[1.5, np.nan], [0.5, np.nan], [np.nan, np.nan]])
    error = np.array([[0.1, np.nan], [0.4, np.nan], [np.nan, np.nan]])
    found = aggregate_exposures(weights, beta, error)
    assert_allclose(found.beta, [0.8, np.nan])
    assert_allclose(found.standard_error, [np.sqrt(0.06**2 + 0.08**2), np.nan])
    assert_allclose(found.coverage, [0.8 / 1.2, 0.0])


def test_an_unknown_error_is_not_taken_for_none() -> None:
    found = aggregate_exposures(np.array([0.5, 0.5]), np.ones((2, 1)), np.array([[0.1], [np.nan]]))
    assert found.beta[0] == 1.0 and np.isnan(found.standard_error[0])


def test_many_portfolios_are_each_one_alone(rng) -> None:
    beta, error = rng.normal(size=(40, 12)), rng.random((40, 12))
    beta[rng.random(beta.shape) < 0.2] = np.nan
    sizes = rng.integers(0, 30, 200)
    sizes[[0, 50, 51, -1]] = 0  # portfolios that hold nothing
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    rows, weights = rng.integers(0, 40, sizes.sum()), rng.normal(size=sizes.sum())
    found = aggregate_portfolios(starts, rows, weights, beta, error)
    for p, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        own = slice(start, start + size)
        alone = aggregate_exposures(weights[own], beta[rows[own]], error[rows[own]])
        for got, wanted in zip(found, alone, strict=True):
            assert_array_equal(got[p], wanted)
        owned, w = beta[rows[own]], weights[own, None]
        has = np.isfinite(owned)
        if size:
            expected = np.where(has.any(axis=0), np.nansum(w * owned, axis=0), np.nan)
            assert_allclose(found.beta[p], expected, atol=1e-12)
            assert_allclose(found.coverage[p], (np.abs(w) * has).sum(axis=0) / np.abs(w).sum(), atol=1e-12)
        else:
            assert np.isnan(found.beta[p]).all() and (found.coverage[p] == 0).all()
