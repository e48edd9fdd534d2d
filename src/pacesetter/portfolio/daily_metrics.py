"""The day's figures of every symbol: price, returns, valuation, and how good the data behind them is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pacesetter.factors.known_facts import known_fact
from pacesetter.market.panel import F8, I4, I8, MAX_AGE_SESSIONS, Panel
from pacesetter.portfolio.data_quality import DataQuality, measure_quality

RETURNS = ("return_1d", "return_mtd", "return_ytd", "return_1m", "return_3m", "return_1y")
SESSIONS_BACK = {"return_1d": 1, "return_1m": 21, "return_3m": 63, "return_1y": 252}
RATIOS = ("trailing_pe", "price_to_sales", "price_to_book")


@dataclass(frozen=True)
class DailyMetrics:
    """Figures of S symbols (float64, NaN for none).

    ``price_on`` (int32) is the day of the price, −1 without any: all else is of that day, however old,
    and never of a later one. ``price`` is the unadjusted close in the quote unit; ``returns`` are
    simple ones on adjusted prices; ``market_cap`` is in the major unit of the price's currency.
    """

    price_on: I4
    price: F8
    returns: dict[str, F8]
    market_cap: F8
    ratios: dict[str, F8]
    quality: DataQuality


def measure_daily_metrics(panel: Panel) -> DailyMetrics:
    """The figures of all symbols on the last of the panel's ``sessions``.

    A return's base is the last close on or before a session of the panel's calendar: 1, 21, 63 or 252
    sessions before the price's own (the newest session at or before it); for MTD the last session
    before the price's month, for YTD the last one before its year. A base more than five sessions
    older than that session gives no return; for one day the base must be of that very session or later.
    Figures from fundamentals are the newest known on the date; a market capitalisation in another
    currency than the price is left out.
    """
    from pacesetter.portfolio.daily_metric_kernels import chain_growth, find_rows

    today = panel.on(panel.sessions[-1:])
    count = panel.n_symbols
    asked = np.repeat(today.sessions.astype(np.int32), count)[:, None]
    newest = find_rows(panel.date, panel.offsets, asked)[:, 0]
    has = newest >= 0
    price_on = np.full(count, -1, dtype=np.int32)
    price_on[has] = panel.date[newest[has]]
    price = np.full(count, np.nan)
    price[has] = panel.close[newest[has]]
    days, oldest = base_days(panel.calendar, price_on)
    base = find_rows(panel.date, panel.offsets, days)
    old = (base >= 0) & (panel.date[np.maximum(base, 0)] < oldest) if len(panel.date) else base < 0
    ratio = chain_growth(panel.growth, newest, np.where(old | (days < 0), -1, base))
    cap, foreign = (found[0] for found in known_fact(today, "market_cap"))
    ratios = {name: known_fact(today, name)[0][0] for name in RATIOS}
    cap = np.where(foreign, np.nan, cap)
    return DailyMetrics(
        price_on,
        price,
        {name: ratio[:, q] - 1.0 for q, name in enumerate(RETURNS)},
        cap,
        ratios,
        measure_quality(today, newest, np.column_stack([cap, *ratios.values()])),
    )


def base_days(calendar: I4, price_on: I4) -> tuple[I8, I8]:
    """For each symbol and return the day of the base session, and the oldest day that may stand in for
    it (int64 S×6, in the order of ``RETURNS``); −1 where the calendar does not reach back so far."""
    days = np.full((len(price_on), len(RETURNS)), -1, dtype=np.int64)
    oldest = days.copy()
    at = np.searchsorted(calendar, price_on, side="right") - 1  # the session of the price
    months = price_on.astype("datetime64[D]").astype("datetime64[M]")
    starts = {
        "return_mtd": months.astype("datetime64[D]").astype(np.int64),
        "return_ytd": months.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64),
    }
    for q, name in enumerate(RETURNS):
        if name in starts:
            row = np.searchsorted(calendar, starts[name], side="left") - 1
        else:
            row = at - SESSIONS_BACK[name]
        allowed = 0 if name == "return_1d" else MAX_AGE_SESSIONS
        reached = np.flatnonzero((row >= 0) & (price_on >= 0))
        days[reached, q] = calendar[row[reached]]
        oldest[reached, q] = calendar[np.maximum(row[reached] - allowed, 0)]
    return days, oldest
