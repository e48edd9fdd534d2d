"""One portfolio valued and measured: what 10,000 of them may cost in a minute."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from pacesetter.portfolio.attribution import attribute_holdings
from pacesetter.portfolio.benchmark import benchmark_returns
from pacesetter.portfolio.performance import measure_performance
from pacesetter.portfolio.position import fold_trades
from pacesetter.portfolio.prices import date_of, prepare_prices
from pacesetter.portfolio.risk import correlate_holdings, measure_concentration
from pacesetter.portfolio.trade import Dividend, Trade
from pacesetter.portfolio.valuation import value_portfolio
from tests.bench.stopwatch import best_of

pytestmark = pytest.mark.bench
SYMBOLS = 5000


@pytest.mark.parametrize(("holdings", "days", "target"), [(20, 250, 2.0), (50, 2500, 20.0)])
def test_one_portfolio(holdings: int, days: int, target: float) -> None:
    rng = np.random.default_rng(1)
    sessions = np.busday_offset("2015-01-02", np.arange(days)).astype(np.int64)
    names = [f"S{i:04d}" for i in range(SYMBOLS if days <= 250 else 500)]
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, (len(names), days)), axis=1))
    close[rng.random(close.shape) < 0.01] = np.nan
    paid = {name: [Dividend(date_of(sessions[t]), 0.5, "USD") for t in range(30, days, 63)] for name in names}
    prices = prepare_prices(sessions, names, close, ["USD"] * len(names), dividends=paid)
    chosen = rng.choice(len(names), holdings, replace=False)
    trades = [
        Trade(i, "buy", date_of(sessions[i % 40]), "USD", names[h], Decimal(100), Decimal("99.5"))
        for i, h in enumerate(chosen)
    ]
    trades.append(Trade("in", "deposit", date(2015, 1, 2), "USD", amount=Decimal(1_000_000), sequence=-1))

    ledger = fold_trades(trades)
    value = value_portfolio(ledger, prices, base_currency="USD")
    assert value.nav.shape == (days,) and value.values.shape == (days, holdings)
    assert np.isfinite(value.nav).all() and not value.left_out
    market = benchmark_returns(prices, names[0], value)
    steps = {
        "fold": lambda: fold_trades(trades),
        "value": lambda: value_portfolio(ledger, prices, base_currency="USD"),
        "benchmark": lambda: benchmark_returns(prices, names[0], value),
        "performance": lambda: measure_performance(value, market),
        "correlations": lambda: correlate_holdings(value, prices),
        "concentration": lambda: measure_concentration(value),
        "attribution": lambda: attribute_holdings(value),
    }
    took = {name: 1000 * best_of(30, work) for name, work in steps.items()}
    each = "   ".join(f"{name} {ms:.2f}" for name, ms in took.items())
    print(f"{holdings} holdings × {days} sessions: valued in {took['value']:.2f} ms   target ≤ {target:g} ms")
    print(f"  ms of each: {each}   all {sum(took.values()):.2f}")
