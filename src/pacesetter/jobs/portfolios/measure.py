"""A portfolio's snapshot from its trades and everyone's prices. Nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pacesetter.jobs.portfolios.details import (
    list_contributions,
    list_correlations,
    list_holdings,
    list_months,
    list_remarks,
    weigh,
)
from pacesetter.jobs.portfolios.plan import Plan
from pacesetter.jobs.portfolios.positions import trade_of
from pacesetter.jobs.portfolios.prices import PriceBook
from pacesetter.market.panel import F8
from pacesetter.portfolio.benchmark import benchmark_returns
from pacesetter.portfolio.performance import Performance, measure_performance
from pacesetter.portfolio.position import Ledger, fold_trades
from pacesetter.portfolio.prices import Prices
from pacesetter.portfolio.risk import correlate_holdings, measure_concentration
from pacesetter.portfolio.valuation import Valuation, value_portfolio

PERFORMANCE = ("twr", "irr", "benchmark_return", "volatility_21d", "volatility_63d")
RISKS = ("drawdown", "max_drawdown", "sharpe", "beta")


def is_touched(plan: Plan, book: PriceBook) -> bool:
    """Whether a split that became known may have changed what positions are in today's shares."""
    return any(split.ex_on > plan.first_on for s in plan.symbols for split in book.splits.get(s, ()))


@dataclass(eq=False)
class Bench:
    """What the portfolios of one calendar share: prices in each base currency, benchmark lines."""

    book: PriceBook
    factor_returns: Mapping[str, F8]  # of the styles' funds, on the last sessions
    lines: dict[tuple[str, str], F8 | None] = field(default_factory=dict)
    priced: dict[tuple[str, frozenset[str]], tuple[Prices, list[str]]] = field(default_factory=dict)

    def prices_in(self, base: str, currencies: frozenset[str]) -> tuple[Prices, list[str]]:
        """The prices with the rates that a portfolio needs, and what to say about them."""
        key = (base, currencies)
        if key not in self.priced:
            self.priced[key] = self.book.in_base(base, currencies)
        return self.priced[key]

    def benchmark(self, symbol: str, prices: Prices, valuation: Valuation) -> F8 | None:
        """The benchmark's returns on a valuation's sessions; its whole line is made once."""
        key = (symbol, valuation.base_currency)
        if key not in self.lines:
            self.lines[key] = benchmark_returns(prices, symbol, replace(valuation, first=0))
        line = self.lines[key]
        return None if line is None else line[valuation.first :]


@dataclass(eq=False)
class Measured:
    """A portfolio's row, to be completed by what is made for many at once (exposures, stress)."""

    plan: Plan
    ledger: Ledger
    valuation: Valuation
    performance: Performance
    row: dict[str, Any]
    details: dict[str, Any]
    held: tuple[str, ...]
    weights: F8  # of NAV, signed


def measure_portfolio(plan: Plan, rows: Iterable[Any], bench: Bench) -> Measured:
    """Value and measure one portfolio."""
    prices, rate_words = bench.prices_in(plan.base_currency, plan.currencies)
    ledger = fold_trades(
        [trade_of(row) for row in rows], bench.book.splits, positions=is_touched(plan, bench.book)
    )
    valuation = value_portfolio(
        ledger, prices, base_currency=plan.base_currency, unavailable=plan.unavailable
    )
    line = bench.benchmark(plan.benchmark, prices, valuation) if len(valuation.sessions) else None
    performance = measure_performance(valuation, line)
    held, weights = weigh(valuation)
    correlated = correlate_holdings(valuation, prices)
    concentration = measure_concentration(valuation)
    row = figures_of(valuation, performance) | {
        "hhi": concentration.hhi,
        "effective_n": concentration.effective_n,
        "portfolio_id": plan.id,
        "metric_date": plan.metric_date,
        "state": "partial" if valuation.left_out else "complete",
        "left_out": [{"symbol": one.symbol, "reason": one.reason} for one in valuation.left_out],
        "n_holdings": len(held),
        "fingerprint": plan.fingerprint,
    }
    details = {
        "months": list_months(valuation, performance, line),
        "holdings": list_holdings(ledger, valuation, prices, held, weights),
        "attribution": {"holdings": list_contributions(valuation)},
        "correlations": list_correlations(correlated.symbols, correlated.r, correlated.n),
        "reasons": dict(performance.reasons),
        "remarks": list_remarks(ledger, valuation, prices, plan.benchmark, rate_words),
    }
    return Measured(plan, ledger, valuation, performance, row, details, held, weights)


def figures_of(valuation: Valuation, performance: Performance) -> dict[str, float | None]:
    """The figures of the last session; None where there is none."""
    found: dict[str, float | None] = {n: getattr(performance, n) for n in (*PERFORMANCE, *RISKS)}
    lines = ("nav", "cash", "long_value", "short_value", "daily_return")
    last = len(valuation.sessions) - 1
    for name in lines:
        found[name] = float(getattr(valuation, name)[last]) if last >= 0 else None
    worth = last >= 0
    found["gross"] = float(valuation.long_value[last] - valuation.short_value[last]) if worth else None
    found["net"] = float(valuation.long_value[last] + valuation.short_value[last]) if worth else None
    found["flow"] = float(valuation.flow_in[last] - valuation.flow_out[last]) if worth else None
    found["daily_pnl"] = float(valuation.pnl[last]) if worth else None
    found["cumulative_pnl"] = performance.cumulative_pnl if worth else None
    return found
