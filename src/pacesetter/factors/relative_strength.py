"""Relative strength: what a share did beyond what the market explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE, factor
from pacesetter.factors.market_returns import MIN_PAIRS, MIN_RECENT, fit_market
from pacesetter.market.panel import F8, Panel


@factor(
    title="Relative strength 126d",
    needs=("growth", "benchmark"),
    window=253,
    minimum=MIN_PAIRS + 1,
    higher_is_better=True,
    unit="ratio",
    formula="sum over 126 bars of r - beta * m; beta = cov(r, m) / var(m) over 252 bars",
    about="What half a year returned beyond what the market explains.",
    absent="no_benchmark",
    source="Blitz, Huij & Martens (2011), Journal of Empirical Finance 18(3)",
)
def relative_strength(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Sum of market-adjusted daily returns of half a year (0.1 = 10 %)."""
    fit = fit_market(panel)
    enough = (fit.n >= MIN_PAIRS) & (fit.recent >= MIN_RECENT)
    why = np.where(enough, REASON_CODE["zero_variance"], REASON_CODE["no_benchmark"]).astype(np.int8)
    return np.where(enough, fit.excess, np.nan), why
