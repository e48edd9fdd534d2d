"""Exposures and stress of many portfolios at once: a few sums over all of their holdings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pacesetter.jobs.portfolios.details import list_factors, none_if_nan
from pacesetter.jobs.portfolios.measure import Bench, Measured
from pacesetter.jobs.portfolios.plan import proxies
from pacesetter.jobs.portfolios.prices import PriceBook, load_prices
from pacesetter.jobs.symbols.symbol_snapshot import SymbolSnapshot
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_before
from pacesetter.market.panel import F8
from pacesetter.portfolio.aggregate import aggregate_portfolios
from pacesetter.portfolio.exposure import load_definitions
from pacesetter.portfolio.stress import (
    STRESSED,
    PreparedStress,
    SymbolStress,
    load_scenarios,
    prepare_stress,
    stress_portfolios,
    stress_symbols,
)

LOOK_BACK = 253  # sessions of factor returns


@dataclass(frozen=True, eq=False)
class Shared:
    """What all portfolios of a calendar and date share besides prices: what scenarios do to each symbol."""

    snapshot: SymbolSnapshot
    prepared: PreparedStress
    symbols: SymbolStress
    factor_returns: Mapping[str, F8]


async def share_factors(ws: Workspace, snapshot: SymbolSnapshot, calendar: str, last: date) -> Shared:
    """The factors' recent returns, and every symbol's return in every scenario."""
    first = sessions_before(calendar, last, LOOK_BACK)[0]
    book = await load_prices(ws, snapshot, proxies(), calendar=calendar, first=first, last=last)
    returns = factor_returns_of(book)
    prepared = prepare_stress(load_scenarios(), {name: returns[name] for name in STRESSED})
    places = [snapshot.factors.index(name) for name in STRESSED]
    betas = snapshot.beta[:, places]
    return Shared(snapshot, prepared, stress_symbols(prepared, betas), returns)


def factor_returns_of(book: PriceBook) -> dict[str, F8]:
    """Session returns with dividends of each factor's own fund (float64 T, NaN for none)."""
    prices = book.prices
    found = {}
    for one in load_definitions():
        row = prices.row_of.get(one.proxy)
        line = np.full(len(prices.sessions), np.nan)
        if row is not None and len(line) > 1:
            close = prices.close[row]
            paid = np.zeros(len(line))
            for dividend in prices.dividends.get(one.proxy, ()):
                at = int(np.searchsorted(prices.sessions, (dividend.ex_on - date(1970, 1, 1)).days))
                if at < len(paid):
                    paid[at] += dividend.amount
            line[1:] = (close[1:] + paid[1:]) / close[:-1] - 1.0
        found[one.name] = line
    return found


def complete(found: Sequence[Measured], shared: Shared, bench: Bench) -> list[dict[str, Any]]:
    """Add exposures, stress and factor attribution to measured portfolios: their rows, ready to be stored."""
    snapshot = shared.snapshot
    sizes = np.array([len(one.held) for one in found], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64)
    rows = snapshot.rows([symbol for one in found for symbol in one.held])
    weights = np.concatenate([one.weights for one in found]) if len(found) else np.zeros(0)
    usable = np.where(np.isfinite(weights), weights, 0.0)
    total = aggregate_portfolios(starts, rows, usable, snapshot.beta, snapshot.standard_error)
    stressed = stress_portfolios(starts, rows, usable, shared.symbols)
    lacks = ~np.isfinite(snapshot.beta[rows])
    made = []
    for p, one in enumerate(found):
        own = lacks[starts[p] : starts[p] + sizes[p]]
        known = bool(len(one.held)) and bool(np.isfinite(one.weights).all())
        nav = one.row["nav"]
        exposures: list[dict[str, Any]] = []
        for f, name in enumerate(snapshot.factors):
            has = known and np.isfinite(total.beta[p, f])
            missing = [one.held[h] for h in np.flatnonzero(own[:, f])] if own.any() else []
            exposures.append(
                {
                    "factor": name,
                    "beta": float(total.beta[p, f]) if has else None,
                    "standard_error": none_if_nan(total.standard_error[p, f]) if has else None,
                    "covered": float(total.coverage[p, f]) if one.held else None,
                    "missing": missing,
                }
            )
        stress = []
        for c, scenario in enumerate(shared.prepared.scenarios):
            covered = known and stressed.coverage[p, c] > 0
            direct = float(stressed.direct[p, c]) if covered else None
            both = covered and shared.prepared.has_correlated
            correlated = none_if_nan(stressed.correlated[p, c]) if both else None
            stress.append(
                {
                    "name": scenario.name,
                    "direct": direct,
                    "direct_amount": None if direct is None or nav is None else direct * nav,
                    "correlated": correlated,
                    "correlated_amount": None if correlated is None or nav is None else correlated * nav,
                    "covered": float(stressed.coverage[p, c]) if one.held else None,
                }
            )
        betas = {item["factor"]: item["beta"] for item in exposures}
        one.details["attribution"] |= list_factors(one.valuation, betas, bench.factor_returns)
        on = snapshot.exposures_on
        one.details |= {"exposures": exposures, "exposures_on": str(on) if on else None, "stress": stress}
        made.append(one.row | {"details": one.details})
    return made
