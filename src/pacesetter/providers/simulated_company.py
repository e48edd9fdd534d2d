"""What the companies of the simulated market earn, sell, own and owe, once a quarter.

What is told beside the earnings fits to them: the profit margin is the earnings yield × price to sales, the
return on equity the earnings yield × price to book.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

F8 = npt.NDArray[np.float64]
Stream = Callable[[str], np.random.Generator]

QUARTER = 63  # sessions between dividends and between earnings
DRAWS = 12_000  # sessions a stream can serve: until about 2066
FREE = 200.0  # so many times the usual day's volume are all shares
EPOCH = date(1970, 1, 1)


def earned_by(level: float) -> float:
    """What a company earns in a year, as a share of its price."""
    return (level - 0.15) * 0.08


def make_earnings(
    symbol: str, sessions: npt.NDArray[np.int32], close: F8, level: float, stream: Stream
) -> pl.DataFrame:
    """Trailing earnings a share once a quarter, known forty days after the quarter's end."""
    at = np.arange(0, len(sessions), QUARTER)
    draws = stream("earnings").standard_normal(DRAWS)[: len(at)]
    eps = np.round(close[at] * (earned_by(level) + 0.01 * draws), 4)
    ends = [EPOCH + timedelta(days=int(day)) for day in sessions[at]]
    whole = pl.DataFrame(
        {
            "symbol": pl.repeat(symbol, len(at), eager=True),
            "as_of": ends,
            "known_on": [end + timedelta(days=40) for end in ends],
            "eps": eps,
            "trailing_pe": np.where(eps > 0, np.round(close[at] / np.where(eps > 0, eps, 1.0), 4), np.nan),
            "currency": pl.repeat("USD", len(at), eager=True),
        }
    )
    known = whole.filter(pl.col("known_on") <= pl.lit(EPOCH + timedelta(days=int(sessions[-1]))))
    return known.with_columns(pl.col("trailing_pe").fill_nan(None))


def describe_company(
    facts: pl.DataFrame, close: F8, worth: F8, paid: F8, usual: float, stream: Stream
) -> pl.DataFrame:
    """The earnings with a column for each other measure. By session: ``close`` in the day's shares; ``worth``
    and ``paid``, the price of an old share and its dividends. ``usual``: the old shares of a usual day."""
    at = QUARTER * np.arange(facts.height)
    steady = stream("company").random(6)  # stays with the company
    noise = stream("quarters").standard_normal((DRAWS // QUARTER, 4))[: len(at)]
    earned = facts["eps"].to_numpy() / close[at]
    to_sales = 10.0 ** steady[0] * np.exp(0.05 * noise[:, 0])
    to_book = 1.5 * 8.0 ** steady[1] * np.exp(0.05 * noise[:, 1])
    profit = earned * to_sales
    operating = np.clip(1.2 * profit + 0.02 + 0.04 * steady[2], -0.9, 0.85)
    debt = 2.2 * steady[3] ** 2 * np.exp(0.05 * noise[:, 2])
    cap = worth[at] * usual * FREE
    measures = {
        "market_cap": cap,
        "enterprise_value": cap * (1.0 + (debt - 0.15) / to_book),
        "price_to_sales": to_sales,
        "price_to_book": to_book,
        "revenue_growth": -0.06 + 0.36 * steady[4] + 0.02 * noise[:, 3],
        "roe": earned * to_book,
        "debt_to_equity": debt,
        "gross_margin": np.clip(operating + 0.1 + 0.4 * steady[5], 0.02, 0.95),
        "operating_margin": operating,
        "profit_margin": profit,
        "dividend_yield": of_a_year(paid, at) / worth[at],
    }
    return facts.with_columns(pl.Series(name, np.round(values, 4)) for name, values in measures.items())


def of_a_year(paid: F8, at: npt.NDArray[np.int64]) -> F8:
    """The sum of the four quarters up to each of the sessions ``at``, that one included."""
    total = np.concatenate([[0.0], np.cumsum(paid)])
    found: F8 = total[at + 1] - total[np.maximum(at + 1 - 4 * QUARTER, 0)]
    return found
