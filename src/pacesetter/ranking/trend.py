"""Where a score is heading, and how a symbol did over a year: two plain readings beside a rank."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy as np

from pacesetter.market.panel import F8, Panel

DATES = 7
STEEP = 0.5  # points of score a published date
YEAR_BARS = 253  # a price and the 252 changes after it
MONTHS = 12

Direction = Literal["up", "down", "flat"]


@dataclass(frozen=True)
class Trend:
    """``slope`` in points of score a published date, and what to call it."""

    slope: float
    direction: Direction


@dataclass(frozen=True)
class LongTerm:
    """The long-term score and its three parts, each 0–100; all None with a ``reason`` where there is none.

    ``one_year``: return over 252 bars clamped to [−1, 3] on a line; ``drawdown``: 100 less the
    worst fall in percent; ``positive_months``: share of the ``n_months`` months counted.
    """

    score: float | None
    one_year: float | None
    drawdown: float | None
    positive_months: float | None
    n_months: int
    reason: str = ""


def score_trend(scores: F8) -> Trend | None:
    """Least-squares slope of the newest seven of ``scores`` (float64, one a published date, oldest
    first, 0–100) on 0..6; None for fewer than seven or a missing one among them."""
    newest = np.asarray(scores, dtype=np.float64)[-DATES:]
    if len(newest) < DATES or not np.isfinite(newest).all():
        return None
    # Σ(x − x̄)y / Σ(x − x̄)², divided once at the end: a slope of exactly one half stays exact
    slope = fsum((x - 3) * float(y) for x, y in enumerate(newest)) / 28.0
    direction: Direction = "up" if slope > STEEP else "down" if slope < -STEEP else "flat"
    return Trend(slope, direction)


def long_term_scores(panel: Panel) -> tuple[LongTerm, ...]:
    """The long-term score of every symbol (S) on the panel's last session."""
    return tuple(long_term_score(panel, s) for s in range(panel.n_symbols))


def long_term_score(panel: Panel, symbol: int) -> LongTerm:
    """The long-term score of one symbol (its index) on the panel's last session.

    The return and the drawdown are over the symbol's newest 253 bars on adjusted prices. A
    month is full when it ended by the session; of the last twelve full ones those count that
    the symbol has bars in and before, so a symbol of just 253 bars has eleven. Reasons:
    ``no_bars``, ``stale``, ``too_few_bars``, ``no_full_month``, ``undefined``.
    """
    last = int(panel.asof[-1, symbol])
    if last < 0:
        return refuse("stale" if panel.newest[-1, symbol] >= 0 else "no_bars")
    first = int(panel.offsets[symbol])
    if last + 1 - first < YEAR_BARS:
        return refuse("too_few_bars")
    growth = panel.growth[first : last + 1]
    year = growth[1 - YEAR_BARS :]
    if not np.isfinite(year).all():
        return refuse("undefined")
    months = month_growth(panel.date[first : last + 1], growth, int(panel.sessions[-1]))
    if not len(months):
        return refuse("no_full_month")
    path = np.concatenate([[1.0], np.cumprod(year)])
    one_year = 25.0 * (min(max(float(path[-1]) - 1.0, -1.0), 3.0) + 1.0)
    drawdown = 100.0 * float((path / np.maximum.accumulate(path)).min())
    positive = 100.0 * float((months > 1.0).mean())
    return LongTerm(fsum((one_year, drawdown, positive)) / 3.0, one_year, drawdown, positive, len(months))


def refuse(reason: str) -> LongTerm:
    """No long-term score."""
    return LongTerm(None, None, None, None, 0, reason)


def month_growth(date: np.ndarray, growth: F8, day: int) -> F8:
    """Price ratios of a symbol's last twelve full calendar months by ``day``, oldest first.

    ``date``: days since 1970-01-01 (int32, n); ``growth``: float64, n. A month without bars,
    or with the symbol's first bar, from which nothing had grown yet, is left out.
    """
    month = months_of(date)
    now = int(months_of(np.array([day]))[0])
    # no weekday is left in it: a holiday at its very end makes the month count a little later
    over = (
        months_of(np.busday_offset(np.datetime64(day, "D"), [1], roll="backward").astype(np.int64))[0] > now
    )
    newest = now if over else now - 1
    inside = [growth[month == m] for m in range(newest - MONTHS + 1, newest + 1)]
    return np.array([np.prod(g) for g in inside if len(g) and np.isfinite(g).all()])


def months_of(days: np.ndarray) -> np.ndarray:
    """Calendar months since 1970-01 of days since 1970-01-01 (int64)."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
