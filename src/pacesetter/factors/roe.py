"""Return on equity: what the owners' capital earns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import factor
from pacesetter.factors.known_facts import known_fact, mark_reasons
from pacesetter.market.panel import F8, Panel


@factor(
    title="Return on equity",
    needs=("fact:roe",),
    window=1,
    higher_is_better=True,
    unit="ratio",
    formula="return on equity known on the date",
    about="Profit of a year for each unit of the owners' capital.",
    per="session",
    absent="not_known",
    source="Haugen & Baker (1996), Journal of Financial Economics 41(3)",
)
def roe(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Return on equity known on each session, as a plain ratio."""
    value, _ = known_fact(panel, "roe")
    return mark_reasons(value)
