"""What it does to profit that prices paid are held against closes with the dividends inside."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from pacesetter.portfolio.position import Ledger
from pacesetter.portfolio.prices import Prices, days_of
from pacesetter.portfolio.trade import IN_SHARES
from pacesetter.portfolio.valuation import Valuation


def measure_entry_gap(ledger: Ledger, valuation: Valuation, prices: Prices) -> float:
    """Σ quantity bought (sold: negative) · (price traded at − close of that session), in the base currency.

    Of the trades that count of holdings whose prices have the dividends inside. A close
    from before a dividend is lower there than the one that was traded at, by a factor
    that such prices do not tell: on its session a purchase loses this amount, and a sale gains it,
    beside what the day itself moved. Where a session has no close the one before it counts.
    """
    base, gap = valuation.base_currency, 0.0
    inside = set(valuation.dividends_inside)
    held: dict[str, float] = defaultdict(float)
    for entry in ledger.entries:
        trade = entry.trade
        if trade.action not in IN_SHARES or trade.symbol not in inside:
            continue
        bought = entry.held - held[trade.symbol]
        held[trade.symbol] = entry.held
        at = int(np.searchsorted(prices.sessions, days_of(trade.traded_on)))
        if at >= len(prices.sessions):
            continue
        row = prices.row_of[trade.symbol]
        known = np.flatnonzero(np.isfinite(prices.close[row, : at + 1]))
        paid, own = prices.rate(trade.currency, base), prices.rate(prices.currency[row], base)
        if not len(known) or paid is None or own is None:
            continue
        each = entry.price * paid[at] - prices.close[row, known[-1]] * own[at]
        gap += bought * each if math.isfinite(each) else 0.0
    return gap
