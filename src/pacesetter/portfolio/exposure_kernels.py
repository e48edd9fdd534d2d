"""The compiled regressions: one factor each, and all styles jointly by ridge.

Symbols stand side by side in the inner loops, each in a lane of its own, and every sum runs over
the sessions in their order: the same bits whatever other symbols, blocks or threads there are. A
symbol that has a return on every row that its proxies have shares their preparation; one with
holes gets a preparation of its own rows, kept while the next one has the same rows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

BLOCK = 128  # symbols at a time: their window stays in the processor's cache
FINE, NO_BARS, TOO_FEW, DEGENERATE, NO_PROXY = range(5)
STILL = 1e-12  # a standard deviation of daily returns below this is rounding


@njit(cache=True, nogil=True, error_model="numpy")
def rows_of(x, end, window):  # type: ignore[no-untyped-def]
    """Rows of the window ending at ``end`` where all columns of x (T×K) are finite, ascending (int64)."""
    first = max(0, end - window + 1)
    rows = np.empty(end - first + 1, np.int64)
    n = 0
    for t in range(first, end + 1):
        whole = True
        for k in range(x.shape[1]):
            whole &= np.isfinite(x[t, k])
        if whole:
            rows[n] = t
            n += 1
    return rows[:n]


@njit(cache=True, nogil=True, error_model="numpy")
def centre(x, rows, k):  # type: ignore[no-untyped-def]
    """Column k of x on ``rows`` less its mean, and the sum of its squares."""
    n = len(rows)
    total = 0.0
    for i in range(n):
        total += x[rows[i], k]
    mean = total / n
    out = np.empty(n)
    squares = 0.0
    for i in range(n):
        out[i] = x[rows[i], k] - mean
        squares += out[i] * out[i]
    return out, squares


@njit(cache=True, nogil=True, error_model="numpy")
def invert(a):  # type: ignore[no-untyped-def]
    """The inverse of a symmetric positive definite K×K by Cholesky; NaN where it is none."""
    size = len(a)
    low = np.zeros((size, size))
    for i in range(size):
        for j in range(i + 1):
            rest = a[i, j]
            for m in range(j):
                rest -= low[i, m] * low[j, m]
            if i == j:
                # a pivot that is rounding alone belongs to a column that the others make up
                low[i, i] = np.sqrt(rest) if rest > 1e-13 * a[i, i] else np.nan
            else:
                low[i, j] = rest / low[j, j]
    half = np.zeros((size, size))  # the inverse of low
    for j in range(size):
        half[j, j] = 1.0 / low[j, j]
        for i in range(j + 1, size):
            rest = 0.0
            for m in range(j, i):
                rest -= low[i, m] * half[m, j]
            half[i, j] = rest / low[i, i]
    out = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            total = 0.0
            for m in range(max(i, j), size):
                total += half[m, i] * half[m, j]
            out[i, j] = total
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def fit_lane(y, x, solve, plain):  # type: ignore[no-untyped-def]
    """One block: y (n×B, centred here), x (n×K, centred), ``solve`` (K×K) from Σxy to slopes, or
    where ``plain`` holds Σx² of the one column.

    Gives slopes (K×B), residual and total sums of squares (B each); NaN for a lane with a hole.
    """
    n, lanes = y.shape
    columns = x.shape[1]
    mean = np.zeros(lanes)
    for i in range(n):
        for b in range(lanes):
            mean[b] += y[i, b]
    for b in range(lanes):
        mean[b] /= n
    cross = np.zeros((columns, lanes))
    total = np.zeros(lanes)
    for i in range(n):
        for b in range(lanes):
            y[i, b] -= mean[b]
            total[b] += y[i, b] * y[i, b]
        for k in range(columns):
            own = x[i, k]
            for b in range(lanes):
                cross[k, b] += own * y[i, b]
    slope = np.zeros((columns, lanes))
    if plain:  # divided, not multiplied by an inverse: a proxy on itself is 1 to the last bit
        for b in range(lanes):
            slope[0, b] = cross[0, b] / solve[0, 0]
    else:
        for k in range(columns):
            for j in range(columns):
                own = solve[k, j]
                for b in range(lanes):
                    slope[k, b] += own * cross[j, b]
    rest = np.empty(lanes)
    residual = np.zeros(lanes)
    for i in range(n):
        rest[:] = y[i]
        for k in range(columns):
            own = x[i, k]
            for b in range(lanes):
                rest[b] -= slope[k, b] * own
        for b in range(lanes):
            residual[b] += rest[b] * rest[b]
    return slope, residual, total


@njit(cache=True, nogil=True, error_model="numpy")
def prepare(x, rows, penalty):  # type: ignore[no-untyped-def]
    """What a regression on ``rows`` of x (T×K) needs of the proxies alone.

    The centred (ridge: standardised) columns n×K, the K×K from Σxy to slopes (one column: Σx²), the
    variance of each slope in the given units over s² (K), what divides the slopes (K), degrees of
    freedom left, variance inflation (K), and whether a column stands still. ``penalty`` < 0: none.
    """
    n, columns = len(rows), x.shape[1]
    ready = np.empty((n, columns))
    deviation = np.ones(columns)
    squares = np.empty(columns)
    still = False
    for k in range(columns):
        column, squares[k] = centre(x, rows, k)
        spread = np.sqrt(squares[k] / n)
        still |= not spread > STILL
        if penalty >= 0.0:
            deviation[k] = spread
        for i in range(n):
            ready[i, k] = column[i] / deviation[k]
    variance = np.full(columns, np.nan)
    inflation = np.full(columns, np.nan)
    solve = np.zeros((columns, columns))
    if still:
        return ready, solve, variance, deviation, np.nan, inflation, still
    if penalty < 0.0:
        solve[0, 0] = squares[0]
        variance[0] = 1.0 / squares[0]
        return ready, solve, variance, deviation, n - 2.0, inflation, still
    gram = np.zeros((columns, columns))
    for i in range(n):
        for k in range(columns):
            for j in range(k + 1):
                gram[k, j] += ready[i, k] * ready[i, j]
    for k in range(columns):
        for j in range(k):
            gram[j, k] = gram[k, j]
    penalised = gram.copy()
    for k in range(columns):
        penalised[k, k] += penalty
    solve = invert(penalised)
    plain = invert(gram)
    used = 0.0  # effective parameters: the trace of X A⁻¹ Xᵀ
    for k in range(columns):
        inflation[k] = gram[k, k] * plain[k, k]
        spread = 0.0
        for j in range(columns):
            used += solve[k, j] * gram[j, k]
            for m in range(columns):
                spread += solve[k, j] * gram[j, m] * solve[m, k]
        variance[k] = spread / (deviation[k] * deviation[k])
    return ready, solve, variance, deviation, n - 1.0 - used, inflation, still


@njit(cache=True, nogil=True, error_model="numpy")
def store(ready, fit, b, d, s, beta, error, explained, vif):  # type: ignore[no-untyped-def]
    """Lane b of a fit as the results of symbol s on date d."""
    _, _, variance, deviation, freedom, inflation, _ = ready
    slope, residual, total = fit
    n = len(ready[0])
    for k in range(len(variance)):
        beta[k, d, s] = slope[k, b] / deviation[k]
        if freedom > 0:
            error[k, d, s] = np.sqrt(residual[b] / freedom * variance[k])
        if vif.shape[0] > 0 and np.isfinite(inflation[k]):
            vif[k, d, s] = inflation[k]
    if total[b] > n * STILL * STILL:
        explained[d, s] = 1.0 - residual[b] / total[b]


@njit(cache=True, nogil=True, error_model="numpy")
def regress(  # type: ignore[no-untyped-def]
    y, x, ends, window, minimum, penalty, first, last, beta, error, explained, count, vif, reason
):
    """Symbols ``first`` to ``last`` (excluded) of y (T×S) on x (T×K) in windows ending at ``ends`` (D).

    ``penalty`` < 0: least squares on the one column; else ridge on all. Fills beta and error (K×D×S),
    explained, count and reason (D×S) and vif (K×D×S, or empty), which come filled with NaN and 0.
    """
    for d in range(len(ends)):
        rows = rows_of(x, ends[d], window)
        start = max(0, ends[d] - window + 1)
        n = len(rows)
        used = rows if n >= minimum else rows[:0]
        shared = prepare(x, used, penalty)
        own, own_rows = shared, used
        picked = np.empty(n, np.int64)
        for low in range(first, last, BLOCK):
            high = min(low + BLOCK, last)
            block = np.empty((len(used), high - low))
            for i in range(len(used)):
                block[i] = y[used[i], low:high]
            fit = fit_lane(block, shared[0], shared[1], penalty < 0.0)
            for s in range(low, high):
                if n >= minimum and np.isfinite(fit[2][s - low]):
                    count[d, s] = n
                    if shared[6]:
                        reason[d, s] = DEGENERATE
                    else:
                        store(shared, fit, s - low, d, s, beta, error, explained, vif)
                    continue
                found = 0
                for i in range(n):
                    if np.isfinite(y[rows[i], s]):
                        picked[found] = rows[i]
                        found += 1
                count[d, s] = found
                if found < minimum:
                    reason[d, s] = NO_BARS
                    for t in range(start, ends[d] + 1):
                        if np.isfinite(y[t, s]):
                            reason[d, s] = TOO_FEW
                            break
                    continue
                if not np.array_equal(own_rows, picked[:found]):
                    own_rows = picked[:found].copy()
                    own = prepare(x, own_rows, penalty)
                if own[6]:
                    reason[d, s] = DEGENERATE
                    continue
                alone = np.empty((found, 1))
                for i in range(found):
                    alone[i, 0] = y[own_rows[i], s]
                store(
                    own, fit_lane(alone, own[0], own[1], penalty < 0.0), 0, d, s, beta, error, explained, vif
                )
