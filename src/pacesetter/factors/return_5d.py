"""The total return of one week."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import fold_product
from pacesetter.market.panel import F8, Panel


@factor(
    title="5-session return",
    needs=("growth",),
    window=6,
    higher_is_better=True,
    unit="ratio",
    formula="P_0 / P_5 - 1, on adjusted prices",
    about="What the last week returned.",
)
def return_5d(panel: Panel) -> F8:
    """Total return over the last five bars."""
    return fold_product(panel, panel.growth, 5) - 1.0
