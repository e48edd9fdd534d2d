"""Growth: the adjusted price ratio from each bar to the next, local to the two bars.

Adjusting a whole series backwards rescales the past with every new dividend, and the
last bits of every number with it. The ratio between two neighbouring bars does not
change, so factors that work on it are the same bit for bit in any longer history.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pacesetter.market.panel import F8, I4


def measure_growth(
    owner: I4,
    date: I4,
    close: F8,
    adj_close: F8,
    basis: Sequence[str],
    actions: tuple[I4, I4, np.ndarray, F8],
) -> F8:
    """Adjusted price ratio to the symbol's previous bar (float64, N; NaN on its first bar).

    ``owner`` (N) indexes ``basis`` (one a symbol); ``actions`` are (symbol, ex-date, is
    split, value). By basis: ``split_dividend``: close_t / close_{t−1}. ``split``:
    (close_t + dividends) / close_{t−1} where dividends are stored, else the ratio of
    adj_close where both bars have one. ``raw``: the same with new shares counted,
    (close_t · splits + dividends) / close_{t−1}.
    """
    n = len(close)
    growth = np.full(n, np.nan)
    if n == 0:
        return growth
    linked = np.zeros(n, dtype=bool)
    linked[1:] = owner[1:] == owner[:-1]
    before = np.empty(n)
    before[0], before[1:] = np.nan, close[:-1]
    growth[linked] = (close / before)[linked]
    acting, ex_on, is_split, value = actions
    has_actions = np.zeros(len(basis), dtype=bool)
    has_actions[acting] = True
    vendor = np.array([kind != "split_dividend" for kind in basis], dtype=bool) & ~has_actions
    ratio = np.full(n, np.nan)
    ratio[1:] = adj_close[1:] / adj_close[:-1]
    use = linked & vendor[owner] & np.isfinite(ratio)
    growth[use] = ratio[use]
    if len(acting):
        raw = np.array([kind == "raw" for kind in basis], dtype=bool)
        stated = np.array([kind != "split_dividend" for kind in basis], dtype=bool)
        key = owner.astype(np.int64) * 1_000_000 + date
        at = np.searchsorted(key, acting.astype(np.int64) * 1_000_000 + ex_on)  # first bar on or after
        inside = at < n
        at, acting, is_split, value = at[inside], acting[inside], is_split[inside], value[inside]
        mine = (owner[at] == acting) & linked[at] & stated[acting]
        shares, cash = np.ones(n), np.zeros(n)
        splits = mine & is_split & raw[acting]
        np.multiply.at(shares, at[splits], value[splits])
        paid = mine & ~is_split
        np.add.at(cash, at[paid], value[paid])
        touched = np.unique(at[splits | paid])
        growth[touched] = (close[touched] * shares[touched] + cash[touched]) / before[touched]
    return growth


def count_shares(owner: I4, date: I4, basis: Sequence[str], actions: tuple[I4, I4, np.ndarray, F8]) -> F8:
    """How many shares one of before the symbol's first known split has become (float64, N).

    1 unless prices are unadjusted. Volumes are divided by it, so that a split is no jump.
    """
    shares = np.ones(len(owner))
    acting, ex_on, is_split, value = actions
    key = owner.astype(np.int64) * 1_000_000 + date
    at = np.searchsorted(key, acting.astype(np.int64) * 1_000_000 + ex_on)
    for row, symbol, ratio, split in zip(at, acting, value, is_split, strict=True):
        if split and basis[symbol] == "raw":
            shares[row : np.searchsorted(owner, symbol, side="right")] *= ratio
    return shares
