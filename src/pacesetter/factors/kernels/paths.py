"""Measures that depend on the order of a window's values, folded by doubling like a sum.

Two neighbouring stretches of bars join into one: the older one's growth tells at which
price the newer one starts. So the tree of joins has one shape at every bar. A stretch
of ``size`` bars is valid from index ``size`` on: the first bar of a symbol has no growth.
"""

from __future__ import annotations

import numpy as np

from pacesetter.factors.kernels.compiled import compiled


@compiled
def scale(older, newer, out):  # type: ignore[no-untyped-def]
    """The newer stretch in prices of the older one's start."""
    for i in range(len(out)):
        out[i] = older[i] * newer[i]


@compiled
def raise_high(growth, older, newer, out):  # type: ignore[no-untyped-def]
    """The higher of both highs, relative to the older start."""
    for i in range(len(out)):
        top = growth[i] * newer[i]
        out[i] = older[i] if older[i] > top else top


@compiled
def lower_low(growth, older, newer, out):  # type: ignore[no-untyped-def]
    """The lower of both lows, relative to the older start."""
    for i in range(len(out)):
        bottom = growth[i] * newer[i]
        out[i] = older[i] if older[i] < bottom else bottom


@compiled
def deepen(growth, high, low, older, newer, out):  # type: ignore[no-untyped-def]
    """The deepest fall: inside one of both, or from the older high to the newer low."""
    for i in range(len(out)):
        across = growth[i] * low[i] / high[i]
        inside = older[i] if older[i] < newer[i] else newer[i]
        out[i] = inside if inside < across else across


@compiled
def blend(growth, older, newer, out, fade):  # type: ignore[no-untyped-def]
    """The older stretch faded by the newer one's length, and the newer one."""
    for i in range(len(out)):
        out[i] = older[i] * fade + growth[i] * newer[i]


@compiled
def join(older, newer, out, shift, kind, fade):  # type: ignore[no-untyped-def]
    """Join each stretch with the one ``shift`` bars before; rows by kind: 0 growth, high, low,
    deepest fall; 1 growth, high; 2 growth, gains, losses.

    Small loops over few, contiguous rows, because only such are vectorised.
    """
    end = out.shape[1] - shift
    growth = older[0][:end]
    scale(growth, newer[0][shift:], out[0][shift:])
    if kind == 2:
        blend(growth, older[1][:end], newer[1][shift:], out[1][shift:], fade)
        blend(growth, older[2][:end], newer[2][shift:], out[2][shift:], fade)
        return
    high = older[1][:end]
    raise_high(growth, high, newer[1][shift:], out[1][shift:])
    if kind == 0:
        low = newer[2][shift:]
        lower_low(growth, older[2][:end], low, out[2][shift:])
        deepen(growth, high, low, older[3][:end], newer[3][shift:], out[3][shift:])


@compiled
def fold_stretches(level, steps, kind, keep):  # type: ignore[no-untyped-def]
    """Join the last ``steps`` single bars of ``level`` (spoiled); valid from index ``steps`` on."""
    wider, total, spare = np.ones_like(level), np.ones_like(level), np.ones_like(level)
    done, size, rest = 0, 1, steps
    while rest > 0:
        if rest & 1:
            if done == 0:
                total[:] = level
            else:
                join(level, total, spare, done, kind, keep**done)
                total, spare = spare, total
            done += size
        rest >>= 1
        if rest > 0:
            join(level, level, wider, size, kind, keep**size)
            level, wider = wider, level
            size *= 2
    return total


@compiled
def fall(growth, offsets, steps, deepest):  # type: ignore[no-untyped-def]
    """Deepest, else present fall below the high so far, over the closes of the last ``steps`` growths."""
    out = np.full(len(growth), np.nan)
    for s in range(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        if hi - lo <= steps:
            continue
        single = np.empty((4 if deepest else 2, hi - lo))
        single[0] = growth[lo:hi]
        single[1] = np.maximum(single[0], 1.0)
        if deepest:
            single[2] = np.minimum(single[0], 1.0)
            single[3] = single[2]
            out[lo + steps : hi] = fold_stretches(single, steps, 0, 1.0)[3, steps:] - 1.0
        else:
            total = fold_stretches(single, steps, 1, 1.0)
            out[lo + steps : hi] = total[0, steps:] / total[1, steps:] - 1.0
    return out


@compiled
def rsi(growth, offsets, period, changes):  # type: ignore[no-untyped-def]
    """Wilder's index: plain means of the first ``period`` changes of the window, then smoothing."""
    out = np.full(len(growth), np.nan)
    keep = (period - 1) / period
    smoothed = changes - period
    fade = keep**smoothed
    for s in range(len(offsets) - 1):
        lo, hi = offsets[s], offsets[s + 1]
        if hi - lo <= changes:
            continue
        single = np.empty((3, hi - lo))
        single[0] = growth[lo:hi]
        single[1] = np.maximum(single[0] - 1.0, 0.0) / period
        single[2] = np.maximum(1.0 - single[0], 0.0) / period
        seed = fold_stretches(single.copy(), period, 2, 1.0)
        rest = fold_stretches(single, smoothed, 2, keep)
        for t in range(changes, hi - lo):
            price = seed[0, t - smoothed]
            up = seed[1, t - smoothed] * fade + price * rest[1, t]
            down = seed[2, t - smoothed] * fade + price * rest[2, t]
            if up + down > 0.0:
                out[lo + t] = 100.0 * up / (up + down)
    return out
