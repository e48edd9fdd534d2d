"""The compiled loops over dates. Threads share out whole dates, so their number changes no bit."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

ROBUST, STANDARD, FLAT, FEW = 0, 1, 2, 3


@njit(cache=True)
def middle(ordered):  # type: ignore[no-untyped-def]
    """Median of sorted values."""
    n = len(ordered)
    half = n // 2
    return ordered[half] if n % 2 else 0.5 * (ordered[half - 1] + ordered[half])


@njit(cache=True, parallel=True)
def robust_statistics(raw, member):  # type: ignore[no-untyped-def]
    """Count, centre, scale and rule a date (T), over the members' values (T×S)."""
    days = raw.shape[0]
    count = np.zeros(days, dtype=np.int64)
    centre = np.full(days, np.nan)
    scale = np.full(days, np.nan)
    rule = np.full(days, FEW, dtype=np.int8)
    for t in prange(days):
        values = raw[t][member[t] & np.isfinite(raw[t])]
        n = len(values)
        count[t] = n
        if n < 5:
            continue
        centre[t] = middle(np.sort(values))
        spread = 1.4826 * middle(np.sort(np.abs(values - centre[t])))
        rule[t] = ROBUST
        if spread == 0.0:
            mean = 0.0
            for x in values:
                mean += x
            mean /= n
            square = 0.0
            for x in values:
                square += (x - mean) * (x - mean)
            spread = np.sqrt(square / n)
            centre[t] = mean
            rule[t] = STANDARD
            # equal values leave rounding behind, not spread
            if spread <= 1e-14 * max(abs(mean), 1e-300) or np.min(values) == np.max(values):
                spread, rule[t] = 0.0, FLAT
        scale[t] = spread
    return count, centre, scale, rule


@njit(cache=True, parallel=True)
def percentiles(composite):  # type: ignore[no-untyped-def]
    """100·(below + ½·(equal − 1))/(n − 1) a date, over all finite values; n = 1 gives 50."""
    out = np.full(composite.shape, np.nan)
    for t in prange(composite.shape[0]):
        ordered = np.sort(composite[t][np.isfinite(composite[t])])
        n = len(ordered)
        for s in range(composite.shape[1]):
            x = composite[t, s]
            if np.isfinite(x):
                below = np.searchsorted(ordered, x, side="left")
                equal = np.searchsorted(ordered, x, side="right") - below
                out[t, s] = 50.0 if n == 1 else 100.0 * (below + 0.5 * (equal - 1)) / (n - 1)
    return out


@njit(cache=True, parallel=True)
def competition_ranks(composite, member):  # type: ignore[no-untyped-def]
    """1 + how many members have more (1 best, equal values share); 0 for a non-member or NaN."""
    out = np.zeros(composite.shape, dtype=np.int32)
    for t in prange(composite.shape[0]):
        ranked = member[t] & np.isfinite(composite[t])
        ordered = np.sort(composite[t][ranked])
        n = len(ordered)
        for s in range(composite.shape[1]):
            if ranked[s]:
                out[t, s] = 1 + n - np.searchsorted(ordered, composite[t, s], side="right")
    return out
