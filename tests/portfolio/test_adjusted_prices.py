"""Prices with dividends inside, and dividends read out of adjusted closes: by hand, and against a
back-adjustment that is made the other way round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from pacesetter.portfolio.adjusted_entry import measure_entry_gap
from pacesetter.portfolio.derived_dividends import derive_dividends
from pacesetter.portfolio.position import fold_trades
from pacesetter.portfolio.prices import days_of, prepare_prices
from pacesetter.portfolio.trade import Trade
from pacesetter.portfolio.valuation import value_portfolio

NAN = np.nan


def one(*closes: float) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(len(closes), dtype=np.int64), np.array(closes)


def test_a_dividend_by_hand() -> None:
    """100 falls to 98 on the ex date of 2: adjusted, 98 before and after."""
    owner, close = one(100, 100, 98, 99)
    rows, paid = derive_dividends(owner, close, np.array([98.0, 98, 98, 99]))
    assert rows.tolist() == [2] and paid == pytest.approx([2.0], abs=1e-12)


def test_back_adjusted_closes_give_their_dividends_back(rng: np.random.Generator) -> None:
    """Adjusted as CRSP does it, from the newest back, by 1 − dividend / close before."""
    n = 500
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, n)))
    dividends = dict(zip((60, 123, 124, 300, 499), (0.3, 0.2, 5.0, 0.11, 0.4), strict=True))
    adjusted = close.copy()
    for at, amount in dividends.items():
        adjusted[:at] *= 1 - amount / close[at - 1]
    owner = np.zeros(n, dtype=np.int64)
    rows, paid = derive_dividends(owner, close, adjusted)
    assert dict(zip(rows.tolist(), paid, strict=True)) == pytest.approx(dividends, rel=1e-9)


def test_rounding_pays_nothing(rng: np.random.Generator) -> None:
    close = np.round(10 * np.exp(np.cumsum(rng.normal(0, 0.02, 2000))), 2).clip(2)
    owner = np.zeros(2000, dtype=np.int64)
    for adjusted in (np.round(close * 0.83, 2), np.round(close * 0.83, 4)):
        assert derive_dividends(owner, close, adjusted)[0].tolist() == []
    # 0.04 of 100 lies under 0.05 %, 0.06 above
    owner, flat = one(100, 100)
    assert derive_dividends(owner, flat, np.array([99.96, 100.0001]))[0].tolist() == []
    assert derive_dividends(owner, flat, np.array([99.94, 100.0001]))[0].tolist() == [1]


def test_neither_between_symbols_nor_without_an_adjusted_close() -> None:
    owner = np.array([0, 0, 1, 1, 1])
    close = np.array([100.0, 100, 50, 50, 50])
    assert derive_dividends(owner, close, np.array([100, 100, 100, NAN, 50.0]))[0].tolist() == []
    assert derive_dividends(owner[:1], close[:1], close[:1])[0].tolist() == []


def test_how_much_the_days_of_trades_are_off() -> None:
    """Bought 10 at 100 against an adjusted 90: 100 too little. Sold 4 at 104 against 100: 16 too much.
    In dollars, of 2 a euro: 168; what is traded after the last session does not count yet."""
    days = [date(2025, 1, d) for d in (6, 7, 8)]
    sessions = np.array([days_of(on) for on in days])
    close = np.array([[90.0, NAN, 100.0], [7.0, 7.0, 7.0]])
    prices = prepare_prices(
        sessions,
        ["A", "B"],
        close,
        ["EUR", "USD"],
        rates={"EUR": np.full(3, 2.0), "USD": np.ones(3)},
        dividends_inside=["A"],
    )

    def trade(action: str, on: date, symbol: str, quantity: int, price: int, currency: str) -> Trade:
        size = (Decimal(quantity), Decimal(price))
        return Trade(object(), action, on, currency, symbol, *size)  # type: ignore[arg-type]

    ledger = fold_trades(
        [
            trade("buy", days[1], "A", 10, 100, "EUR"),  # no close then: that of the day before
            trade("buy", days[1], "B", 10, 100, "USD"),
            trade("sell", days[2], "A", 4, 104, "EUR"),
            trade("sell", date(2025, 1, 9), "A", 1, 500, "EUR"),
        ]
    )
    value = value_portfolio(ledger, prices, base_currency="USD")
    assert measure_entry_gap(ledger, value, prices) == pytest.approx(2 * (10 * (100 - 90) - 4 * (104 - 100)))
