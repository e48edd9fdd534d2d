"""Exposures against scikit-learn and statsmodels, bit for bit in any block, and what has no figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from pacesetter.portfolio.exposure import (
    REASONS,
    Exposures,
    load_definitions,
    measure_exposures,
    session_returns,
)
from tests.panels import random_panel
from tests.portfolio.regressions import FIELDS, reference

DEFINITIONS = load_definitions()
PROXIES = ("SPY", "TLT", "VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")
T, S = 200, 300
ENDS = np.array([20, 65, 150, T - 1])
TOLERANCE = 1e-9


def market(rng: np.random.Generator, symbols: int = S) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Returns with holes of several kinds, and proxies that move together as such funds do."""
    common = rng.normal(0.0004, 0.01, T)
    proxies = {name: common * rng.uniform(0.7, 1.3) + rng.normal(0, 0.004, T) for name in PROXIES}
    proxies["TLT"] = -0.2 * common + rng.normal(0, 0.008, T)
    proxies["QUAL"][[70, 120]] = np.nan
    y = common[:, None] * rng.normal(1, 0.4, symbols) + rng.normal(0, 0.02, (T, symbols))
    third, half, most = symbols // 3, symbols // 2, 2 * symbols // 3
    y[:, third:half][rng.random((T, half - third)) < 0.1] = np.nan
    y[np.ix_(rng.choice(T, 9, replace=False), range(half, most))] = np.nan  # the same holidays
    for s in range(most, 5 * symbols // 6):
        y[: rng.integers(0, T), s] = np.nan  # young
    return y, proxies


def check(found: dict[str, Exposures], d: int, s: int, expected: dict[str, Any]) -> int:
    """Compare one symbol on one date; how many exposures were compared."""
    compared = 0
    for name, row in expected.items():
        one = found[name]
        if row is None:
            assert one.reason[d, s] in (1, 2) and np.isnan(one.beta[d, s]), name
            continue
        assert one.reason[d, s] == 0, name
        for field, wanted in zip(FIELDS, row, strict=True):
            got = getattr(one, field)[d, s]
            where = (name, field, d, s)
            assert np.isclose(got, wanted, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True), where
        compared += 1
    return compared


def equal(a: Exposures, b: Exposures) -> None:
    for field in (*FIELDS, "reason"):
        assert_array_equal(getattr(a, field), getattr(b, field), field)


def test_twelve_factors_against_the_references(rng) -> None:
    y, proxies = market(rng)
    found = measure_exposures(DEFINITIONS, y, proxies, ENDS)
    compared = sum(
        check(found, d, s, reference(DEFINITIONS, y[:, s], proxies, int(end)))
        for s in range(0, S, 5)
        for d, end in enumerate(ENDS)
    )
    assert compared > 1500


def test_a_symbol_is_the_same_alone_and_in_any_company(rng) -> None:
    y, proxies = market(rng)
    whole = measure_exposures(DEFINITIONS, y, proxies, ENDS, threads=1)
    shuffled = rng.permutation(S)
    other = measure_exposures(DEFINITIONS, y[:, shuffled], proxies, ENDS, threads=3)
    twice = measure_exposures(DEFINITIONS, np.tile(y, 5), proxies, ENDS, threads=2)  # over several parts
    for name, one in whole.items():
        for field in (*FIELDS, "reason"):
            assert_array_equal(getattr(one, field)[:, shuffled], getattr(other[name], field))
            assert_array_equal(np.tile(getattr(one, field), 5), getattr(twice[name], field))
    for s in rng.choice(S, 40, replace=False):
        alone = measure_exposures(DEFINITIONS, y[:, [s]], proxies, ENDS[[2]])
        for name, one in whole.items():
            for field in (*FIELDS, "reason"):
                assert_array_equal(getattr(one, field)[2, s], getattr(alone[name], field)[0, 0])


def test_a_subset_of_the_factors_gives_the_same(rng) -> None:
    y, proxies = market(rng, 60)
    whole = measure_exposures(DEFINITIONS, y, proxies, ENDS)
    for kind in ("market", "rate", "ridge", "spread"):
        part = measure_exposures([one for one in DEFINITIONS if one.kind == kind], y, proxies, ENDS)
        for name, one in part.items():
            equal(one, whole[name])


def test_what_follows_a_date_changes_nothing(rng) -> None:
    y, proxies = market(rng, 80)
    later = y.copy(), {name: x.copy() for name, x in proxies.items()}
    end = 150
    later[0][end + 1 :] = rng.normal(0, 1, later[0][end + 1 :].shape)
    for x in later[1].values():
        x[end + 1 :] = rng.normal(0, 1, T - end - 1)
    asked = np.array([end])
    before, after, cut = (
        measure_exposures(DEFINITIONS, y, proxies, asked),
        measure_exposures(DEFINITIONS, *later, asked),
        measure_exposures(
            DEFINITIONS, y[: end + 1], {name: x[: end + 1] for name, x in proxies.items()}, asked
        ),
    )
    for name, one in before.items():
        equal(one, after[name])
        equal(one, cut[name])
    changed = y.copy()
    changed[end] += 0.01 * rng.normal(size=80)
    assert not np.array_equal(
        measure_exposures(DEFINITIONS, changed, proxies, asked)["market_beta"].beta,
        before["market_beta"].beta,
        equal_nan=True,
    )


def test_a_proxy_on_itself_is_exactly_one(rng) -> None:
    _, proxies = market(rng)
    y = np.column_stack([proxies["SPY"], proxies["TLT"], proxies["VUG"] - proxies["VTV"]])
    y[[180, 190]] = np.nan  # with holes the same
    for returns in (y, np.column_stack([proxies["SPY"], proxies["TLT"], proxies["VUG"] - proxies["VTV"]])):
        found = measure_exposures(DEFINITIONS, returns, proxies, np.array([T - 1]))
        for s, name in enumerate(("market_beta", "rate_beta", "growth_value_spread")):
            one = found[name]
            assert (one.beta[0, s], one.standard_error[0, s], one.r_squared[0, s]) == (1.0, 0.0, 1.0)


def test_by_hand() -> None:
    """x = 1, 2, 3, 4, 5 %, y = 2, 4, 5, 4, 5 %: slope 0.6, r² 0.6, error √(2.4/3/10)."""
    spy = replace(DEFINITIONS[0], window=5, min_observations=5)
    y = np.array([9.0, 2.0, 4.0, 5.0, 4.0, 5.0])[:, None] / 100
    x = np.array([7.0, 1.0, 2.0, 3.0, 4.0, 5.0]) / 100
    one = measure_exposures([spy], y, {"SPY": x}, np.array([5]))["market_beta"]
    assert one.beta[0, 0] == pytest.approx(0.6, rel=1e-14)
    assert one.standard_error[0, 0] == pytest.approx(np.sqrt(0.08), rel=1e-14)
    assert one.r_squared[0, 0] == pytest.approx(0.6, rel=1e-14)
    assert one.n[0, 0] == 5 and one.full[0, 0] and np.isnan(one.vif[0, 0])


def test_ridge_by_hand() -> None:
    """One column: x standardised of 1 … 5 has Σz² = 5, Σzy = 6/√2, so w = 6/√2/(5 + 1), beta w/√2 = 0.5."""
    value = replace(next(one for one in DEFINITIONS if one.name == "value"), window=5, min_observations=5)
    y = np.array([2.0, 4.0, 5.0, 4.0, 5.0])[:, None]
    one = measure_exposures([value], y, {"VTV": np.arange(1.0, 6.0)}, np.array([4]))["value"]
    assert one.beta[0, 0] == pytest.approx(0.5, rel=1e-14)
    # residuals y − 4 − 0.5·(x − 3) = −1, .5, 1, −.5, 0: RSS 2.5, of 6; dof 5 − 1 − 5/6; SE √(s²·5/36)/√2
    assert one.r_squared[0, 0] == pytest.approx(1 - 2.5 / 6, rel=1e-14)
    s2 = 2.5 / (4 - 5 / 6)
    assert one.standard_error[0, 0] == pytest.approx(np.sqrt(s2 * 5 / 36 / 2), rel=1e-14)
    assert one.vif[0, 0] == pytest.approx(1.0, rel=1e-14)


def test_what_has_no_figures_says_why(rng) -> None:
    y, proxies = market(rng, 5)
    y[:] = rng.normal(0, 0.01, y.shape)
    y[:, 0] = np.nan
    y[: T - 29, 1] = np.nan
    y[: T - 30, 2] = np.nan
    y[:, 3] = 0.0  # a halted symbol: no slope, and nothing to explain
    del proxies["TLT"]
    proxies["VTV"] = np.full(T, 0.0003)
    found = measure_exposures(DEFINITIONS, y, proxies, np.array([T - 1]))
    told = {name: [REASONS[code] for code in one.reason[0]] for name, one in found.items()}
    assert told["market_beta"] == ["no_bars", "too_few_observations", "", "", ""]
    assert told["rate_beta"] == ["no_proxy"] * 5
    assert told["growth"] == ["no_bars", "too_few_observations", *["degenerate"] * 3]
    assert told["size_spread"] == ["no_bars", *["too_few_observations"] * 2, "", ""]
    beta = found["market_beta"]
    assert list(beta.n[0]) == [0, 29, 30, 63, 63] and list(beta.full[0]) == [False] * 3 + [True] * 2
    assert np.isnan(beta.beta[0, :2]).all() and np.isnan(beta.standard_error[0, :2]).all()
    assert beta.beta[0, 3] == 0.0 and np.isnan(beta.r_squared[0, 3])


def test_a_proxy_still_in_the_counted_sessions_alone_is_degenerate(rng) -> None:
    y, proxies = market(rng, 2)
    y[:] = rng.normal(0, 0.01, y.shape)
    proxies["TLT"][-40:] = 0.001
    y[: T - 35, 1] = np.nan
    one = measure_exposures(DEFINITIONS, y, proxies, np.array([T - 1]))["rate_beta"]
    assert [REASONS[code] for code in one.reason[0]] == ["", "degenerate"]


def test_proxies_that_say_the_same_have_no_inflation_figure(rng) -> None:
    y, proxies = market(rng, 4)
    y[:] = rng.normal(0, 0.01, y.shape)
    proxies["VUG"] = 2.0 * proxies["VTV"]
    found = measure_exposures(DEFINITIONS, y, proxies, np.array([T - 1]))
    assert np.isfinite(found["growth"].beta[0]).all() and np.isnan(found["growth"].vif[0]).all()


def test_a_row_outside_is_refused(rng) -> None:
    y, proxies = market(rng, 2)
    with pytest.raises(IndexError):
        measure_exposures(DEFINITIONS, y, proxies, np.array([T]))


def test_session_returns_join_neither_holes_nor_symbols(rng) -> None:
    panel = random_panel(rng, symbols=9, holes=0.2)
    sessions = panel.calendar[100:260]
    found = session_returns(panel, sessions)
    for s in range(panel.n_symbols):
        rows = slice(panel.offsets[s], panel.offsets[s + 1])
        close = dict(zip(panel.date[rows].tolist(), panel.close[rows].tolist(), strict=True))
        days = sessions.tolist()
        expected = [np.nan] + [
            close[day] / close[before] - 1 if day in close and before in close else np.nan
            for before, day in pairwise(days)
        ]
        np.testing.assert_allclose(found[:, s], expected, rtol=1e-12, atol=1e-15)
    assert np.isnan(found).sum() > 300 and np.isfinite(found).sum() > 300


def test_bars_between_two_sessions_are_part_of_the_return(rng) -> None:
    """An exchange that opens on days when the calendar's own is shut."""
    panel = random_panel(rng, symbols=3, holes=0.0)
    shut = np.array([120, 121, 130])
    sessions = np.delete(panel.calendar, shut)
    found = session_returns(panel, sessions)
    rows = slice(panel.offsets[0], panel.offsets[1])
    close = np.delete(panel.close[rows], shut)
    np.testing.assert_allclose(found[1:, 0], close[1:] / close[:-1] - 1, rtol=1e-12, atol=1e-15)


def test_later_bars_change_no_session_return(rng) -> None:
    panel = random_panel(rng)
    day = int(panel.calendar[-20])
    sessions = panel.calendar[:-19]
    assert_array_equal(session_returns(panel, sessions), session_returns(panel.until(day), sessions))
