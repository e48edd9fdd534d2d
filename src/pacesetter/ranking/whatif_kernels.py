"""The compiled loops of the what-if. Threads share out whole dates, so their number changes no bit.

They let go of the interpreter's lock and are shared out by a pool of threads of Python's own:
numba's threads spin while they wait for each other, which on a busy machine doubles the wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import get_num_threads, njit, set_num_threads

MIN_PAIRS = 5  # fewer say nothing about a correlation
MIN_NAMES = 10  # fewer have no fifths
RAW, SCORED = 1, 2  # a value that counts for coverage alone, and one that has a z too


@njit(cache=True, error_model="numpy")
def compose_date(z, state, member, weights, whole, minimum, rescale, t, out):  # type: ignore[no-untyped-def]
    """The composites of date ``t`` into ``out`` (S), NaN where there is none.

    The same additions in the same order as in ``scores.score_scope``, so the same bits.
    """
    coverage = np.zeros(len(out))
    scored = np.zeros(len(out))
    out[:] = 0.0
    for f in range(len(weights)):
        for s in range(len(out)):
            coverage[s] += weights[f] * (state[f, t, s] >= RAW)
            scored[s] += weights[f] * (state[f, t, s] == SCORED)
            out[s] += weights[f] * z[f, t, s]
    known = 0
    for s in range(len(out)):
        coverage[s] = np.rint(coverage[s] / whole * 1e12) / 1e12 if member[t, s] else 0.0
        known += coverage[s] > 0
    for s in range(len(out)):
        total = out[s] / scored[s] if rescale else out[s]
        if rescale and known == 1:
            total = 0.0  # a single symbol has nothing to differ from: in the middle
        enough = coverage[s] > 0 and coverage[s] >= minimum - 1e-12
        out[s] = np.rint(total * 1e12) / 1e12 + 0.0 if enough else np.nan


@njit(cache=True, nogil=True)
def compose(z, state, member, weights, whole, minimum, rescale):  # type: ignore[no-untyped-def]
    """Composites (float64 T×S) of z (F×T×S); ``state`` uint8 F×T×S: 0, ``RAW`` or ``SCORED``."""
    out = np.empty(member.shape)
    for t in range(len(out)):
        compose_date(z, state, member, weights, whole, minimum, rescale, t, out[t])
    return out


@njit(cache=True)
def sort_finite(values):  # type: ignore[no-untyped-def]
    """Where the finite values are, ascending (int64).

    Composites spread rather evenly, so as many buckets as values put nearly all in place, and
    insertion mends the rest: a quarter of the time of ``argsort``, which is most of a what-if.
    """
    found = np.flatnonzero(np.isfinite(values))
    n = len(found)
    if n < 2:
        return found
    low, high = values[found[0]], values[found[0]]
    for s in found:
        low, high = min(low, values[s]), max(high, values[s])
    scale = (n - 1) / (high - low) if high > low else 0.0
    start = np.zeros(n + 1, dtype=np.int64)
    for s in found:
        start[int((values[s] - low) * scale) + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    order = np.empty(n, dtype=np.int64)
    for s in found:
        bucket = int((values[s] - low) * scale)
        order[start[bucket]] = s
        start[bucket] += 1
    for i in range(1, n):
        s, j = order[i], i - 1
        while j >= 0 and values[order[j]] > values[s]:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = s
    return order


@njit(cache=True)
def double_ranks(values, order, other, out):  # type: ignore[no-untyped-def]
    """Twice the average rank (whole numbers) of the values whose ``other`` is finite; how many they are.

    ``order``: where the values are, ascending, negative behind the last.
    """
    kept = np.empty(len(order), dtype=np.int64)
    before = np.nan
    n, first = 0, 0
    for s in order:
        if s < 0:
            break
        if np.isfinite(other[s]):
            if values[s] != before:
                share_rank(kept, first, n, out)
                first, before = n, values[s]
            out[s] = 2 * n + 2
            kept[n] = s
            n += 1
    share_rank(kept, first, n, out)
    return n


@njit(cache=True)
def share_rank(kept, first, end, out):  # type: ignore[no-untyped-def]
    """Equal values share the average of their ranks."""
    if end - first > 1:
        for i in range(first, end):
            out[kept[i]] = first + end + 1


@njit(cache=True)
def correlate(composite, ascending, forward, order):  # type: ignore[no-untyped-def]
    """Spearman's correlation with average ranks, exact in whole numbers until the last division."""
    mine = np.zeros(len(composite), dtype=np.int64)
    theirs = np.zeros(len(composite), dtype=np.int64)
    n = double_ranks(composite, ascending, forward, mine)
    if n < MIN_PAIRS:
        return np.nan
    double_ranks(forward, order, composite, theirs)
    both, own, other = 0, 0, 0
    for s in range(len(composite)):  # those without a pair have rank 0 in both
        both, own, other = both + mine[s] * theirs[s], own + mine[s] ** 2, other + theirs[s] ** 2
    middle = n * (n + 1) ** 2
    own, other = own - middle, other - middle
    return (both - middle) / (np.sqrt(own) * np.sqrt(other)) if own > 0 and other > 0 else np.nan


@njit(cache=True)
def mark_top(composite, ascending, out):  # type: ignore[no-untyped-def]
    """True for the names above the 80th percentile (linear interpolation) of the date's composites."""
    n = len(ascending)
    if n >= MIN_NAMES:
        edge = composite[ascending[4 * (n - 1) // 5]]
        for s in ascending:
            out[s] = composite[s] > edge


@njit(cache=True, nogil=True)
def judge(  # type: ignore[no-untyped-def]
    z, state, member, weights, whole, minimum, rescale, forward, order, first, end, correlation, top
):
    """Fill ``correlation`` (T; with ``forward``) and ``top`` (bool T×S) on the dates ``first`` to ``end``.

    ``forward``: T×S, members' only; ``order``: where it ascends, −1 behind the last (int32 T×S).
    """
    composite = np.empty(member.shape[1])
    for t in range(first, end):
        compose_date(z, state, member, weights, whole, minimum, rescale, t, composite)
        ascending = sort_finite(composite)
        mark_top(composite, ascending, top[t])
        correlation[t] = correlate(composite, ascending, forward[t], order[t])


@njit(cache=True, nogil=True)
def turn_over(top):  # type: ignore[no-untyped-def]
    """Share of each date's ``top`` that was not in the one before (T; NaN where either is empty)."""
    out = np.full(len(top), np.nan)
    for t in range(1, len(top)):
        here, before, new = 0, 0, 0
        for s in range(top.shape[1]):
            here += top[t, s]
            before += top[t - 1, s]
            new += top[t, s] and not top[t - 1, s]
        if here > 0 and before > 0:
            out[t] = new / here
    return out


def run_alone(kernel: Callable[..., Any], *given: Any) -> Any:
    """Run a parallel kernel on this thread alone: a single date is over before others wake."""
    usual = get_num_threads()
    set_num_threads(1)
    try:
        return kernel(*given)
    finally:
        set_num_threads(usual)
