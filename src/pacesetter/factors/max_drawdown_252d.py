"""Maximum drawdown: the worst fall from a high within a year."""

from __future__ import annotations

from pacesetter.factors.base import factor
from pacesetter.factors.windows import deepest_fall
from pacesetter.market.panel import F8, Panel


@factor(
    title="Maximum drawdown 252d",
    needs=("growth",),
    window=253,
    higher_is_better=True,
    unit="ratio",
    formula="min over 253 closes of P_t / max(P_s, s <= t) - 1",
    about="The deepest fall from a high of the last year: 0 is no fall at all.",
    source="Magdon-Ismail & Atiya (2004), Risk Magazine 17(10)",
)
def max_drawdown_252d(panel: Panel) -> F8:
    """The deepest fall below the running high (−0.3 = 30 % down; 0 is best)."""
    return deepest_fall(panel, 253)
