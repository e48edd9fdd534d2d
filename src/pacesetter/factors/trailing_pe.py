"""The price-earnings ratio, as a source states it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import factor
from pacesetter.factors.known_facts import known_fact, mark_reasons
from pacesetter.market.panel import F8, Panel


@factor(
    title="Trailing P/E",
    needs=("fact:trailing_pe",),
    window=1,
    higher_is_better=False,
    unit="ratio",
    formula="trailing P/E as known on the date; lower is better",
    about="The price for one unit of last year's earnings: low is cheap.",
    per="session",
    absent="not_known",
    source="Basu (1977), Journal of Finance 32(3)",
)
def trailing_pe(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Trailing P/E known on each session, as a plain ratio."""
    value, _ = known_fact(panel, "trailing_pe")
    return mark_reasons(value)
