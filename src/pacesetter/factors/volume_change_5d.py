"""Volume of the newest session against the one a week before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE, factor
from pacesetter.factors.windows import lag, settle
from pacesetter.market.panel import F8, Panel


@factor(
    title="5-session volume change",
    needs=("volume",),
    window=7,  # the newest bar may not be final yet: one more to look back
    minimum=6,
    higher_is_better=True,
    unit="ratio",
    formula="V_0 / V_5 - 1, final bars only",
    about="Whether more was traded on the newest session than a week before.",
)
def volume_change_5d(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Relative change of volume over five bars."""
    settled = settle(panel)
    bars = settled.panel
    before = lag(bars, bars.volume, 5)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        value = np.where(before > 0, bars.volume / before - 1.0, np.nan)
    why = np.where(before == 0, REASON_CODE["zero_volume"], REASON_CODE["no_volume"]).astype(np.int8)
    return settled.spread(value, np.float64(np.nan)), settled.spread(why, np.int8(0))
