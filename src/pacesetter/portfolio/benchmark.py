"""The benchmark's returns beside a portfolio's."""

from __future__ import annotations

import numpy as np

from pacesetter.market.panel import F8
from pacesetter.portfolio.prices import Prices, carry_forward, days_of
from pacesetter.portfolio.valuation import Valuation


def benchmark_returns(prices: Prices, symbol: str, valuation: Valuation) -> F8 | None:
    """Daily returns of ``symbol`` with dividends, in the valuation's base currency, on its sessions (T).

    Session to session on closes carried forward; NaN before the second close. None
    without a price or a rate.
    """
    row = prices.row_of.get(symbol)
    if row is None:
        return None
    base = valuation.base_currency
    rate = prices.rate(prices.currency[row], base)
    if rate is None or not np.isfinite(prices.close[row]).any():
        return None
    worth = carry_forward(prices.close[row]) * rate
    paid = np.zeros(len(worth))
    if symbol not in prices.dividends_inside:
        for dividend in prices.dividends.get(symbol, ()):
            at = int(np.searchsorted(prices.sessions, days_of(dividend.ex_on)))
            line = prices.rate(dividend.currency, base)
            if at < len(paid) and line is not None:
                paid[at] += dividend.amount * line[at]
    returns = np.full(len(worth), np.nan)
    returns[1:] = (worth[1:] + paid[1:]) / worth[:-1] - 1.0
    return returns[valuation.first :]
