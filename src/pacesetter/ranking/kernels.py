"""The compiled loops over dates. Threads share out whole dates, so their number changes no bit."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

ROBUST, STANDARD, FLAT, FEW = 0, 1, 2, 3
FEW_ROWS = 64


@njit(cache=True)
def middle(ordered):  # type: ignore[no-untyped-def]
    """Median of sorted values."""
    n = len(ordered)
    half = n // 2
    return ordered[half] if n % 2 else 0.5 * (ordered[half - 1] + ordered[half])


@njit(cache=True)
def describe(values):  # type: ignore[no-untyped-def]
    """Centre, scale and rule of one date's values."""
    n = len(values)
    if n < 5:
        return np.nan, np.nan, FEW
    centre = middle(np.sort(values))
    spread = 1.4826 * middle(np.sort(np.abs(values - centre)))
    if spread > 0.0:
        return centre, spread, ROBUST
    mean = 0.0
    for x in values:
        mean += x
    mean /= n
    square = 0.0
    for x in values:
        square += (x - mean) * (x - mean)
    spread = np.sqrt(square / n)
    # equal values leave rounding behind, not spread
    if spread <= 1e-14 * max(abs(mean), 1e-300) or np.min(values) == np.max(values):
        return mean, 0.0, FLAT
    return mean, spread, STANDARD


@njit(cache=True)
def describe_few(raw, member, count, centre, scale, rule):  # type: ignore[no-untyped-def]
    """Fill the statistics row by row."""
    for t in range(raw.shape[0]):
        values = raw[t][member[t] & np.isfinite(raw[t])]
        count[t] = len(values)
        centre[t], scale[t], rule[t] = describe(values)


@njit(cache=True, parallel=True)
def describe_all(raw, member, count, centre, scale, rule):  # type: ignore[no-untyped-def]
    """The same of all rows, on every core."""
    for t in prange(raw.shape[0]):
        values = raw[t][member[t] & np.isfinite(raw[t])]
        count[t] = len(values)
        centre[t], scale[t], rule[t] = describe(values)


def robust_statistics(raw, member):  # type: ignore[no-untyped-def]
    """Count, centre, scale and rule a date (T), over the members' values (T×S)."""
    raw, member = np.ascontiguousarray(raw), np.ascontiguousarray(member)
    days = raw.shape[0]
    made = (
        np.zeros(days, np.int64),
        np.full(days, np.nan),
        np.full(days, np.nan),
        np.full(days, FEW, np.int8),
    )
    if days < FEW_ROWS:  # waking threads takes longer than the work
        describe_few(raw, member, *made)
    else:
        describe_all(raw, member, *made)
    return made


@njit(cache=True)
def fill_percentiles(composite, out):  # type: ignore[no-untyped-def]
    """100·(below + ½·(equal − 1))/(n − 1) of one date's finite values; n = 1 gives 50."""
    ordered = np.sort(composite[np.isfinite(composite)])
    n = len(ordered)
    for s in range(len(composite)):
        x = composite[s]
        if np.isfinite(x):
            below = np.searchsorted(ordered, x, side="left")
            equal = np.searchsorted(ordered, x, side="right") - below
            out[s] = 50.0 if n == 1 else 100.0 * (below + 0.5 * (equal - 1)) / (n - 1)


@njit(cache=True)
def fill_ranks(composite, member, out):  # type: ignore[no-untyped-def]
    """1 + how many members of one date have more (1 best, equal values share)."""
    ranked = member & np.isfinite(composite)
    ordered = np.sort(composite[ranked])
    n = len(ordered)
    for s in range(len(composite)):
        if ranked[s]:
            out[s] = 1 + n - np.searchsorted(ordered, composite[s], side="right")


@njit(cache=True)
def percentiles_few(composite, out):  # type: ignore[no-untyped-def]
    """Row by row."""
    for t in range(composite.shape[0]):
        fill_percentiles(composite[t], out[t])


@njit(cache=True, parallel=True)
def percentiles_all(composite, out):  # type: ignore[no-untyped-def]
    """On every core."""
    for t in prange(composite.shape[0]):
        fill_percentiles(composite[t], out[t])


@njit(cache=True)
def ranks_few(composite, member, out):  # type: ignore[no-untyped-def]
    """Row by row."""
    for t in range(composite.shape[0]):
        fill_ranks(composite[t], member[t], out[t])


@njit(cache=True, parallel=True)
def ranks_all(composite, member, out):  # type: ignore[no-untyped-def]
    """On every core."""
    for t in prange(composite.shape[0]):
        fill_ranks(composite[t], member[t], out[t])


def percentiles(composite):  # type: ignore[no-untyped-def]
    """Scores from 0 to 100 a date (T×S); NaN stays NaN."""
    out = np.full(composite.shape, np.nan)
    composite = np.ascontiguousarray(composite)
    (percentiles_few if len(composite) < FEW_ROWS else percentiles_all)(composite, out)
    return out


def competition_ranks(composite, member):  # type: ignore[no-untyped-def]
    """Ranks a date (int32 T×S, 1 best); 0 for a non-member or NaN."""
    out = np.zeros(composite.shape, dtype=np.int32)
    composite, member = np.ascontiguousarray(composite), np.ascontiguousarray(member)
    (ranks_few if len(composite) < FEW_ROWS else ranks_all)(composite, member, out)
    return out
