"""The compiled loops of validation. Threads share out whole dates, so their number changes no bit."""

from __future__ import annotations

import numpy as np
from numba import njit, prange


@njit(cache=True)
def average_ranks(values):  # type: ignore[no-untyped-def]
    """Ranks from 1, equal values share their mean."""
    n = len(values)
    order = np.argsort(values)
    ranks = np.empty(n)
    i = 0
    while i < n:
        j = i + 1
        while j < n and values[order[j]] == values[order[i]]:
            j += 1
        for k in range(i, j):
            ranks[order[k]] = 0.5 * (i + 1 + j)
        i = j
    return ranks


@njit(cache=True)
def correlate(x, y):  # type: ignore[no-untyped-def]
    """Pearson correlation; NaN for fewer than two pairs or where one side is constant."""
    n = len(x)
    if n < 2 or np.min(x) == np.max(x) or np.min(y) == np.max(y):
        return np.nan
    mx = np.sum(x) / n
    my = np.sum(y) / n
    xx, yy, xy = 0.0, 0.0, 0.0
    for i in range(n):
        xx += (x[i] - mx) * (x[i] - mx)
        yy += (y[i] - my) * (y[i] - my)
        xy += (x[i] - mx) * (y[i] - my)
    return min(1.0, max(-1.0, xy / np.sqrt(xx * yy)))


@njit(cache=True, parallel=True)
def spearman(score, returns, fewest):  # type: ignore[no-untyped-def]
    """Rank correlation a date (T) over its pairs; NaN below ``fewest`` pairs."""
    out = np.full(score.shape[0], np.nan)
    for t in prange(score.shape[0]):
        pair = np.isfinite(score[t]) & np.isfinite(returns[t])
        x = score[t][pair]
        if len(x) >= fewest:
            out[t] = correlate(average_ranks(x), average_ranks(returns[t][pair]))
    return out


@njit(cache=True)
def edges(ordered, levels):  # type: ignore[no-untyped-def]
    """Quantiles of sorted values by linear interpolation, rounded as NumPy rounds them."""
    last = len(ordered) - 1
    out = np.empty(len(levels))
    for q in range(len(levels)):
        at = last * levels[q]
        if at >= last:
            out[q] = ordered[last]
            continue
        low = int(np.floor(at))
        a, b, part = ordered[low], ordered[low + 1], at - low
        # from the nearer end, as NumPy does: a value on an edge falls to one side by the last bit
        out[q] = b - (b - a) * (1.0 - part) if part >= 0.5 else a + (b - a) * part
    return out


@njit(cache=True, parallel=True)
def split_groups(score, returns, many, few, least_many, least_few):  # type: ignore[no-untyped-def]
    """Group of each pair (T×S, from 1, 0 for none) and how many groups the date has (T).

    ``many`` and ``few`` are the levels of the edges from ``least_many`` and ``least_few``
    pairs on. Edges that coincide make no groups.
    """
    group = np.zeros(score.shape, dtype=np.int8)
    made = np.zeros(score.shape[0], dtype=np.int8)
    for t in prange(score.shape[0]):
        pair = np.isfinite(score[t]) & np.isfinite(returns[t])
        ordered = np.sort(score[t][pair])
        if len(ordered) < least_few:
            continue
        cut = edges(ordered, many if len(ordered) >= least_many else few)
        if np.any(cut[1:] == cut[:-1]):
            continue
        made[t] = len(cut) - 1
        for s in range(score.shape[1]):
            if pair[s]:
                group[t, s] = max(1, np.searchsorted(cut, score[t, s]))
    return group, made


@njit(cache=True, parallel=True)
def group_means(group, returns, quantiles):  # type: ignore[no-untyped-def]
    """Mean return of each group (T×Q)."""
    out = np.full((group.shape[0], quantiles), np.nan)
    for t in prange(group.shape[0]):
        total = np.zeros(quantiles)
        count = np.zeros(quantiles)
        for s in range(group.shape[1]):
            q = group[t, s] - 1
            if q >= 0:
                total[q] += returns[t, s]
                count[q] += 1.0
        for q in range(quantiles):
            if count[q] > 0:
                out[t, q] = total[q] / count[q]
    return out


@njit(cache=True, parallel=True)
def new_shares(group, lag, quantiles):  # type: ignore[no-untyped-def]
    """Share of a group's names that were not in it ``lag`` dates before (T×Q)."""
    out = np.full((group.shape[0], quantiles), np.nan)
    for t in prange(lag, group.shape[0]):
        if np.max(group[t]) != np.max(group[t - lag]):
            continue  # a fifth is not compared with a third
        new = np.zeros(quantiles)
        count = np.zeros(quantiles)
        for s in range(group.shape[1]):
            q = group[t, s] - 1
            if q >= 0:
                count[q] += 1.0
                if group[t - lag, s] != group[t, s]:
                    new[q] += 1.0
        for q in range(quantiles):
            if count[q] > 0:
                out[t, q] = new[q] / count[q]
    return out


@njit(cache=True, parallel=True)
def rank_rows(score):  # type: ignore[no-untyped-def]
    """Average ranks a date over the finite values (T×S)."""
    out = np.full(score.shape, np.nan)
    for t in prange(score.shape[0]):
        there = np.isfinite(score[t])
        out[t][there] = average_ranks(score[t][there])
    return out


@njit(cache=True, parallel=True)
def correlate_rows(ranks, lag):  # type: ignore[no-untyped-def]
    """Correlation of each row with the one ``lag`` rows before, over names in both (T)."""
    out = np.full(ranks.shape[0], np.nan)
    for t in prange(lag, ranks.shape[0]):
        both = np.isfinite(ranks[t]) & np.isfinite(ranks[t - lag])
        out[t] = correlate(ranks[t][both], ranks[t - lag][both])
    return out
