"""The market's return between the dates of each bar and the one before, and the regression on it."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.kernels.compiled import compiled
from pacesetter.factors.kernels.folds import fold


@compiled
def pair(date, growth, offsets, market_growth, row_at, first_day):  # type: ignore[no-untyped-def]
    """Own and market returns of each bar (0 where one is missing), and how many pairs there were
    up to it in its symbol."""
    own, market = np.zeros(len(date)), np.zeros(len(date))
    count = np.zeros(len(date), dtype=np.int32)
    for s in range(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        for t in range(lo + 1, hi):
            first, last = row_at[date[t - 1] - first_day], row_at[date[t] - first_day]
            count[t] = count[t - 1]
            if first < 0 or last < 0:
                continue
            product = 1.0
            for row in range(first + 1, last + 1):
                product *= market_growth[row]
            if np.isfinite(product) and np.isfinite(growth[t]):
                own[t], market[t] = growth[t] - 1.0, product - 1.0
                count[t] += 1
    return own, market, count


@compiled
def regress(own, market, count, offsets, half):  # type: ignore[no-untyped-def]
    """β over 2·half bars and the sums of market-adjusted returns over ``half``; pairs in both.

    β is NaN where the market did not move, beyond rounding.
    """
    sums = np.empty((4, len(own)))
    sums[0] = fold(own, offsets, half, 0)
    sums[1] = fold(market, offsets, half, 0)
    sums[2] = fold(own * market, offsets, half, 0)
    sums[3] = fold(market * market, offsets, half, 0)
    beta, rest = np.full(len(own), np.nan), np.full(len(own), np.nan)
    n, recent = np.zeros(len(own), dtype=np.int32), np.zeros(len(own), dtype=np.int32)
    for s in range(len(offsets) - 1):
        lo = offsets[s]
        for t in range(lo, offsets[s + 1]):
            a, b, c, d = sums[0, t], sums[1, t], sums[2, t], sums[3, t]
            near, far = t - half, t - 2 * half
            recent[t] = count[t] - (count[near] if near >= lo else 0)
            n[t] = count[t] - (count[far] if far >= lo else 0)
            if near >= lo:
                a, b, c, d = sums[0, near] + a, sums[1, near] + b, sums[2, near] + c, sums[3, near] + d
            if n[t] == 0:
                continue
            moved = d - b * b / n[t]
            if moved > 1e-12 * d:
                beta[t] = (c - a * b / n[t]) / moved
                rest[t] = sums[0, t] - beta[t] * sums[1, t]
    return beta, rest, n, recent
