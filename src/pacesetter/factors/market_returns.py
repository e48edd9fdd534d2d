"""The market beside each bar: the benchmark's return between the same two dates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pacesetter.factors.windows import fold_max, fold_min, fold_sum, previous_date
from pacesetter.market.panel import F8, I4, MAX_AGE_SESSIONS, Mask, Panel

MIN_PAIRS = 200


class Pairs(NamedTuple):
    """Returns of symbol and market between the dates of a bar and the one before (float64, N;
    both 0 where ``valid`` is false)."""

    own: F8
    market: F8
    valid: Mask


class Regression(NamedTuple):
    """β of own on market returns over a window (float64, N), the pairs in it, and whether the market moved."""

    beta: F8
    n: F8
    moved: Mask


def pair_returns(panel: Panel) -> Pairs:
    """Pair each bar's return with the market's between the same two dates.

    The benchmark's price on a date without a bar is its last one, at most five sessions
    old, else the pair drops. Without a stored benchmark the market is the mean
    one-session return of the equities that have bars on both sessions.
    """
    dates, growth = market_series(panel)
    before = previous_date(panel)
    if not len(dates):
        nothing = np.zeros(len(panel.date))
        return Pairs(nothing, nothing.copy(), np.zeros(len(panel.date), dtype=bool))
    first, first_ok = locate(panel, dates, before)
    last, last_ok = locate(panel, dates, panel.date)
    market = np.zeros(len(panel.date))
    steps = last - first
    one = steps == 1
    market[one] = growth[last[one]] - 1.0
    for row in np.flatnonzero((steps > 1) & (before >= 0)):
        market[row] = np.prod(growth[first[row] + 1 : last[row] + 1]) - 1.0
    own = panel.growth - 1.0
    valid = (before >= 0) & first_ok & last_ok & np.isfinite(own) & np.isfinite(market)
    return Pairs(np.where(valid, own, 0.0), np.where(valid, market, 0.0), valid)


def locate(panel: Panel, dates: I4, wanted: I4) -> tuple[np.ndarray, Mask]:
    """Row of the newest of ``dates`` on or before each wanted date, and whether it is fresh enough."""
    row = np.searchsorted(dates, wanted, side="right") - 1
    found = np.maximum(row, 0)
    session = np.searchsorted(panel.calendar, wanted, side="right")
    age = session - np.searchsorted(panel.calendar, dates[found], side="right")
    return found, (row >= 0) & (age <= MAX_AGE_SESSIONS)


def market_series(panel: Panel) -> tuple[I4, F8]:
    """Dates and growth of the benchmark, or of the equal-weighted market in its place."""
    if panel.benchmark is not None:
        lo, hi = panel.offsets[panel.benchmark], panel.offsets[panel.benchmark + 1]
        return panel.date[lo:hi], panel.growth[lo:hi]
    calendar = panel.calendar
    if not len(calendar):
        return calendar, np.empty(0)
    equity = np.array([kind == "equity" for kind in panel.asset_type], dtype=bool)
    counted = equity if equity.any() else ~equity
    session = np.searchsorted(calendar, panel.date)
    before = previous_date(panel)
    on_session = calendar[np.minimum(session, len(calendar) - 1)] == panel.date
    adjacent = calendar[np.maximum(session - 1, 0)] == before
    use = counted[panel.owner] & (session > 0) & on_session & adjacent & np.isfinite(panel.growth)
    n = np.bincount(session[use], minlength=len(calendar))
    # bars lie symbol after symbol in the order of their names: one fixed order of summation
    total = np.bincount(session[use], weights=panel.growth[use] - 1.0, minlength=len(calendar))
    with np.errstate(invalid="ignore"):
        return calendar, 1.0 + total / n


def regress(panel: Panel, pairs: Pairs, window: int) -> Regression:
    """Least squares of own on market returns over the last ``window`` bars."""
    own, market, valid = pairs
    n = fold_sum(panel, valid.astype(np.float64), window)
    sum_own, sum_market = fold_sum(panel, own, window), fold_sum(panel, market, window)
    cross, square = fold_sum(panel, own * market, window), fold_sum(panel, market * market, window)
    highest = fold_max(panel, np.where(valid, market, -np.inf), window)
    lowest = fold_min(panel, np.where(valid, market, np.inf), window)
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = (cross - sum_own * sum_market / n) / (square - sum_market * sum_market / n)
    return Regression(beta, n, highest > lowest)
