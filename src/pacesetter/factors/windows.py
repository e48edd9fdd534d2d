"""Folds over a symbol's last w bars, in a fixed order, so that values never depend on history.

A running sum carries the rounding of everything before its window. Here a window is
folded by doubling: blocks of 1, 2, 4, … values ending at each bar, joined by the binary
digits of w. The tree has the same shape at every bar, so the result is a function of
the window's values alone, bit for bit, in O(log w) steps a bar. A window that reaches
before a symbol's first bar folds what there is; callers mask by the number of bars.

The kernels are compiled on first use and kept in numba's cache beside their files.
"""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from pacesetter.market.panel import F8, I4, I8, Panel

T = TypeVar("T", bound=np.generic)


def fold_sum(panel: Panel, values: F8, window: int) -> F8:
    """Sum of the last ``window`` values of each bar's symbol (float64, N)."""
    return kernels("folds").fold(values, panel.offsets, window, 0)


def fold_product(panel: Panel, values: F8, window: int) -> F8:
    """Product of the last ``window`` values of each bar's symbol (float64, N)."""
    return kernels("folds").fold(values, panel.offsets, window, 1)


def fold_max(panel: Panel, values: F8, window: int) -> F8:
    """Greatest of the last ``window`` values of each bar's symbol (float64, N)."""
    return kernels("folds").fold(values, panel.offsets, window, 2)


def squares(panel: Panel, values: F8, window: int) -> F8:
    """Σ (x − x̄)² over the last ``window`` values (float64, N), centred in a second pass."""
    mean = fold_sum(panel, values, window) / window
    return kernels("folds").moments(values, mean, panel.offsets, window, False)[0]


def squares_and_cubes(panel: Panel, values: F8, window: int) -> tuple[F8, F8]:
    """Σ (x − x̄)² and Σ (x − x̄)³ over the last ``window`` values (float64, N each)."""
    mean = fold_sum(panel, values, window) / window
    square, cube = kernels("folds").moments(values, mean, panel.offsets, window, True)
    return square, cube


def deepest_fall(panel: Panel, window: int) -> F8:
    """Worst fall below the highest close until then, in the last ``window`` closes (≤ 0; float64, N)."""
    return kernels("paths").fall(panel.growth, panel.offsets, window - 1, True)


def present_fall(panel: Panel, window: int) -> F8:
    """The close against the highest of the last ``window`` closes, − 1 (≤ 0; float64, N)."""
    return kernels("paths").fall(panel.growth, panel.offsets, window - 1, False)


def wilder_rsi(panel: Panel, period: int, changes: int) -> F8:
    """Wilder's RSI (0–100; float64, N) restarted ``changes`` price changes ago."""
    return kernels("paths").rsi(panel.growth, panel.offsets, period, changes)


def lag(panel: Panel, values: F8, bars: int) -> F8:
    """The value ``bars`` bars earlier of the same symbol, NaN where there is none (float64, N)."""
    moved = np.full(len(values), np.nan)
    moved[bars:] = values[:-bars] if bars else values
    for lo, hi in pairwise(panel.offsets):
        moved[lo : min(lo + bars, hi)] = np.nan
    return moved


def position(panel: Panel) -> I8:
    """How many earlier bars of the same symbol there are (int64, N)."""
    return np.arange(len(panel.date), dtype=np.int64) - panel.offsets[panel.owner]


def log_growth(panel: Panel) -> F8:
    """Log return of each bar (float64, N)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(panel.growth)


def previous_date(panel: Panel) -> I4:
    """The date of the symbol's bar before, −1 on its first (int32, N)."""
    before = np.full(len(panel.date), -1, dtype=np.int32)
    before[1:] = panel.date[:-1]
    before[panel.offsets[:-1][np.diff(panel.offsets) > 0]] = -1
    return before


class Settled(NamedTuple):
    """The panel without bars that are not final, and for each bar of the whole the row of its
    symbol's newest final one there (int64, N; −1: none; None: all are final)."""

    panel: Panel
    row: I8 | None

    def spread(self, values: NDArray[T], missing: T) -> NDArray[T]:
        """For each bar of the whole panel the value at its newest final one."""
        if self.row is None:
            return values
        if not len(values):
            return np.full(len(self.row), missing, dtype=values.dtype)
        return np.where(self.row >= 0, values[np.maximum(self.row, 0)], missing)


def settle(panel: Panel) -> Settled:
    """Leave out the bars of sessions that had not closed."""
    if panel.final.all():
        return Settled(panel, None)
    settled = panel.bars(panel.final)
    row = np.cumsum(panel.final) - 1
    return Settled(settled, np.where(row >= settled.offsets[panel.owner], row, -1))


def kernels(name: str) -> Any:
    """The compiled loops of one file, imported late: numba takes a third of a second to import."""
    return import_module(f"pacesetter.factors.kernels.{name}")
