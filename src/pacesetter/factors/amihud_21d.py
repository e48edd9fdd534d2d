"""Amihud's illiquidity: how far a dollar of trading moves the price."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.base import factor
from pacesetter.factors.windows import fold_sum, position, settle
from pacesetter.market.panel import F8, Panel


@factor(
    title="Illiquidity 21d",
    needs=("growth", "close", "volume"),
    window=23,  # the newest bar may not be final yet: one more to look back
    minimum=22,
    higher_is_better=False,
    unit="per million traded",
    formula="mean over 21 bars of |return| / (close * volume) * 1e6, final bars only",
    about="How far the price moves for the money traded: the higher, the harder a large order is to fill.",
    absent="zero_volume",
    source="Amihud (2002), Journal of Financial Markets 5(1)",
)
def amihud_21d(panel: Panel) -> F8:
    """Mean absolute return per million of major currency traded."""
    settled = settle(panel)
    bars = settled.panel
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        traded = bars.turnover
        impact = np.where(traded > 0, np.abs(bars.growth - 1.0) / traded * 1e6, np.nan)
    mean = fold_sum(bars, impact, 21) / 21.0
    mean[position(bars) < 21] = np.nan
    return settled.spread(mean, np.float64(np.nan))
