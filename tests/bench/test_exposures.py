"""Exposures of 5,000 symbols to twelve factors, against scikit-learn and statsmodels in the same run."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from dataclasses import replace
from importlib.metadata import version
from time import process_time

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler
from statsmodels.regression.rolling import RollingOLS

from pacesetter.portfolio.aggregate import aggregate_exposures, aggregate_portfolios
from pacesetter.portfolio.daily_metrics import measure_daily_metrics
from pacesetter.portfolio.exposure import Exposures, load_definitions, measure_exposures, session_returns
from pacesetter.portfolio.stress import (
    STRESSED,
    load_scenarios,
    prepare_stress,
    stress_portfolio,
    stress_portfolios,
    stress_symbols,
)
from tests.bench.stopwatch import best_of, report
from tests.bench.synthetic import synthetic_panel

pytestmark = pytest.mark.bench
SYMBOLS, DAYS, DATES = 5_000, 400, 250
SUBSET = (
    20  # symbols that statsmodels is asked for; its time is scaled, a symbol costs what the next one does
)
DEFINITIONS = load_definitions()
PROXIES = ("SPY", "TLT", "VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")
STYLES = ("VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")


@pytest.fixture(scope="module")
def market() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(1)
    common = rng.normal(0.0004, 0.01, DAYS)
    proxies = {name: common + rng.normal(0, 0.004, DAYS) for name in PROXIES}
    y = common[:, None] * rng.normal(1, 0.4, SYMBOLS) + rng.normal(0, 0.02, (DAYS, SYMBOLS))
    return y, proxies


def megabytes(found: dict[str, Exposures]) -> float:
    """Of the answer, what is shared between factors once."""
    arrays = {
        id(a): a.nbytes
        for one in found.values()
        for a in (one.beta, one.standard_error, one.r_squared, one.n, one.reason)
    }
    return sum(arrays.values()) / 2**20


def test_one_date_against_scikit_learn(market) -> None:
    y, proxies = market
    end = np.array([DAYS - 1])
    styles = np.column_stack([proxies[name] for name in STYLES])[-63:]

    def loop() -> np.ndarray:
        """The six joint betas alone, one symbol after another."""
        beta = np.empty((SYMBOLS, 6))
        for s in range(SYMBOLS):
            scaler = StandardScaler().fit(styles)
            fit = Ridge(alpha=1.0).fit(scaler.transform(styles), y[-63:, s])
            beta[s] = fit.coef_ / scaler.scale_
        return beta

    found = measure_exposures(DEFINITIONS, y, proxies, end)  # compiles
    mine = np.column_stack([one.beta[0] for one in found.values()])[:, 2:8]
    np.testing.assert_allclose(mine, loop(), rtol=1e-9, atol=1e-9)
    ours = best_of(20, lambda: measure_exposures(DEFINITIONS, y, proxies, end))
    theirs = best_of(2, loop)
    peer = f"scikit-learn {version('scikit-learn')}, 6 ridge betas"
    report(f"{SYMBOLS} symbols × 12 factors, one date", ours, theirs, peer, "≥ 500")
    worked = process_time()
    for _ in range(10):
        measure_exposures(DEFINITIONS, y, proxies, end)
    print(f"  {100 * (process_time() - worked):.1f} ms of processor time a date")
    holes = np.where(np.random.default_rng(2).random(y.shape) < 0.05, np.nan, y)
    took = best_of(5, lambda: measure_exposures(DEFINITIONS, holes, proxies, end))
    report("the same, each symbol with holes of its own", took, theirs, peer, "≥ 50")


def test_rolling_dates_against_statsmodels(market) -> None:
    y, proxies = market
    ends = np.arange(DAYS - DATES, DAYS)
    gc.collect()
    tracemalloc.start()
    found = measure_exposures(DEFINITIONS, y, proxies, ends)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    ours = best_of(2, lambda: measure_exposures(DEFINITIONS, y, proxies, ends))
    styles = pd.DataFrame({"const": 1.0} | {name: proxies[name] for name in STYLES})

    def roll() -> list[pd.DataFrame]:
        """All six styles jointly, no penalty; each of the six other factors alone. With errors and r²."""
        made = []
        for s in range(SUBSET):
            for one in DEFINITIONS:
                if one.kind == "ridge" and one.name != "value":
                    continue
                if one.kind == "ridge":
                    x = styles
                else:
                    own = proxies[one.proxy] - (0.0 if one.minus is None else proxies[one.minus])
                    x = pd.DataFrame({"const": 1.0, "x": own})
                first = DAYS - DATES - one.window + 1
                target = pd.Series(y[first:, s])
                fit = RollingOLS(target, x.iloc[first:].reset_index(drop=True), window=one.window).fit()
                made.append((one.name, s, fit.params.iloc[-DATES:], fit.bse, fit.rsquared))
        return made

    for name, s, params, *_ in roll():
        if name != "value":
            mine = found[name].beta[:, s]
            np.testing.assert_allclose(mine, params["x"].to_numpy(), rtol=1e-7, atol=1e-9, err_msg=name)
    theirs = best_of(2, roll) * SYMBOLS / SUBSET
    peer = f"RollingOLS {version('statsmodels')}, {SUBSET} symbols, scaled"
    report(f"{SYMBOLS} symbols × 12 factors × {DATES} dates", ours, theirs, peer, "≥ 100")
    print(f"  peak {peak:.0f} MiB, of which the answer is about {megabytes(found):.0f} MiB")


def test_returns_and_daily_metrics() -> None:
    whole = synthetic_panel(SYMBOLS, 504)
    panel = replace(whole, sessions=whole.calendar[-1:])
    sessions = panel.calendar[-127:]
    print(
        f"returns of 127 sessions × {SYMBOLS}: {best_of(3, lambda: session_returns(panel, sessions)):.3f} s"
    )
    measure_daily_metrics(panel)  # compiles
    took = best_of(3, lambda: measure_daily_metrics(panel).quality.notes())
    print(f"daily metrics of {SYMBOLS} symbols:    {took:.3f} s")


def test_fifty_positions() -> None:
    rng = np.random.default_rng(1)
    weights, beta, error = rng.normal(size=50), rng.normal(size=(50, 12)), rng.random((50, 12))
    took = best_of(200, lambda: aggregate_exposures(weights, beta, error))
    print(f"aggregate of 50 positions × 12 factors: {1000 * took:.3f} ms   target ≤ 5 ms")
    returns = {name: rng.normal(0, 0.01, 252) for name in STRESSED}
    scenarios = load_scenarios()
    ready = prepare_stress(scenarios, returns)
    once = best_of(5, lambda: prepare_stress(scenarios, returns))
    took = best_of(20, lambda: stress_portfolio(ready, weights, beta[:, :8]))
    print(f"stress: prepared in {1000 * once:.1f} ms, 19 scenarios on 50 positions {1000 * took:.2f} ms")
    betas, starts = rng.normal(size=(SYMBOLS, 12)), np.arange(10_000) * 20
    rows, signed = rng.integers(0, SYMBOLS, 200_000), rng.normal(size=200_000)
    every = best_of(3, lambda: aggregate_portfolios(starts, rows, signed, betas, np.abs(betas)))
    symbols = stress_symbols(ready, betas[:, :8])
    stress = best_of(3, lambda: stress_portfolios(starts, rows, signed, symbols))
    print(f"10,000 portfolios of 20: exposures {every:.2f} s, 19 scenarios {stress:.2f} s")
    sys.stdout.flush()
