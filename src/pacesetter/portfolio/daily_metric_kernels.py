"""The compiled steps of the daily figures: finding bars and chaining growth, symbol by symbol."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def find_rows(date, offsets, days):  # type: ignore[no-untyped-def]
    """Row of each symbol's newest bar on or before each day of its own (int64 S×Q of int S×Q), else −1."""
    rows = np.full(days.shape, -1, np.int64)
    for s in range(days.shape[0]):
        low, high = offsets[s], offsets[s + 1]
        for q in range(days.shape[1]):
            at = low + np.searchsorted(date[low:high], days[s, q], side="right")
            if at > low:
                rows[s, q] = at - 1
    return rows


@njit(cache=True, nogil=True)
def chain_growth(growth, newest, base):  # type: ignore[no-untyped-def]
    """Adjusted price ratios from bars ``base`` (S×Q) to ``newest`` (S); NaN where either is −1."""
    out = np.full(base.shape, np.nan)
    for s in range(base.shape[0]):
        for q in range(base.shape[1]):
            if newest[s] >= 0 and 0 <= base[s, q] <= newest[s]:
                ratio = 1.0
                for i in range(base[s, q] + 1, newest[s] + 1):
                    ratio *= growth[i]
                out[s, q] = ratio
    return out
