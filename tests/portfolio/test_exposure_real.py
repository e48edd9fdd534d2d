"""Exposures of real stocks and funds: against the references, and against what is known of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose, assert_array_equal

from pacesetter.market.panel import Panel
from pacesetter.portfolio.exposure import load_definitions, measure_exposures, session_returns
from pacesetter.ranking.frame import panel_from_frame
from tests.portfolio.regressions import reference
from tests.portfolio.test_exposure import check

DEFINITIONS = load_definitions()
PROXIES = sorted({proxy for one in DEFINITIONS for proxy in one.proxies})
WINDOWS = 200


class Lab(NamedTuple):
    """Session returns (T×S) of the S&P stocks and all funds, and of the proxies."""

    panel: Panel
    returns: np.ndarray
    proxies: dict[str, np.ndarray]


@pytest.fixture(scope="module")
def lab(shared_data) -> Lab:
    columns = ["symbol", "date", "open", "high", "low", "close", "volume"]
    stocks = pl.read_parquet(shared_data / "prices" / "us_sp500_2014_2025.parquet").select(columns)
    funds = pl.read_parquet(shared_data / "factors" / "us_etfs_2014_2026.parquet")
    funds = funds.with_columns(close=pl.col("adj_close")).select(columns)
    bars = pl.concat([stocks, funds.join(stocks.select("symbol").unique(), on="symbol", how="anti")])
    bars = bars.filter(pl.col("close").is_finite() & (pl.col("close") > 0), pl.col("symbol") != "_IRX")
    panel = panel_from_frame(bars, on="all")
    returns = session_returns(panel, panel.calendar)
    return Lab(panel, returns, {name: returns[:, panel.symbols.index(name)] for name in PROXIES})


def beta_of(lab: Lab, symbol: str, factor: str, sessions: int = 252) -> np.ndarray:
    """A symbol's exposure on each of the last sessions."""
    found = measure_exposures(
        [one for one in DEFINITIONS if one.name == factor],
        lab.returns[:, [lab.panel.symbols.index(symbol)]],
        lab.proxies,
        np.arange(len(lab.returns) - sessions, len(lab.returns)),
    )
    return found[factor].beta[:, 0]


@pytest.mark.parametrize("holes", [0.0, 0.1, 0.35])
def test_random_windows_against_the_references(lab, rng, holes) -> None:
    compared = 0
    for _ in range(WINDOWS):
        end, s = int(rng.integers(130, len(lab.returns))), int(rng.integers(lab.returns.shape[1]))
        y = lab.returns[:, s].copy()
        y[rng.random(len(y)) < holes] = np.nan
        found = measure_exposures(DEFINITIONS, y[:, None], lab.proxies, np.array([end]))
        compared += check(found, 0, 0, reference(DEFINITIONS, y, lab.proxies, end))
    assert compared > WINDOWS * 6
    print(f"{compared} exposures in {WINDOWS} windows agree")


def test_the_whole_universe_is_its_symbols_one_by_one(lab, rng) -> None:
    ends = np.array([700, 2000, len(lab.returns) - 300])
    whole = measure_exposures(DEFINITIONS, lab.returns, lab.proxies, ends)
    for s in rng.choice(lab.returns.shape[1], 25, replace=False):
        alone = measure_exposures(DEFINITIONS, lab.returns[:, [s]], lab.proxies, ends[1:2])
        for name, one in whole.items():
            for field in ("beta", "standard_error", "r_squared", "vif", "n", "reason"):
                assert_array_equal(getattr(one, field)[1, s], getattr(alone[name], field)[0, 0])


def test_spy_is_the_market(lab) -> None:
    spy = [lab.panel.symbols.index("SPY")]
    ends = np.array([70, 1000, len(lab.returns) - 1])
    one = measure_exposures(DEFINITIONS, lab.returns[:, spy], lab.proxies, ends)["market_beta"]
    assert (one.beta == 1.0).all() and (one.r_squared == 1.0).all() and (one.standard_error == 0.0).all()


def test_funds_are_what_they_say(lab) -> None:
    years = len(lab.returns) - 200
    momentum = beta_of(lab, "MTUM", "momentum_spread", years)
    assert abs(np.median(momentum) - 1.0) < 0.35  # at times the market leans on the spread, too
    # MTUM is SPY and the spread: what SPY has of the spread taken off, exactly 1 is left
    assert_allclose(momentum - beta_of(lab, "SPY", "momentum_spread", years), 1.0, rtol=1e-12)
    calm = beta_of(lab, "USMV", "market_beta", years)
    assert (calm < 1.0).all() and np.median(calm) < 0.8
    # a proxy among all six: n/(n + λ) of itself
    for symbol, style in (("MTUM", "momentum"), ("USMV", "low_volatility"), ("IWM", "size")):
        assert_allclose(beta_of(lab, symbol, style), 63 / 64, rtol=1e-9)
    assert (beta_of(lab, "TLT", "rate_beta") == 1.0).all()
    assert np.median(beta_of(lab, "IEF", "rate_beta")) < 0.6  # half as long
    assert np.median(beta_of(lab, "QQQ", "growth")) > np.median(beta_of(lab, "QQQ", "value"))


def test_fama_french_factors_on_funds_equal_statsmodels(lab, shared_data) -> None:
    """Each French factor as a proxy: the fund's return over cash on it, by one window of 63 sessions."""
    french = pl.read_parquet(shared_data / "factors" / "ff5_mom_daily_1963_2026.parquet")
    days = french["date"].to_physical().to_numpy()
    sessions = lab.panel.calendar
    at = np.minimum(np.searchsorted(days, sessions), len(days) - 1)
    known = days[at] == sessions
    series = {
        name: np.where(known, french[name].to_numpy()[at] / 100.0, np.nan)
        for name in ("mkt_rf", "smb", "hml", "rmw", "cma", "mom")
    }
    cash = np.where(known, french["rf"].to_numpy()[at] / 100.0, np.nan)
    funds = ["SPY", "IWM", "VTV", "VUG", "MTUM", "QUAL", "USMV", "XLF", "XLE", "QQQ"]
    excess = lab.returns[:, [lab.panel.symbols.index(name) for name in funds]] - cash[:, None]
    ends = np.flatnonzero(known)[[200, 900, 1800, -1]]
    market = DEFINITIONS[0]
    compared = 0
    for name, x in series.items():
        one = measure_exposures([market], excess, {"SPY": x}, ends)["market_beta"]
        for d, end in enumerate(ends):
            for s in range(len(funds)):
                part = slice(end - market.window + 1, end + 1)
                whole = np.isfinite(x[part]) & np.isfinite(excess[part, s])
                fit = sm.OLS(excess[part, s][whole], sm.add_constant(x[part][whole])).fit()
                got = one.beta[d, s], one.standard_error[d, s], one.r_squared[d, s]
                wanted = fit.params[1], fit.bse[1], fit.rsquared
                assert_allclose(got, wanted, rtol=1e-9, atol=1e-9, err_msg=f"{name} {funds[s]}")
                compared += 1
        if name == "mkt_rf":
            assert (np.abs(one.beta[:, 0] - 1.0) < 0.1).all()  # SPY is nearly all of the market
        if name == "smb":
            assert (one.beta[:, 1] > one.beta[:, 0]).all()  # small companies lean on small minus big
    assert compared == 240
