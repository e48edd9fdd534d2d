"""Validation of `core` over 503 stocks against alphalens, on its own route from the stored closes."""

from __future__ import annotations

import warnings
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import spearmanr

from pacesetter.factors.base import factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.market.panel import F8, Panel
from pacesetter.ranking.boards import score_universe
from pacesetter.ranking.forward import forward_returns
from pacesetter.ranking.frame import panel_from_frame
from pacesetter.ranking.method import load_shipped
from pacesetter.ranking.validation import HORIZONS, Validation, rank_autocorrelation, turnover, validate

FIRST, LAST = date(2023, 1, 1), date(2025, 6, 30)
NOISE = 1e-12  # returns nearer than this differ by rounding alone
NOISY_DATES_MAX = 3


class Lab(NamedTuple):
    """The validation, what it was made of, and the closes as alphalens wants them."""

    panel: Panel
    score: F8
    validation: Validation
    prices: pd.DataFrame
    dates: pd.DatetimeIndex


@pytest.fixture(scope="module")
def lab(shared_data) -> Lab:
    bars = pl.read_parquet(shared_data / "prices" / "us_sp500_2014_2025.parquet")
    bars = bars.filter(
        pl.col("close").is_finite() & (pl.col("close") > 0), pl.col("date") >= date(2021, 6, 1)
    )
    whole = panel_from_frame(bars, on="all")
    days = whole.calendar.astype("datetime64[D]")
    panel = whole.on(whole.calendar[(days >= np.datetime64(FIRST)) & (days <= np.datetime64(LAST))])
    core = load_shipped("core")
    values = {part.uses: evaluate(factors.get(part.uses), panel) for part in core.factors}
    score = score_universe(core, values, panel, "equity").score
    wide = bars.pivot(on="symbol", index="date", values="close").sort("date")
    prices = pd.DataFrame(
        wide.drop("date").to_numpy(),
        index=pd.DatetimeIndex(wide["date"].to_numpy().astype("datetime64[ns]")),
        columns=wide.columns[1:],
    )[list(panel.symbols)]
    dates = pd.DatetimeIndex(panel.sessions.astype("datetime64[D]").astype("datetime64[ns]"))
    return Lab(panel, score, validate(panel, score), prices, dates)


@pytest.fixture(scope="module", params=HORIZONS)
def case(request, lab) -> tuple[Lab, int, pd.DataFrame]:
    """One horizon, and the clean factor data that alphalens makes of the same score."""
    from alphalens.utils import get_clean_factor_and_forward_returns

    horizon = request.param
    # alphalens fills holes with older closes: it is only asked where both sessions have one
    both = (lab.prices.notna() & lab.prices.shift(-horizon).notna()).reindex(lab.dates).to_numpy()
    asked = pd.DataFrame(np.where(both, lab.score, np.nan), index=lab.dates, columns=lab.prices.columns)
    factor = asked.stack().dropna()
    factor.index = factor.index.set_names(["date", "asset"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clean = get_clean_factor_and_forward_returns(
            factor, lab.prices, periods=(horizon,), quantiles=5, max_loss=1.0, filter_zscore=None
        )
    return lab, horizon, clean


def column(clean: pd.DataFrame) -> str:
    """The name that alphalens gives the only horizon."""
    (name,) = [c for c in clean.columns if c not in ("factor", "factor_quantile")]
    return str(name)


def on_dates(lab: Lab, theirs: Any) -> np.ndarray:
    """Their numbers on our dates, NaN where they have none."""
    return theirs.reindex(lab.dates).to_numpy(dtype=float, copy=True)


def as_table(lab: Lab, clean: pd.DataFrame, name: str) -> np.ndarray:
    """One column of the clean data as dates × symbols."""
    return clean[name].unstack().reindex(index=lab.dates, columns=lab.prices.columns).to_numpy(dtype=float)


def one_of(lab: Lab, horizon: int) -> Any:
    return next(h for h in lab.validation.horizons if h.horizon == horizon)


def test_there_is_something_to_compare(lab) -> None:
    assert lab.panel.n_symbols == 503
    assert 600 < lab.panel.n_sessions < 640
    assert np.isfinite(lab.score).mean() > 0.95
    for one in lab.validation.horizons:  # the bars end before the last returns do
        assert one.summary.n == (lab.panel.sessions <= lab.panel.calendar[-1 - one.horizon]).sum()


def test_forward_returns_and_groups(case) -> None:
    lab, horizon, clean = case
    returns = np.where(np.isfinite(lab.score), forward_returns(lab.panel, horizon), np.nan)
    np.testing.assert_allclose(as_table(lab, clean, column(clean)), returns, rtol=0, atol=1e-9)
    groups = np.nan_to_num(as_table(lab, clean, "factor_quantile")).astype(int)
    np.testing.assert_array_equal(one_of(lab, horizon).quantiles.groups, groups)


def test_information_coefficients(case) -> None:
    from alphalens.performance import factor_information_coefficient

    lab, horizon, clean = case
    theirs = on_dates(lab, factor_information_coefficient(clean)[column(clean)])
    ours = one_of(lab, horizon).ic
    # where returns differ by rounding alone, alphalens orders the noise and we call it a tie
    returns = as_table(lab, clean, column(clean))
    gaps = np.diff(np.sort(returns, axis=1), axis=1)
    noisy = np.flatnonzero(((gaps > 0) & (gaps < NOISE)).any(axis=1))
    assert len(noisy) <= NOISY_DATES_MAX
    for t in noisy:
        theirs[t] = spearmanr(lab.score[t], returns[t].round(12), nan_policy="omit").statistic
    assert np.isfinite(theirs).sum() > 500
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)
    assert one_of(lab, horizon).summary.mean == pytest.approx(np.nanmean(theirs), abs=1e-9)


def test_returns_by_quantile(case) -> None:
    from alphalens.performance import mean_return_by_quantile

    lab, horizon, clean = case
    name, ours = column(clean), one_of(lab, horizon).quantiles
    by_date = mean_return_by_quantile(clean, by_date=True, demeaned=False)[0]
    theirs = on_dates(lab, by_date[name].unstack(level="factor_quantile"))
    np.testing.assert_allclose(ours.by_date, theirs, rtol=0, atol=1e-9)
    overall = mean_return_by_quantile(clean, by_date=False, demeaned=False)[0]
    np.testing.assert_allclose(ours.mean, overall[name], rtol=0, atol=1e-9)
    # the plain difference: newer versions of alphalens halve theirs, older ones do not
    np.testing.assert_allclose(ours.spread, theirs[:, 4] - theirs[:, 0], rtol=0, atol=1e-9)


def test_turnover_and_autocorrelation(case) -> None:
    from alphalens.performance import factor_rank_autocorrelation, quantile_turnover

    lab, horizon, clean = case
    ours = one_of(lab, horizon)
    paired = np.where(np.isfinite(forward_returns(lab.panel, horizon)), lab.score, np.nan)
    for lag in sorted({1, horizon}):
        found = turnover(ours.quantiles.groups, lag)
        for q in range(1, 6):
            theirs = on_dates(lab, quantile_turnover(clean["factor_quantile"], q, lag))
            assert np.isfinite(theirs).sum() > 450
            np.testing.assert_allclose(found[:, q - 1], theirs, rtol=0, atol=1e-9)
        order = on_dates(lab, factor_rank_autocorrelation(clean, lag))
        np.testing.assert_allclose(rank_autocorrelation(paired, lag), order, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(ours.turnover, turnover(ours.quantiles.groups, horizon))
    np.testing.assert_array_equal(ours.rank_autocorrelation, rank_autocorrelation(paired, horizon))
