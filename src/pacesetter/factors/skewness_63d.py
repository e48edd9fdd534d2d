"""Skewness: lottery-like shares tend to disappoint."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.base import factor
from pacesetter.factors.windows import log_growth, squares_and_cubes
from pacesetter.market.panel import F8, Panel

N = 63.0


@factor(
    title="Skewness 63d",
    needs=("growth",),
    window=64,
    higher_is_better=False,
    unit="number",
    formula="adjusted Fisher-Pearson skewness of 63 daily log returns; lower is better",
    about="Whether the large moves of a quarter were upwards (above 0) or downwards (below 0).",
    absent="zero_variance",
    source="Boyer, Mitton & Vorkink (2010), Review of Financial Studies 23(1)",
)
def skewness_63d(panel: Panel) -> F8:
    """Sample skewness with the small-sample correction sqrt(n(n-1))/(n-2)."""
    second, third = (total / N for total in squares_and_cubes(panel, log_growth(panel), 63))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(second > 0, third / second**1.5 * np.sqrt(N * (N - 1)) / (N - 2), np.nan)
