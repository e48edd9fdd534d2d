"""The best day of a month: shares bought like lottery tickets tend to disappoint."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import fold_max
from pacesetter.market.panel import F8, Panel


@factor(
    title="Best day of 21",
    needs=("growth",),
    window=22,
    higher_is_better=False,
    unit="ratio",
    formula="max over 21 bars of P_t / P_t-1 - 1; lower is better",
    about="The best single day of the last month: lottery-like shares score low.",
    source="Bali, Cakici & Whitelaw (2011), Journal of Financial Economics 99(2)",
)
def max_return_21d(panel: Panel) -> F8:
    """Highest daily return of the last 21 bars (0.05 = 5 %)."""
    return fold_max(panel, panel.growth, 21) - 1.0
