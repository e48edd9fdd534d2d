"""Volatility: how much the price has moved about lately."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.base import factor
from pacesetter.factors.windows import log_growth, squares
from pacesetter.market.panel import F8, Panel


@factor(
    title="Volatility 63d",
    needs=("growth",),
    window=64,
    higher_is_better=False,
    unit="annualised ratio",
    formula="sample std of 63 daily log returns * sqrt(252)",
    about="How much the price swung from day to day over a quarter, as a yearly rate.",
    source="Blitz & van Vliet (2007), Journal of Portfolio Management 34(1)",
)
def volatility(panel: Panel) -> F8:
    """Annualised standard deviation (0.2 = 20 % a year)."""
    return np.sqrt(squares(panel, log_growth(panel), 63) / 62.0) * np.sqrt(252.0)
