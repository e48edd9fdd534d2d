"""Every factor equals an independent, slow implementation on random panels, to 1e-12."""

from __future__ import annotations

import empyrical
import numpy as np
import pytest

from pacesetter.factors.base import REASONS, factors, factors_of
from pacesetter.factors.evaluate import evaluate
from tests.factors import reference
from tests.panels import random_panel

CORE = ("momentum", "volume_change", "volatility", "relative_strength", "financial_ratio")
TOLERANCE = 1e-12


def compare(panel, name, dates) -> int:
    got = evaluate(factors.get(name), panel)
    seen = 0
    for t in dates:
        for s in range(panel.n_symbols):
            want = reference.value(panel, name, s, int(panel.sessions[t]))
            have = got.raw[t, s]
            assert np.isnan(want) == np.isnan(have), (name, panel.symbols[s], t, want, have)
            assert np.isnan(have) == (got.reason[t, s] > 0)
            if not np.isnan(want):
                seen += 1
                assert abs(want - have) <= TOLERANCE * max(1.0, abs(want)), (
                    name,
                    panel.symbols[s],
                    want,
                    have,
                )
    return seen


def test_the_five_standard_factors_on_100_random_panels(rng) -> None:
    seen = dict.fromkeys(CORE, 0)
    for _ in range(100):
        panel = random_panel(rng, symbols=5, benchmark=True, holes=rng.random() * 0.15)
        for name in CORE:
            seen[name] += compare(panel, name, [-1])
    assert min(seen.values()) >= 100, seen


@pytest.mark.parametrize("name", sorted({*reference.PRICE, *reference.FACTS}))
def test_every_factor_on_many_dates(name, rng) -> None:
    seen = sum(compare(random_panel(rng, symbols=6), name, range(6)) for _ in range(4))
    assert seen > 20


def test_without_a_benchmark_the_equal_weighted_market_stands_in(rng) -> None:
    panel = random_panel(rng, symbols=6, benchmark=False, days=300)
    assert compare(panel, "relative_strength", [-1]) > 2


def test_every_shipped_factor_has_a_reference() -> None:
    names = [one.name for one in factors_of("bars")]
    assert set(names) == {*reference.PRICE, *reference.FACTS}
    assert len(names) >= 5 + 8


def test_the_worst_drawdown_and_beta_equal_empyrical(rng) -> None:
    panel = random_panel(rng, symbols=5, holes=0.0)
    worst = evaluate(factors.get("max_drawdown_252d"), panel).raw[-1]
    beta = evaluate(factors.get("beta_252d"), panel).raw[-1]
    compared = 0
    spy = panel.symbols.index("SPY")
    # with no holes the pairs of dates are the same for symbol and benchmark
    market = {
        d: g for d, g in zip(*[a[panel.offsets[spy] :] for a in (panel.date, panel.growth)], strict=True)
    }
    for s in range(panel.n_symbols - 1):
        rows = slice(panel.offsets[s + 1] - 252, panel.offsets[s + 1])
        if np.isnan(worst[s]):
            continue
        returns = panel.growth[rows] - 1
        assert worst[s] == pytest.approx(empyrical.max_drawdown(returns), abs=1e-12)
        bench = np.array([market[d] for d in panel.date[rows]]) - 1
        compared += 1
        assert beta[s] == pytest.approx(empyrical.beta(returns, bench), rel=1e-9)
    assert compared >= 3


def test_reasons_name_what_is_missing(rng) -> None:
    panel = random_panel(rng, symbols=6)
    at = {name: i for i, name in enumerate(panel.symbols)}

    def why(name: str, symbol: str) -> str:
        return REASONS[evaluate(factors.get(name), panel).reason[-1, at[symbol]]]

    assert why("momentum", "S01") == "stale"
    assert why("momentum", "S02") == "too_few_bars"
    assert why("volume_change", "S03") == "zero_volume"
    assert why("volume_change", "S04") == "no_volume"
    assert why("momentum", "S05") == ""
