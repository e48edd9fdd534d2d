"""A snapshot's details: months, holdings, contributions, correlations, and what to know about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from pacesetter.market.calendar import day_date
from pacesetter.market.panel import F8
from pacesetter.portfolio.adjusted_entry import measure_entry_gap
from pacesetter.portfolio.attribution import attribute_factors, attribute_holdings
from pacesetter.portfolio.derived_dividends import LEAST
from pacesetter.portfolio.performance import Performance
from pacesetter.portfolio.position import Ledger
from pacesetter.portfolio.prices import Prices
from pacesetter.portfolio.stress_scenario import STYLES
from pacesetter.portfolio.trade import IN_SHARES
from pacesetter.portfolio.valuation import Valuation

MOST_REMARKS, MOST_NAMED, MOST_CORRELATED = 20, 8, 60
STALE = 5  # sessions: an older close is remarked upon
ATTRIBUTED = 21  # sessions that factors are held against


def weigh(valuation: Valuation) -> tuple[tuple[str, ...], F8]:
    """What is held at the last session, and its signed share of NAV (NaN where that is not above 0)."""
    if not len(valuation.sessions):
        return (), np.zeros(0)
    at = np.flatnonzero(valuation.quantity[-1])
    nav = float(valuation.nav[-1])
    values = valuation.values[-1, at]
    weights = values / nav if nav > 0 else np.full(len(at), np.nan)
    return tuple(valuation.symbols[h] for h in at), weights


def list_months(valuation: Valuation, performance: Performance, line: F8 | None) -> list[dict[str, Any]]:
    """The monthly grid as rows, with the benchmark's return over the same sessions."""
    beside = {} if line is None else link_months(valuation, line)
    found = []
    for year, months in zip(performance.months.years, performance.months.months, strict=True):
        for month, value in enumerate(months, 1):
            if np.isfinite(value):
                found.append(
                    {
                        "year": int(year),
                        "month": month,
                        "value": float(value),
                        "benchmark": beside.get((int(year), month)),
                    }
                )
    return found


def link_months(valuation: Valuation, line: F8) -> dict[tuple[int, int], float]:
    """Returns of a line, linked by month over the sessions on which the portfolio has one."""
    months = valuation.sessions.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    there = np.isfinite(line) & np.isfinite(valuation.daily_return)
    if not there.any():
        return {}
    own, growth = months[there], 1.0 + line[there]
    starts = np.concatenate(([0], np.flatnonzero(np.diff(own)) + 1))
    linked = np.multiply.reduceat(growth, starts) - 1.0
    return {
        (int(m // 12) + 1970, int(m % 12) + 1): float(value)
        for m, value in zip(own[starts], linked, strict=True)
    }


def list_holdings(
    ledger: Ledger, valuation: Valuation, prices: Prices, held: Sequence[str], weights: F8
) -> list[dict[str, Any]]:
    """What is held: its newest close (in its currency), value and day's profit in the base
    currency, its weight, and what one of the currency it was bought in is worth."""
    place = {symbol: h for h, symbol in enumerate(valuation.symbols)}
    paid_in = {
        one.trade.symbol: one.trade.currency for one in ledger.entries if one.trade.action in IN_SHARES
    }
    found = []
    for symbol, weight in zip(held, weights, strict=True):
        close = prices.close[prices.row_of[symbol]]
        newest = len(close) - 1
        while not isfinite(close[newest]):  # nearly always the last one
            newest -= 1
        found.append(
            {
                "symbol": symbol,
                "price": float(close[newest]),
                "price_on": str(day_date(int(prices.sessions[newest]))),
                "quantity": float(valuation.quantity[-1, place[symbol]]),
                "value": float(valuation.values[-1, place[symbol]]),
                "daily_pnl": float(valuation.holding_pnl[-1, place[symbol]]),
                "weight": none_if_nan(weight),
                "cost_rate": newest_rate(prices, paid_in[symbol], valuation.base_currency),
            }
        )
    return found


def newest_rate(prices: Prices, currency: str, base: str) -> float | None:
    """The worth of one ``currency`` in ``base`` at the last session; None where it is not known."""
    if currency == base:
        return 1.0
    line = prices.rate(currency, base)
    return None if line is None else none_if_nan(line[-1])


def list_contributions(valuation: Valuation) -> list[dict[str, Any]]:
    """What each holding earned since the first trade; a holding without a name is money of none."""
    found = attribute_holdings(valuation)
    return (
        []
        if found is None
        else [
            {"name": one.symbol, "pnl": one.pnl, "contribution": one.of_return} for one in found.contributions
        ]
    )


def list_factors(
    valuation: Valuation, betas: Mapping[str, float | None], returns: Mapping[str, F8]
) -> dict[str, Any]:
    """What the styles explain of the last sessions, by today's exposures, and what is left.

    Only the styles: their betas are of one joint regression and add up, those of the others overlap."""
    known = {name: beta for name in STYLES if (beta := betas.get(name)) is not None}
    if not known or not all(name in returns for name in known):
        return {"factors": []}
    sessions = len(valuation.sessions)
    lines = {}
    for name in known:
        tail = returns[name][-sessions:]
        lines[name] = np.concatenate([np.full(sessions - len(tail), np.nan), tail])
    found = attribute_factors(valuation, known, lines, start=max(0, sessions - ATTRIBUTED))
    if found is None:
        return {"factors": []}
    parts = {**found.by_factor, "rest": found.rest}
    rows = [{"name": name, "pnl": None, "contribution": part} for name, part in parts.items()]
    return {"factors": rows, "factors_from": str(found.first_on), "factors_total": found.total_return}


def list_correlations(symbols: Sequence[str], r: F8, n: np.ndarray) -> dict[str, Any]:
    """The matrix to four decimals, and its mean beside the diagonal."""
    few = slice(0, MOST_CORRELATED)
    pairs = r[np.triu_indices(len(r), 1)]
    pairs = pairs[np.isfinite(pairs)]
    shown = np.round(r[few, few], 4)
    matrix: list[list[float | None]] = shown.tolist()
    if not np.isfinite(shown).all():
        matrix = [[none_if_nan(value) for value in line] for line in shown.tolist()]
    return {
        "symbols": list(symbols[few]),
        "matrix": matrix,
        "overlap": n[few, few].tolist(),
        "mean": float(pairs.mean()) if len(pairs) else None,
    }


def list_remarks(
    ledger: Ledger, valuation: Valuation, prices: Prices, benchmark: str, rate_words: Sequence[str]
) -> list[str]:
    """What to know when reading the figures."""
    said = [one.what for one in (*ledger.problems, *valuation.problems)]
    if valuation.implied_deposits and len(valuation.sessions):
        said.append("no deposit is known: purchases that cash could not pay count as paid in on their day")
    if valuation.later:
        said.append(f"{len(valuation.later)} trades are newer than the prices, and do not count yet")
    if valuation.early:
        said.append(
            f"{len(valuation.early)} trades are older than the prices: they count on the first session"
        )
    if valuation.dividends_inside:
        gap = measure_entry_gap(ledger, valuation, prices)
        said.append(
            f"dividends are inside the prices of {name_some(valuation.dividends_inside)}: they are not "
            "credited, and the day of a trade holds a real price against an adjusted close, which takes "
            f"{gap:,.2f} {valuation.base_currency} from the profit of these days in all (below zero: adds); "
            "import unadjusted prices with their splits and dividends to mend both"
        )
    derived = [s for s in (*valuation.symbols, benchmark) if s in prices.dividends_derived]
    if derived:
        said.append(
            f"no dividends of {name_some(sorted(set(derived)))} are stored: they were derived from the "
            f"adjusted closes, where they are more than {LEAST:.2%} of the close"
        )
    if len(valuation.sessions):
        stale = [
            symbol
            for h, symbol in enumerate(valuation.symbols)
            if valuation.quantity[-1, h] and valuation.stale_sessions[h] > STALE
        ]
        said += [f"the newest close is more than {STALE} sessions old: {name_some(stale)}"] if stale else []
    said += rate_words
    more = len(said) - MOST_REMARKS
    return said if more <= 0 else [*said[:MOST_REMARKS], f"and {more} more"]


def name_some(symbols: Sequence[str]) -> str:
    """The first of some symbols, and how many there are."""
    more = len(symbols) - MOST_NAMED
    return ", ".join(symbols[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def none_if_nan(value: float) -> float | None:
    """JSON has no NaN."""
    return float(value) if isfinite(value) else None


def series_of(valuation: Valuation, performance: Performance, line: F8 | None) -> list[dict[str, Any]]:
    """A valuation session by session."""
    index = None if line is None else np.cumprod(np.where(np.isfinite(line), 1.0 + line, 1.0))
    return [
        {
            "date": day_date(int(day)),
            "nav": none_if_nan(valuation.nav[t]),
            "flow": float(valuation.flow_in[t] - valuation.flow_out[t]),
            "daily_return": none_if_nan(valuation.daily_return[t]),
            "twr_index": none_if_nan(performance.growth[t]),
            "drawdown": none_if_nan(performance.drawdown_series[t]),
            "benchmark_index": None if index is None else none_if_nan(index[t]),
        }
        for t, day in enumerate(valuation.sessions)
    ]
