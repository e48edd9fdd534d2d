"""Relative strength index: how one-sided recent changes were."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import wilder_rsi
from pacesetter.market.panel import F8, Panel

CHANGES = 140  # ten periods: what lies before weighs less than 1/10,000 in Wilder's smoothing


@factor(
    title="RSI 14",
    needs=("growth",),
    window=CHANGES + 1,
    higher_is_better=False,
    unit="0-100",
    formula="Wilder's RSI(14), restarted 140 changes ago so that it has a finite window",
    about="Whether gains or losses prevailed lately: near 100 only gains, near 0 only losses.",
    source="Wilder (1978), New Concepts in Technical Trading Systems",
)
def rsi_14(panel: Panel) -> F8:
    """100 when only gains, 0 when only losses; missing when nothing moved."""
    return wilder_rsi(panel, 14, CHANGES)
