"""Beta: how strongly a share follows the market."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE, factor
from pacesetter.factors.market_returns import MIN_PAIRS, fit_market
from pacesetter.market.panel import F8, Panel


@factor(
    title="Beta 252d",
    needs=("growth", "benchmark"),
    window=253,
    minimum=MIN_PAIRS + 1,
    higher_is_better=False,
    unit="number",
    formula="cov(r, m) / var(m) over 252 daily returns; lower is better",
    about="How strongly the price follows the market: at 1 it moves with it, below 1 less, above 1 more.",
    absent="no_benchmark",
    source="Frazzini & Pedersen (2014), Journal of Financial Economics 111(1)",
)
def beta_252d(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Slope of the symbol's on the market's daily returns."""
    fit = fit_market(panel)
    enough = fit.n >= MIN_PAIRS
    why = np.where(enough, REASON_CODE["zero_variance"], REASON_CODE["no_benchmark"]).astype(np.int8)
    return np.where(enough, fit.beta, np.nan), why
