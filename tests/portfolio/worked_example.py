"""Six sessions that were computed by hand: a deposit, a purchase, a short, a split, two dividends,
a partial sale, a cover, a second deposit and a withdrawal.

              AAA (2 for 1 on Wed)            BBB
    Mon 6     buy 100 at 50, commission 10                         deposit 10,000   close 52 /  –
    Tue 7                                     short 20 at 100, 5                    close 53 / 98
    Wed 8     split 2 for 1                   dividend 1.00                         close 27 / 97
    Thu 9     dividend 0.50, then sell 80 at 28, commission 4                       close 28 / 101
    Fri 10                                    cover 20 at 99, 5    deposit 1,000    close 26.50 / –
    Mon 13                                                         withdraw 500     close 29 / –

    cash, Mon  10,000 − (100·50 + 10)                   =  4,990
          Tue   4,990 + (20·100 − 5)                    =  6,985
          Wed   6,985 − 20·1.00 (a short pays)          =  6,965
          Thu   6,965 + 200·0.50 + (80·28 − 4)          =  9,301
          Fri   9,301 + 1,000 − (20·99 + 5)             =  8,316
          Mon   8,316 − 500                             =  7,816
    NAV,  Mon   4,990 + 100·52                          = 10,190
          Tue   6,985 + 100·53 − 20·98                  = 10,325
          Wed   6,965 + 200·27 − 20·97                  = 10,425
          Thu   9,301 + 120·28 − 20·101                 = 10,641
          Fri   8,316 + 120·26.50                       = 11,496
          Mon   7,816 + 120·29                          = 11,296
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from pacesetter.portfolio.position import Ledger, fold_trades
from pacesetter.portfolio.prices import Prices, days_of, prepare_prices
from pacesetter.portfolio.trade import Dividend, Split, Trade
from pacesetter.portfolio.valuation import Valuation, value_portfolio

SESSIONS = [date(2025, 1, d) for d in (6, 7, 8, 9, 10, 13)]
NAN = np.nan
CLOSES = np.array(
    [[26.0, 26.5, 27.0, 28.0, 26.5, 29.0], [NAN, 98.0, 97.0, 101.0, NAN, NAN]]
)  # today's shares
SPLITS = {"AAA": [Split(date(2025, 1, 8), Fraction(2))]}
DIVIDENDS = {
    "AAA": [Dividend(date(2025, 1, 9), 0.50, "USD")],
    "BBB": [Dividend(date(2025, 1, 8), 1.00, "USD")],
}
CASH = [4990, 6985, 6965, 9301, 8316, 7816]
NAV = [10190, 10325, 10425, 10641, 11496, 11296]
RETURNS = [
    10190 / 10000 - 1,
    10325 / 10190 - 1,
    10425 / 10325 - 1,
    10641 / 10425 - 1,
    11496 / (10641 + 1000) - 1,  # money in counts at the start of the day
    (11296 + 500) / 11496 - 1,  # money out at its end
]


def money(number: int, action: str, day: int, amount: str) -> Trade:
    return Trade(number, action, date(2025, 1, day), "USD", amount=Decimal(amount))  # type: ignore[arg-type]


def shares(
    number: int, action: str, day: int, what: str, quantity: str, price: str, commission: str
) -> Trade:
    on = date(2025, 1, day)
    return Trade(
        number,
        action,  # type: ignore[arg-type]
        on,
        "USD",
        what,
        Decimal(quantity),
        Decimal(price),
        commission=Decimal(commission),
        sequence=number,
    )


TRADES = [
    money(1, "deposit", 6, "10000"),
    shares(2, "buy", 6, "AAA", "100", "50", "10"),
    shares(3, "short", 7, "BBB", "20", "100", "5"),
    shares(4, "sell", 9, "AAA", "80", "28", "4"),
    money(5, "deposit", 10, "1000"),
    shares(6, "cover", 10, "BBB", "20", "99", "5"),
    money(7, "withdrawal", 13, "500"),
]


def ledger() -> Ledger:
    return fold_trades(TRADES, SPLITS)


def prices() -> Prices:
    days = np.array([days_of(d) for d in SESSIONS])
    return prepare_prices(days, ["AAA", "BBB"], CLOSES, ["USD", "USD"], dividends=DIVIDENDS)


def valuation() -> Valuation:
    return value_portfolio(ledger(), prices(), base_currency="USD")


def earning(returns: np.ndarray, start: str = "2023-01-03") -> Valuation:
    """A valuation without holdings that had these returns from business day to business day."""
    T = len(returns)
    sessions = np.busday_offset(start, np.arange(T)).astype("datetime64[D]").astype(np.int64)
    nav = 1000.0 * np.cumprod(1.0 + np.nan_to_num(returns))
    flow_in = np.zeros(T)
    flow_in[:1] = 1000.0
    none = np.zeros((T, 0))
    return Valuation(
        sessions=sessions,
        symbols=(),
        base_currency="USD",
        nav=nav,
        cash=nav,
        long_value=np.zeros(T),
        short_value=np.zeros(T),
        flow_in=flow_in,
        flow_out=np.zeros(T),
        pnl=np.diff(nav, prepend=1000.0),
        daily_return=returns,
        quantity=none,
        values=none,
        holding_pnl=none,
        other_pnl=np.zeros(T),
        stale_sessions=np.zeros(0, dtype=np.int64),
        left_out=(),
        problems=(),
        early=(),
        later=(),
        implied_deposits=False,
        dividends_inside=(),
        first=0,
    )
