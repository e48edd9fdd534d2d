"""Volume change: whether more is traded than usual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE, factor
from pacesetter.factors.windows import fold_sum, position, settle
from pacesetter.market.panel import F8, Panel


@factor(
    title="Volume change 21/126",
    needs=("volume",),
    window=127,  # the newest bar may not be final yet: one more to look back
    minimum=126,
    higher_is_better=True,
    unit="log ratio",
    formula="ln(mean volume of 21 bars / mean volume of 126 bars), final bars only",
    about="Whether more was traded in the last month than in the last half year.",
    source="Gervais, Kaniel & Mingelgrin (2001), Journal of Finance 56(3)",
)
def volume_change(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Log ratio of recent to usual volume (0.1 is about 10 % more)."""
    settled = settle(panel)
    bars = settled.panel
    recent, usual = (fold_sum(bars, bars.volume, w) / w for w in (21, 126))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where((recent > 0) & (usual > 0), np.log(recent / usual), np.nan)
    why = np.where(recent == 0, REASON_CODE["zero_volume"], REASON_CODE["no_volume"]).astype(np.int8)
    few = position(bars) < 125
    value[few], why[few] = np.nan, REASON_CODE["too_few_bars"]
    return settled.spread(value, np.float64(np.nan)), settled.spread(why, np.int8(0))
