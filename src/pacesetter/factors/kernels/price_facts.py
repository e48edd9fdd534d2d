"""Figures of the bars that end at a row, every one from that row's own window alone.

Prices and volumes of earlier bars are put into the shares of the row's own day while walking back, so
neither a longer history nor anything after the row changes a bit.
"""

from __future__ import annotations

import numpy as np

from pacesetter.factors.kernels.compiled import compiled

YEAR = 252
HELD = YEAR + 1
RSI_PERIOD, RSI_CHANGES = 14, 140  # restarted 140 changes ago, as the factor of that name
IMPLIED = 0.15  # prices and adjusted prices that part by more than this were parted by a split
NAMES = (
    "price.close",
    "price.change_1d_pct",
    "price.change_5d_pct",
    "price.change_21d_pct",
    "price.change_63d_pct",
    "price.change_252d_pct",
    "price.high_252d",
    "price.low_252d",
    "price.below_high_pct",
    "price.above_low_pct",
    "price.volume",
    "price.volume_mean_30d",
    "price.volume_ratio",
    "technical.sma_20",
    "technical.sma_50",
    "technical.sma_200",
    "technical.rsi_14",
    "technical.volatility_21d",
    "technical.volatility_63d",
    "technical.drawdown_252d_pct",
)


@compiled
def mean(values, first, count):  # type: ignore[no-untyped-def]
    """Of ``count`` values from ``first`` on."""
    total = 0.0
    for i in range(first, first + count):
        total += values[i]
    return total / count


@compiled
def deviation(close, changes):  # type: ignore[no-untyped-def]
    """Of the last log changes, as a sample's, for a year."""
    logs = np.empty(changes)
    for i in range(changes):
        logs[i] = np.log(close[i] / close[i + 1])
    centre = mean(logs, 0, changes)
    total = 0.0
    for i in range(changes):
        total += (logs[i] - centre) ** 2
    return np.sqrt(total / (changes - 1)) * np.sqrt(252.0)


@compiled
def strength(close):  # type: ignore[no-untyped-def]
    """Wilder's index (0–100), NaN where nothing moved."""
    up, down = 0.0, 0.0
    for k in range(RSI_CHANGES):
        change = close[RSI_CHANGES - 1 - k] - close[RSI_CHANGES - k]
        gain, loss = max(change, 0.0), max(-change, 0.0)
        if k < RSI_PERIOD:
            up += gain / RSI_PERIOD
            down += loss / RSI_PERIOD
        else:
            up = (up * (RSI_PERIOD - 1) + gain) / RSI_PERIOD
            down = (down * (RSI_PERIOD - 1) + loss) / RSI_PERIOD
    return 100.0 * up / (up + down) if up + down > 0.0 else np.nan


@compiled
def share_step(row, close, growth, splits):  # type: ignore[no-untyped-def]
    """What one share of the bar before has become on this bar: a stored split, or one that the
    adjusted prices imply where none is stored."""
    if len(splits) and splits[row] != splits[row - 1]:
        return splits[row] / splits[row - 1]
    implied = growth[row] * close[row - 1] / close[row]
    return implied if abs(implied - 1.0) > IMPLIED else 1.0


@compiled
def measure(first, rows, high, low, close, volume, growth, splits):  # type: ignore[no-untyped-def]
    """Figures (float64, rows × ``NAMES``; NaN: not known) of windows that end at ``rows`` (−1: none).

    ``first``: each row's symbol's first row. ``volume`` is in shares of before any split, ``splits`` by
    what it was divided (empty: by nothing).
    """
    out = np.full((len(rows), 20), np.nan)
    c, h, lo, v = np.empty(HELD), np.empty(HELD), np.empty(HELD), np.empty(HELD)
    for r in range(len(rows)):
        end = rows[r]
        if end < 0:
            continue
        n = min(end - first[r] + 1, HELD)
        shares = 1.0  # of today, for one of the bar's own
        for k in range(n):
            i = end - k
            if k > 0:
                shares *= share_step(i + 1, close, growth, splits)
            traded = np.rint(volume[i] * splits[i]) if len(splits) else volume[i]
            c[k], v[k] = close[i] / shares, traded * shares
            h[k] = c[k] if np.isnan(high[i]) else high[i] / shares
            lo[k] = c[k] if np.isnan(low[i]) else low[i] / shares
        out[r, 0] = c[0]
        changes = (1, 5, 21, 63, 252)
        for k in range(5):
            if n > changes[k]:
                out[r, 1 + k] = 100.0 * (c[0] / c[changes[k]] - 1.0)
        if n >= YEAR:
            top, bottom, best = h[0], lo[0], c[0]
            for k in range(1, YEAR):
                top, bottom, best = max(top, h[k]), min(bottom, lo[k]), max(best, c[k])
            out[r, 6], out[r, 7] = top, bottom
            out[r, 8] = 100.0 * (1.0 - c[0] / top)
            out[r, 9] = 100.0 * (c[0] / bottom - 1.0)
            out[r, 19] = 100.0 * (1.0 - c[0] / best)
        out[r, 10] = v[0]
        if n > 30:
            usual = mean(v, 1, 30)
            out[r, 11] = usual
            if usual > 0.0:
                out[r, 12] = v[0] / usual
        spans = (20, 50, 200)
        for k in range(3):
            if n >= spans[k]:
                out[r, 13 + k] = mean(c, 0, spans[k])
        if n > RSI_CHANGES:
            out[r, 16] = strength(c)
        if n > 21:
            out[r, 17] = deviation(c, 21)
        if n > 63:
            out[r, 18] = deviation(c, 63)
    return out
