"""The compiled loops over the days of boxes: each value is made from its own box's earlier rows alone.

Rows are sorted by box and day; box b owns rows ``offsets[b]`` to ``offsets[b + 1]`` (excluded). A window's
sum is added up anew for each row, oldest day first, so that it has the same bits in whatever batch.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sum_windows(day, offsets, values, length):  # type: ignore[no-untyped-def]
    """Sum and count of a field's known values (NaN: unknown) in the ``length`` days ending at each row."""
    total, count = np.zeros(len(day)), np.zeros(len(day), np.int64)
    for b in range(len(offsets) - 1):
        start = offsets[b]
        for i in range(offsets[b], offsets[b + 1]):
            while day[start] <= day[i] - length:
                start += 1
            for j in range(start, i + 1):
                if not np.isnan(values[j]):
                    total[i] += values[j]
                    count[i] += 1
    return total, count


@njit(cache=True, nogil=True)
def smooth(day, offsets, values, alpha):  # type: ignore[no-untyped-def]
    """Time-aware exponential mean of the known values; NaN on a row whose own value is unknown."""
    out = np.full(len(day), np.nan)
    for b in range(len(offsets) - 1):
        last = -1
        mean = 0.0
        for i in range(offsets[b], offsets[b + 1]):
            if np.isnan(values[i]):
                continue
            if last < 0:
                mean = values[i]
            else:
                kept = 1.0  # by multiplying: a library's power may differ in its last bits elsewhere
                for _ in range(day[i] - day[last]):
                    kept *= 1.0 - alpha
                mean = mean * kept + values[i] * (1.0 - kept)
            out[i] = mean
            last = i
    return out


@njit(cache=True, nogil=True)
def find_earlier(day, offsets, values, nearest, furthest):  # type: ignore[no-untyped-def]
    """Row of the newest value above zero from ``furthest`` to ``nearest`` days before each row, else −1."""
    found = np.full(len(day), -1, np.int64)
    for b in range(len(offsets) - 1):
        for i in range(offsets[b], offsets[b + 1]):
            j = i - 1
            while j >= offsets[b] and day[j] >= day[i] - furthest:
                if day[j] <= day[i] - nearest and values[j] > 0.0:
                    found[i] = j
                    break
                j -= 1
    return found


@njit(cache=True, nogil=True)
def sum_dates(offsets, values):  # type: ignore[no-untyped-def]
    """Sum and count of the known values of each date, in the order of their rows."""
    dates = len(offsets) - 1
    total, count = np.zeros(dates), np.zeros(dates, np.int64)
    for t in range(dates):
        for i in range(offsets[t], offsets[t + 1]):
            if not np.isnan(values[i]):
                total[t] += values[i]
                count[t] += 1
    return total, count


@njit(cache=True, nogil=True)
def compare_dates(offsets, box, floor, earlier, later):  # type: ignore[no-untyped-def]
    """Mean ratio of the floors that two dates share, and how many: all, dearer, cheaper, the same."""
    a, b = offsets[earlier], offsets[later]
    total = 0.0
    shared, dearer, cheaper = 0, 0, 0
    while a < offsets[earlier + 1] and b < offsets[later + 1]:
        if box[a] < box[b]:
            a += 1
        elif box[b] < box[a]:
            b += 1
        else:
            total += floor[b] / floor[a]
            shared += 1
            dearer += floor[b] > floor[a]
            cheaper += floor[b] < floor[a]
            a += 1
            b += 1
    mean = total / shared if shared else np.nan
    return mean, shared, dearer, cheaper


@njit(cache=True, nogil=True)
def chain_index(offsets, box, floor, start, most_needed):  # type: ignore[no-untyped-def]
    """Index a date, the date its line began on, the date it is linked to (−1: none), and counts of the link.

    Rows are sorted by date and box; date t owns rows ``offsets[t]`` to ``offsets[t + 1]`` (excluded).
    Counts are shared, dearer, cheaper and the same. A date without a link has no index (NaN) and a level of
    ``start`` for those that may be linked to it; the very first has it as its index, too.
    """
    dates = len(offsets) - 1
    level, index = np.full(dates, np.nan), np.full(dates, np.nan)
    line, link = np.full(dates, -1, np.int64), np.full(dates, -1, np.int64)
    counts = np.zeros((dates, 4), np.int64)
    current = -1  # the line of the newest date that has an index
    for t in range(dates):
        today = offsets[t + 1] - offsets[t]
        if today == 0:
            continue
        for same_line in (True, False):  # another line is gone on with only where this one cannot
            for earlier in range(t - 1, -1, -1):
                if link[t] >= 0 or line[earlier] < 0 or (line[earlier] == current) != same_line:
                    continue
                most = max(today, offsets[earlier + 1] - offsets[earlier])
                needed = min(most_needed, (most + 1) // 2)
                ratio, shared, dearer, cheaper = compare_dates(offsets, box, floor, earlier, t)
                if shared >= needed:
                    link[t], line[t] = earlier, line[earlier]
                    level[t] = level[earlier] * ratio
                    index[t] = level[t]
                    counts[t] = np.array([shared, dearer, cheaper, shared - dearer - cheaper])
                    break
            if link[t] >= 0:
                break
        if link[t] < 0:
            line[t], level[t] = t, start
            if current < 0:
                index[t] = start
        if index[t] == index[t]:
            current = line[t]
    return index, line, link, counts
