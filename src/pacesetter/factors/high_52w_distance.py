"""Nearness to the 52-week high."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import present_fall
from pacesetter.market.panel import F8, Panel


@factor(
    title="Distance to the 52-week high",
    needs=("growth",),
    window=252,
    higher_is_better=True,
    unit="ratio",
    formula="P_0 / max(P_0..P_251) - 1, on adjusted closes",
    about="How far the price is below its highest close of a year: 0 is a new high.",
    source="George & Hwang (2004), Journal of Finance 59(5)",
)
def high_52w_distance(panel: Panel) -> F8:
    """How far the close is below the year's highest close (0 at the high)."""
    return present_fall(panel, 252)
