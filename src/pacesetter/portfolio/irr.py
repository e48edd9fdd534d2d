"""The money-weighted return: the yearly rate at which all that was paid in grows to what came of it."""

from __future__ import annotations

import math

import numpy as np

from pacesetter.market.panel import F8

YEAR_DAYS = 365.0
REACH = 30.0  # growth over the whole span between e⁻³⁰ and e³⁰
STEPS = 60  # on each side of zero, denser near it


def solve_irr(days: F8, flows: F8) -> tuple[float | None, str]:
    """The rate r with Σ flow · (1 + r)^(−days/365) = 0, as a fraction a year, or None and why.

    ``days`` (float64, n) count from any day; ``flows`` (float64, n) are seen by the
    portfolio's owner: paid in negative, paid out and the last value positive. Where
    several rates solve it, the one nearest to 0 is given.
    """
    moved = flows != 0
    days, flows = days[moved], flows[moved]
    if not len(flows) or flows.max() <= 0:
        return None, "nothing came back of what was paid in"
    if flows.min() >= 0:
        return None, "no money was paid in"
    span = days.max() - days.min()
    if span <= 0:
        return None, "no day has passed yet"
    years = (days - days.min()) / span  # in spans, so that a week is as easy as thirty years
    side = np.sinh(np.linspace(0.0, 6.0, STEPS + 1)[1:]) * (REACH / math.sinh(6.0))
    grid = np.concatenate((-side[::-1], [0.0], side))
    # discounted to the span's end where the rate is low, so that no exponent is large
    worth = np.exp(-np.outer(grid, years) + np.minimum(grid, 0.0)[:, None]) @ flows
    sign = np.sign(worth)
    changes = np.flatnonzero(sign[:-1] * sign[1:] <= 0)
    if not len(changes):
        return None, "no rate turns what was paid in into what came back"
    # of several brackets, the nearest to zero
    nearest = changes[np.argmin(np.maximum(np.abs(grid[changes]), np.abs(grid[changes + 1])))]
    x = _root(years, flows, float(grid[nearest]), float(grid[nearest + 1]))
    exponent = x * YEAR_DAYS / span
    if exponent > math.log(np.finfo(np.float64).max) - 1:
        return None, "too little time has passed to speak of a year"
    return math.expm1(exponent), ""


def _root(years: F8, flows: F8, low: float, high: float) -> float:
    """The root between two ends of unlike sign, by Newton's steps kept inside the bracket."""
    at_low = float(flows @ np.exp(-low * years))
    if at_low == 0:
        return low
    x = 0.5 * (low + high)
    for _ in range(200):
        terms = flows * np.exp(-x * years)
        worth = float(terms.sum())
        if worth == 0:
            return x
        if (worth > 0) == (at_low > 0):
            low = x
        else:
            high = x
        slope = -float(terms @ years)
        step = x - worth / slope if slope else low
        new = step if low < step < high else 0.5 * (low + high)
        if abs(new - x) <= 1e-15 * max(1.0, abs(x)) or not low < new < high:
            return new
        x = new
    return x
