"""The compiled loops. Threads share out whole symbols, so their number changes no bit."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

BLOCK = 512  # bars a block: the sums of a block stay in the first-level cache


@njit(cache=True, parallel=True)
def fold(x, offsets, window, operation):  # type: ignore[no-untyped-def]
    """Fold by doubling; operation 0 sum, 1 product, 2 maximum."""
    out = np.full(len(x), np.nan)
    for s in prange(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        n = hi - lo
        if n == 0:
            continue
        level = x[lo:hi].copy()  # the last `size` values, folded
        wider = np.empty(n)
        total = np.empty(n)  # the last `done` values, folded
        done, size, rest = 0, 1, window
        while rest > 0:
            if rest & 1:
                if done == 0:
                    total[:] = level
                elif operation == 0:
                    for t in range(done, n):
                        total[t] = level[t - done] + total[t]
                elif operation == 1:
                    for t in range(done, n):
                        total[t] = level[t - done] * total[t]
                else:
                    for t in range(done, n):
                        total[t] = max(level[t - done], total[t])
                done += size
            rest >>= 1
            if rest > 0:
                edge = min(size, n)
                wider[:edge] = level[:edge]
                if operation == 0:
                    for t in range(size, n):
                        wider[t] = level[t - size] + level[t]
                elif operation == 1:
                    for t in range(size, n):
                        wider[t] = level[t - size] * level[t]
                else:
                    for t in range(size, n):
                        wider[t] = max(level[t - size], level[t])
                level, wider = wider, level
                size *= 2
        out[lo:hi] = total
    return out


@njit(cache=True, parallel=True)
def moment(x, mean, offsets, window, power):  # type: ignore[no-untyped-def]
    """Σ (x − mean_t)^power over the window, oldest first; NaN for a window that is not full."""
    out = np.full(len(x), np.nan)
    for s in prange(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        start = lo + window - 1
        while start < hi:
            stop = min(start + BLOCK, hi)
            n = stop - start
            total = np.zeros(n)
            centre = mean[start:stop]
            for k in range(window - 1, -1, -1):
                values = x[start - k : stop - k]
                if power == 2:
                    for i in range(n):
                        d = values[i] - centre[i]
                        total[i] += d * d
                else:
                    for i in range(n):
                        d = values[i] - centre[i]
                        total[i] += d * d * d
            out[start:stop] = total
            start = stop
    return out


@njit(cache=True, parallel=True)
def drawdown(growth, offsets, window):  # type: ignore[no-untyped-def]
    """The fall below the running high needs no prices: it is min(1, fall · growth)."""
    worst = np.full(len(growth), np.nan)
    present = np.full(len(growth), np.nan)
    for s in prange(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        for t in range(lo + window - 1, hi):
            below, least = 1.0, 1.0
            for k in range(t - window + 2, t + 1):
                below = min(1.0, below * growth[k])
                least = min(least, below)
            worst[t], present[t] = least - 1.0, below - 1.0
    return worst, present


@njit(cache=True, parallel=True)
def rsi(growth, offsets, period, window):  # type: ignore[no-untyped-def]
    """Wilder's smoothing over price changes relative to the window's first close."""
    out = np.full(len(growth), np.nan)
    for s in prange(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        for t in range(lo + window, hi):
            price, up, down = 1.0, 0.0, 0.0
            for k in range(window):
                change = price * (growth[t - window + 1 + k] - 1.0)
                price += change
                gain, loss = max(change, 0.0), max(-change, 0.0)
                if k < period:
                    up += gain / period
                    down += loss / period
                else:
                    up = (up * (period - 1) + gain) / period
                    down = (down * (period - 1) + loss) / period
            if up + down > 0.0:
                out[t] = 100.0 * up / (up + down)
    return out
