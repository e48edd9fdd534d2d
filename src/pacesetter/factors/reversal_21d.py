"""Short-term reversal: last month's losers tend to recover."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import fold_product
from pacesetter.market.panel import F8, Panel


@factor(
    title="Reversal 21d",
    needs=("growth",),
    window=22,
    higher_is_better=False,
    unit="ratio",
    formula="P_0 / P_21 - 1, on adjusted prices; lower is better",
    about="What the last month returned: a rise of one month tends to turn back, so low is better.",
    source="Jegadeesh (1990), Journal of Finance 45(3)",
)
def reversal_21d(panel: Panel) -> F8:
    """Total return over the last 21 bars."""
    return fold_product(panel, panel.growth, 21) - 1.0
