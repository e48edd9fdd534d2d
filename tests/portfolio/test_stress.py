"""Stress: by hand, against the joint conditional mean by another route, and nothing counted twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from pacesetter.kernel.errors import InputError
from pacesetter.portfolio.exposure import load_definitions, measure_exposures
from pacesetter.portfolio.stress import (
    MIN_SESSIONS,
    SESSIONS,
    STRESSED,
    load_scenarios,
    prepare_stress,
    stress_portfolio,
    stress_portfolios,
    stress_symbols,
)
from pacesetter.portfolio.stress_scenario import STYLES, parse_scenarios

SCENARIOS = load_scenarios()
NAMED = {one.name: one for one in SCENARIOS}
HEAD = """
[rates]
effective_duration = 16
[[scenario]]
name = "x"
label = "X"
category = "c"
severity = "s"
about = "a"
"""


@pytest.fixture
def factor_returns(rng) -> dict[str, np.ndarray]:
    """Returns of eight proxies that move together, a few of them missing."""
    common = rng.normal(0.0003, 0.01, 300)
    drawn = {name: common * rng.uniform(0.6, 1.3) + rng.normal(0, 0.004, 300) for name in STRESSED}
    drawn["rate_beta"] = -0.3 * common + rng.normal(0, 0.008, 300)
    drawn["quality"][[150, 200]] = np.nan
    return drawn


def complete(factor_returns) -> np.ndarray:
    recent = np.column_stack([factor_returns[name] for name in STRESSED])[-SESSIONS:]
    return recent[np.isfinite(recent).all(axis=1)]


def test_the_nineteen() -> None:
    assert len(SCENARIOS) == len(NAMED) == 19
    market = [one.shocks["market_beta"] for one in SCENARIOS if one.category == "market"]
    assert sorted(market) == [-0.35, -0.10, -0.05, 0.05, 0.10, 0.25]
    rates = [one.rate_bp for one in SCENARIOS if one.category == "rates"]
    assert sorted(rates) == [-100, -50, -25, 25, 50, 100, 300]
    for one in SCENARIOS:
        assert set(one.shocks) <= set(STRESSED) and one.label and one.about
        if one.rate_bp is not None:
            assert one.shocks == {"rate_beta": pytest.approx(-16.0 * one.rate_bp / 10_000)}
    assert sum(one.category == "rotation" for one in SCENARIOS) == 4
    assert {"volatility_spike", "liquidity_crisis"} < set(NAMED)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("market = 0.1\nrate_bp = 25", "at once"),
        ("market = 0.1\n[scenario.styles]\nluck = 0.1", "luck"),
        ("", "nothing"),
    ],
)
def test_a_scenario_that_cannot_be_calculated_is_named(body, says) -> None:
    with pytest.raises(InputError, match=says):
        parse_scenarios(HEAD + body)


def test_direct_by_hand(factor_returns) -> None:
    """60 % at beta 1.2 and −30 % at 0.5 lose 0.57 × 10 %; in quality 12 % of 0.4 and −0.2 is added."""
    betas = np.full((3, 8), np.nan)
    betas[0], betas[1] = 0.0, 0.0
    betas[:2, 0], betas[:2, STRESSED.index("quality")] = [1.2, 0.5], [0.4, -0.2]
    weights = np.array([0.6, -0.3, 0.1])
    prepared = prepare_stress(SCENARIOS, factor_returns)
    told = {one.scenario.name: one for one in stress_portfolio(prepared, weights, betas)}
    fall = told["market_down_10"]
    assert fall.direct == pytest.approx(-0.1 * 0.57)
    assert_allclose(fall.direct_holdings, [-0.072, 0.015, np.nan])
    assert fall.direct_factors == {"market_beta": pytest.approx(-0.057)}
    assert fall.coverage == pytest.approx(0.9)
    mixed = told["quality_rotation"]
    assert mixed.direct == pytest.approx(-0.05 * 0.57 + 0.12 * (0.6 * 0.4 + 0.3 * 0.2))
    assert mixed.direct_factors == {"market_beta": pytest.approx(-0.0285), "quality": pytest.approx(0.036)}


def test_correlated_by_hand() -> None:
    """Value moves twice as far as the market and growth half as far, exactly, and growth has beta 1.

    The market falls 10 %: growth's fund falls 5 % and takes 1 × −5 %; of the market beta 1.5 the style
    holds 0.5, so 1.0 is left: −10 %. Together 1.5 × −10 %, as without the split.
    """
    walk = np.tile([0.01, -0.01, 0.02, -0.02], 63)
    apart = np.tile([0.01, 0.01, -0.01, -0.01], 63)  # has nothing in common with the market
    returns = {name: apart * 0.0 for name in STRESSED}
    returns |= {"market_beta": walk, "value": 2 * walk, "growth": 0.5 * walk}
    betas = np.zeros((1, 8))
    betas[0, 0], betas[0, STRESSED.index("growth")] = 1.5, 1.0
    prepared = prepare_stress([NAMED["market_down_10"]], returns)
    (found,) = stress_portfolio(prepared, np.ones(1), betas)
    assert found.moves["value"] == pytest.approx(-0.2) and found.moves["growth"] == pytest.approx(-0.05)
    assert found.correlated_factors["growth"] == pytest.approx(-0.05)
    assert found.correlated_factors["market_beta"] == pytest.approx(-0.10)
    assert found.correlated == pytest.approx(-0.15) == pytest.approx(found.direct)


def test_moves_are_the_joint_conditional_mean(factor_returns) -> None:
    """By regressions in statsmodels: of each factor on all shocked ones, in the moves they make whole."""
    prepared = prepare_stress(SCENARIOS, factor_returns)
    recent = complete(factor_returns)
    assert prepared.sessions == len(recent) == SESSIONS - 2
    for c, one in enumerate(SCENARIOS):
        shocked = [STRESSED.index(name) for name in one.shocks]
        whole = np.array(list(one.shocks.values()))
        if one.base is not None:  # a style's shock is beyond the base: its whole move is known from that
            base = STRESSED.index(one.base)
            for i, f in enumerate(shocked):
                if f != base:
                    slope = sm.OLS(recent[:, f], sm.add_constant(recent[:, base])).fit().params[1]
                    whole[i] += slope * one.shocks[one.base]
        for f in range(len(STRESSED)):
            if f in shocked:
                wanted = whole[shocked.index(f)]
            else:
                fit = sm.OLS(recent[:, f], sm.add_constant(recent[:, shocked])).fit()
                wanted = fit.params[1:] @ whole
            assert_allclose(prepared.moves[c, f], wanted, rtol=1e-9, atol=1e-12, err_msg=one.name)


def test_nothing_counts_twice(factor_returns, rng) -> None:
    """A symbol made of style funds: what the market does to it arrives once, and in full.

    With exact joint betas (no penalty), and the symbol's market beta from the same sessions, the correlated
    return is the symbol's own conditional mean, the funds' moves added up.
    """
    recent = complete(factor_returns)
    style = [STRESSED.index(name) for name in STYLES]
    mix = rng.normal(0.3, 0.5, (7, 6))
    own = recent[:, style] @ mix.T
    betas = np.zeros((7, 8))
    betas[:, style] = mix
    for b in (0, 1):
        line = sm.add_constant(recent[:, b])
        betas[:, b] = [sm.OLS(own[:, s], line).fit().params[1] for s in range(7)]
    prepared = prepare_stress(SCENARIOS, factor_returns)
    found = stress_symbols(prepared, betas)
    for c, one in enumerate(SCENARIOS):
        assert_allclose(found.correlated[:, c], mix @ prepared.moves[c, style], rtol=1e-9, atol=1e-12)
        if one.category in ("market", "rates"):  # a base alone: direct says the same
            assert_allclose(found.direct[:, c], found.correlated[:, c], rtol=1e-9, atol=1e-12)
    rotation = SCENARIOS.index(NAMED["value_rotation"])
    assert np.abs(found.direct[:, rotation] - found.correlated[:, rotation]).max() > 1e-3


def test_a_base_alone_is_the_same_in_both_for_any_betas(factor_returns, rng) -> None:
    prepared = prepare_stress(SCENARIOS, factor_returns)
    found = stress_symbols(prepared, rng.normal(size=(20, 8)))
    bases = [c for c, one in enumerate(SCENARIOS) if one.category in ("market", "rates")]
    assert len(bases) == 13
    assert_allclose(found.direct[:, bases], found.correlated[:, bases], rtol=1e-9, atol=1e-12)


def test_parts_add_up_and_many_portfolios_are_each_one_alone(factor_returns, rng) -> None:
    prepared = prepare_stress(SCENARIOS, factor_returns)
    betas = rng.normal(size=(30, 8))
    betas[rng.random(30) < 0.2] = np.nan
    betas[3, 0], betas[4, 5] = np.nan, np.nan
    sizes = np.array([12, 0, 5, 30])
    starts = np.array([0, 12, 12, 17])
    rows, weights = rng.integers(0, 30, 47), rng.normal(size=47)
    many = stress_portfolios(starts, rows, weights, stress_symbols(prepared, betas))
    for p, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        own = slice(start, start + size)
        for c, one in enumerate(stress_portfolio(prepared, weights[own], betas[rows[own]])):
            for total, holdings, factors in (
                (one.direct, one.direct_holdings, one.direct_factors),
                (one.correlated, one.correlated_holdings, one.correlated_factors),
            ):
                assert_allclose(total, np.nansum(holdings), atol=1e-12)
                assert_allclose(total, sum(factors.values()), atol=1e-12)
            assert_allclose(
                (one.direct, one.correlated, one.coverage),
                (many.direct[p, c], many.correlated[p, c], many.coverage[p, c]),
                atol=1e-12,
            )


def test_too_few_sessions_leave_direct_alone(factor_returns) -> None:
    short = {name: x[-MIN_SESSIONS + 1 :] for name, x in factor_returns.items()}
    prepared = prepare_stress(SCENARIOS, short)
    assert not prepared.has_correlated
    for one in stress_portfolio(prepared, np.ones(1), np.ones((1, 8))):
        assert np.isfinite(one.direct) and np.isnan(one.correlated)
        assert one.correlated_factors == {} and one.moves == {}


def test_older_sessions_and_later_betas_do_not_matter(factor_returns) -> None:
    longer = {name: np.concatenate([np.full(50, 9.0), x[-SESSIONS:]]) for name, x in factor_returns.items()}
    one, other = prepare_stress(SCENARIOS, factor_returns), prepare_stress(SCENARIOS, longer)
    np.testing.assert_array_equal(one.moves, other.moves)


def test_two_shocks_that_say_the_same_are_shared_out(factor_returns) -> None:
    """Two styles with one and the same fund: the rest follows the fund, not a division by nothing."""
    factor_returns["growth"] = factor_returns["value"]
    same = replace(NAMED["value_rotation"], shocks={"value": 0.1, "growth": 0.1})
    alone = replace(NAMED["value_rotation"], shocks={"value": 0.1})
    a, b = prepare_stress([same], factor_returns), prepare_stress([alone], factor_returns)
    assert_allclose(a.moves, b.moves, rtol=1e-9)


def test_real_funds(shared_data) -> None:
    """A fund of stocks falls with the market by its beta, one of bonds falls when yields rise."""
    bars = pl.read_parquet(shared_data / "factors" / "us_etfs_2014_2026.parquet")
    wide = bars.pivot(on="symbol", index="date", values="adj_close").sort("date")
    definitions = [one for one in load_definitions() if one.name in STRESSED]
    funds = ["SPY", "TLT", "IWM", "USMV", "XLF"]
    change = {
        name: wide[name].pct_change().to_numpy() for name in {*funds, *(one.proxy for one in definitions)}
    }
    returns = np.column_stack([change[name] for name in funds])
    found = measure_exposures(definitions, returns, change, np.array([len(returns) - 1]))
    betas = np.column_stack([found[name].beta[0] for name in STRESSED])
    prepared = prepare_stress(SCENARIOS, {one.name: change[one.proxy] for one in definitions})
    told = stress_symbols(prepared, betas)
    crash = SCENARIOS.index(NAMED["market_down_35"])
    rise = SCENARIOS.index(NAMED["rates_up_100"])
    assert told.direct[0, crash] == pytest.approx(-0.35, rel=1e-12)
    assert told.direct[1, rise] == pytest.approx(-0.16, rel=1e-12)
    assert told.direct[2, crash] < told.direct[0, crash] < told.direct[3, crash]
    assert np.isfinite(told.correlated).all() and (np.abs(told.correlated) < 1.0).all()
