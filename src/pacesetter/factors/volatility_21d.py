"""Volatility of one month, not annualised."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.base import factor
from pacesetter.factors.windows import log_growth, squares
from pacesetter.market.panel import F8, Panel


@factor(
    title="Volatility 21d",
    needs=("growth",),
    window=22,
    higher_is_better=False,
    unit="daily ratio",
    formula="population std of 21 daily log returns",
    about="How much the price swung from day to day over the last month.",
    source="Blitz & van Vliet (2007), Journal of Portfolio Management 34(1)",
)
def volatility_21d(panel: Panel) -> F8:
    """Population standard deviation of daily log returns."""
    return np.sqrt(squares(panel, log_growth(panel), 21) / 21.0)
