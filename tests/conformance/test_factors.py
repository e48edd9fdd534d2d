"""Every registered factor keeps the rules, and the checks find the ones that do not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from pacesetter.factors.base import Factor, factors, factors_of
from pacesetter.factors.windows import lag
from tests.conformance.check_factor import (
    check_company,
    check_factor,
    check_hostile,
    check_minimum,
    check_no_look_ahead,
    check_order,
    check_purity,
    check_window,
)
from tests.panels import random_panel

SAMPLES = 1000


@pytest.fixture
def panel(rng):
    base = random_panel(rng, symbols=10, days=420)
    return base.on(base.calendar[-60:])


@pytest.mark.parametrize("name", [one.name for one in factors_of("bars")])
def test_every_factor_conforms(name, panel, rng, monkeypatch) -> None:
    check_factor(factors.get(name), panel, rng, monkeypatch, samples=SAMPLES)


@pytest.mark.parametrize("name", ["relative_strength", "beta_252d"])
def test_with_the_equal_weighted_market_too(name, panel, rng) -> None:
    kept = [i for i, s in enumerate(panel.symbols) if s != "SPY"]
    alone = replace(panel.bars(np.isin(panel.owner, kept)), benchmark=None)
    check_window(factors.get(name), alone, 100, rng)
    check_no_look_ahead(factors.get(name), alone, rng)


def planted(function, **over) -> Factor:
    return replace(factors.get("return_5d"), name="planted", function=function, **over)


def test_a_factor_that_peeks_is_found(panel, rng) -> None:
    peek = planted(lambda p: np.append(p.close[1:], np.nan) / p.close)
    with pytest.raises(AssertionError, match=r"after the date|not there"):
        check_no_look_ahead(peek, panel, rng)


def test_a_running_sum_is_found(panel, rng) -> None:
    def running(p):
        total = np.cumsum(np.nan_to_num(p.growth, nan=1.0))
        return total - lag(p, total, 5)

    with pytest.raises(AssertionError, match="more than its window"):
        check_window(planted(running), panel, 300, rng)


def test_a_window_declared_too_short_is_found(panel, rng) -> None:
    short = replace(factors.get("volatility"), window=40, minimum=40)
    with pytest.raises(AssertionError, match="more than its window"):
        check_window(short, panel, 50, rng)


def test_a_factor_that_writes_into_its_input_is_found(panel) -> None:
    def spoil(p):
        p.close[0] += 1
        return p.close

    with pytest.raises(AssertionError, match=r"writes into|differently"):
        check_purity(planted(spoil), panel)


def test_a_factor_that_looks_at_its_neighbours_is_found(panel, rng) -> None:
    crowd = planted(lambda p: np.tile(np.nanmean(p.close[p.asof], 1)[:, None], p.n_symbols), per="session")
    with pytest.raises(AssertionError, match="other symbols"):
        check_company(crowd, panel)
    first = planted(lambda p: np.tile(np.arange(p.n_symbols, dtype=float), (p.n_sessions, 1)), per="session")
    with pytest.raises(AssertionError, match="symbol order"):
        check_order(first, panel, rng)


def test_a_minimum_that_is_not_enough_is_found(panel) -> None:
    with pytest.raises(AssertionError, match="needs more than"):
        check_minimum(replace(factors.get("volatility"), minimum=20), panel)


def test_a_factor_that_forgets_division_by_zero_is_masked(panel) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        check_hostile(planted(lambda p: p.close / (p.growth - 1.0)), panel)


def test_listing_factors_does_not_load_the_compiler() -> None:
    code = "import sys; from pacesetter.factors.base import factors; list(factors); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pacesetter.factors.momentum" in shown.stdout.split()
    assert "numba" not in shown.stdout.split()
