"""Values per bar of several factors at once, a few symbols at a time on every core.

A part of some symbols is small enough to stay in the processor's cache through all the
steps of a factor, where whole columns would go to memory and back at each of them. A
factor sees whole symbols, so neither the parts nor the threads change a bit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import Factor
from pacesetter.factors.market_returns import measure_market
from pacesetter.market.panel import F8, Panel

PART_BARS = 32_768


class Columns(NamedTuple):
    """``raw`` float64 K×N and ``reason`` int8 K×N (0: the factor gave none) of K factors."""

    raw: F8
    reason: NDArray[np.int8]


def columns(chosen: Sequence[Factor], panel: Panel, *, threads: int | None = None) -> Columns:
    """Raw values of the ``chosen`` per-bar factors on every bar, unmasked.

    ``threads``: at most so many (default: as many as this process may use).
    """
    size = (len(chosen), len(panel.date))
    made = Columns(np.empty(size), np.zeros(size, dtype=np.int8))
    if not size[1]:
        return made
    parts = list(split(panel))
    workers = min(threads or count_cores(), len(parts))
    asks_market = any("benchmark" in one.needs for one in chosen)
    line = measure_market(panel) if asks_market and panel.market is None else panel.market

    def fill(part: tuple[int, int]) -> None:
        rows = slice(panel.offsets[part[0]], panel.offsets[part[1]])
        if rows.start == rows.stop:
            return
        piece = panel.part(*part, line)
        for k, one in enumerate(chosen):
            given = one.function(piece)
            if isinstance(given, tuple):
                made.raw[k, rows], made.reason[k, rows] = given
            else:
                made.raw[k, rows] = given

    if workers == 1:
        for part in parts:
            fill(part)
        return made
    with ThreadPoolExecutor(workers, "factors") as pool:
        for done in [pool.submit(fill, part) for part in parts]:
            done.result()
    return made


def count_cores() -> int:
    """Cores that this process may use, where the system tells, else all."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def split(panel: Panel) -> Iterator[tuple[int, int]]:
    """Runs of symbols (first, one past the last) of at most ``PART_BARS`` bars, but one symbol at least."""
    first = 0
    while first < panel.n_symbols:
        full = int(np.searchsorted(panel.offsets, panel.offsets[first] + PART_BARS, side="right")) - 1
        last = min(max(full, first + 1), panel.n_symbols)
        yield first, last
        first = last
