"""Every registered factor keeps the rules, and the checks find the ones that do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pacesetter.factors.base import Factor, factors
from pacesetter.factors.windows import lag
from tests.conformance.check_factor import check_factor, check_no_look_ahead, check_purity, check_window
from tests.panels import random_panel

SAMPLES = 1000


@pytest.fixture
def panel(rng):
    base = random_panel(rng, symbols=10, days=420)
    return base.on(base.calendar[-60:])


@pytest.mark.parametrize("name", factors.names())
def test_every_factor_conforms(name, panel, rng) -> None:
    check_factor(factors.get(name), panel, rng, samples=SAMPLES)


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
