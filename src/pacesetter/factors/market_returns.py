"""The market beside each bar: the benchmark's return between the same two dates."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from pacesetter.factors.windows import kernels, previous_date
from pacesetter.market.panel import F8, I4, MAX_AGE_SESSIONS, MarketLine, Panel

MIN_PAIRS, MIN_RECENT = 200, 100
YEAR, HALF_YEAR = 252, 126


class Fit(NamedTuple):
    """Least squares of own on market returns: ``beta`` over 252 bars and ``excess`` = Σ r − β·m
    over 126 (float64, N; NaN where the market did not move); the pairs in both (int32, N)."""

    beta: F8
    excess: F8
    n: I4
    recent: I4


_fits: WeakKeyDictionary[Panel, Fit] = WeakKeyDictionary()  # more than one factor asks for it


def fit_market(panel: Panel) -> Fit:
    """Regress each symbol's returns, bar to bar, on the market's between the same two dates.

    The benchmark's price on a date without a bar is its last one, at most five sessions
    old, else the pair drops.
    """
    fit = _fits.get(panel)
    if fit is None:
        line = panel.market or measure_market(panel)
        loops = kernels("market")
        own, market, count = loops.pair(
            panel.date, panel.growth, panel.offsets, line.growth, line.row_at, line.first_day
        )
        fit = Fit(*loops.regress(own, market, count, panel.offsets, HALF_YEAR))
        _fits[panel] = fit
    return fit


def measure_market(panel: Panel) -> MarketLine:
    """The benchmark's line, or the equal-weighted market's where no benchmark is stored."""
    if not len(panel.date):
        return MarketLine(np.empty(0), np.empty(0, np.int32), 0)
    if panel.benchmark is not None:
        lo, hi = panel.offsets[panel.benchmark], panel.offsets[panel.benchmark + 1]
        dates, growth = panel.date[lo:hi], panel.growth[lo:hi]
    else:
        dates, growth = panel.calendar, equal_weighted(panel)
    first, last = int(panel.date.min()), int(panel.date.max())
    days = np.arange(first, last + 1, dtype=np.int32)
    if not len(dates):
        return MarketLine(growth, np.full(len(days), -1, np.int32), first)
    row = np.searchsorted(dates, days, side="right") - 1
    session = np.searchsorted(panel.calendar, days, side="right")
    age = session - np.searchsorted(panel.calendar, dates[np.maximum(row, 0)], side="right")
    return MarketLine(growth, np.where(age <= MAX_AGE_SESSIONS, row, -1).astype(np.int32), first)


def equal_weighted(panel: Panel) -> F8:
    """Mean growth over one session of the equities with bars on both (float64, one a session of
    the calendar; NaN where there are none), summed in the order of their names."""
    calendar = panel.calendar
    if not len(calendar):
        return np.empty(0)
    equity = np.array([kind == "equity" for kind in panel.asset_type], dtype=bool)
    counted = equity if equity.any() else ~equity
    session = np.searchsorted(calendar, panel.date)
    on_session = calendar[np.minimum(session, len(calendar) - 1)] == panel.date
    adjacent = calendar[np.maximum(session - 1, 0)] == previous_date(panel)
    use = counted[panel.owner] & (session > 0) & on_session & adjacent & np.isfinite(panel.growth)
    rows = np.flatnonzero(use)
    place = np.argsort(np.argsort(np.array(panel.symbols), kind="stable"))
    rows = rows[np.argsort(place[panel.owner[rows]], kind="stable")]
    n = np.bincount(session[rows], minlength=len(calendar))
    total = np.bincount(session[rows], weights=panel.growth[rows] - 1.0, minlength=len(calendar))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1.0 + total / n
