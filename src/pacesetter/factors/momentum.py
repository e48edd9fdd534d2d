"""Momentum: what the last year returned, without its last month."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import fold_product, lag
from pacesetter.market.panel import F8, Panel


@factor(
    title="Momentum 12-1",
    needs=("growth",),
    window=253,
    higher_is_better=True,
    unit="ratio",
    formula="P_21 / P_252 - 1, on adjusted prices",
    about="What the last year returned without its last month, which tends to turn back.",
    source="Jegadeesh & Titman (1993), Journal of Finance 48(1)",
)
def momentum(panel: Panel) -> F8:
    """Total return from 252 to 21 bars ago (0.1 = 10 %)."""
    return lag(panel, fold_product(panel, panel.growth, 231), 21) - 1.0
