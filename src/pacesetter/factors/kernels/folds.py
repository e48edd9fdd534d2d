"""Folds and moments over the last w values of a symbol, in a fixed order."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.kernels.compiled import compiled

BLOCK = 512  # bars at a time: their sums stay in the first-level cache


@compiled
def join(older, newer, out, operation):  # type: ignore[no-untyped-def]
    """One join of two folds, element by element; slices begin at 0, so that the loops are vectorised."""
    if operation == 0:
        for i in range(len(out)):
            out[i] = older[i] + newer[i]
    elif operation == 1:
        for i in range(len(out)):
            out[i] = older[i] * newer[i]
    else:
        for i in range(len(out)):
            out[i] = older[i] if older[i] > newer[i] else newer[i]


@compiled
def fold(x, offsets, window, operation):  # type: ignore[no-untyped-def]
    """Fold by doubling; operation 0 sum, 1 product, 2 maximum. Short windows fold what there is."""
    out = np.empty(len(x))
    longest = 0
    for s in range(len(offsets) - 1):
        longest = max(longest, offsets[s + 1] - offsets[s])
    level, wider = np.empty(longest), np.empty(longest)
    total, spare = np.empty(longest), np.empty(longest)
    for s in range(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        n = hi - lo
        level[:n] = x[lo:hi]  # the last `size` values, folded; in `total`, the last `done`
        done, size, rest = 0, 1, window
        while rest > 0:
            if rest & 1:
                if done == 0:
                    total[:n] = level[:n]
                else:
                    edge = min(done, n)
                    spare[:edge] = total[:edge]
                    join(level[: n - edge], total[edge:n], spare[edge:n], operation)
                    total, spare = spare, total
                done += size
            rest >>= 1
            if rest > 0:
                edge = min(size, n)
                wider[:edge] = level[:edge]
                join(level[: n - edge], level[edge:n], wider[edge:n], operation)
                level, wider = wider, level
                size *= 2
        out[lo:hi] = total[:n]
    return out


@compiled
def moments(x, mean, offsets, window, third):  # type: ignore[no-untyped-def]
    """Σ (x − mean_t)² and, where ``third``, Σ (x − mean_t)³ over the window, oldest first.

    NaN for a window that is not full. Three values a pass: a sum is then stored less often.
    """
    squares = np.full(len(x), np.nan)
    cubes = np.full(len(x) if third else 0, np.nan)
    for s in range(len(offsets) - 1):
        start, hi = offsets[s] + window - 1, offsets[s + 1]
        while start < hi:
            stop = min(start + BLOCK, hi)
            centre, square = mean[start:stop], squares[start:stop]
            cube = cubes[start:stop] if third else square
            square[:] = 0.0
            cube[:] = 0.0
            back = window - 1
            while back >= 2:
                x1 = x[start - back : stop - back]
                x2 = x[start - back + 1 : stop - back + 1]
                x3 = x[start - back + 2 : stop - back + 2]
                if third:
                    for i in range(len(centre)):
                        a, b, c = x1[i] - centre[i], x2[i] - centre[i], x3[i] - centre[i]
                        square[i] = ((square[i] + a * a) + b * b) + c * c
                        cube[i] = ((cube[i] + a * a * a) + b * b * b) + c * c * c
                else:
                    for i in range(len(centre)):
                        a, b, c = x1[i] - centre[i], x2[i] - centre[i], x3[i] - centre[i]
                        square[i] = ((square[i] + a * a) + b * b) + c * c
                back -= 3
            while back >= 0:
                for i in range(len(centre)):
                    d = x[start - back + i] - centre[i]
                    square[i] += d * d
                    if third:
                        cube[i] += d * d * d
                back -= 1
            start = stop
    return squares, cubes
