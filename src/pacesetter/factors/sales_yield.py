"""Sales yield: revenue bought with one unit of price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import factor
from pacesetter.factors.known_facts import known_fact, mark_reasons, positive_inverse
from pacesetter.market.panel import F8, Panel


@factor(
    title="Sales yield",
    needs=("fact:price_to_sales",),
    window=1,
    higher_is_better=True,
    unit="ratio",
    formula="1 / (price-to-sales known on the date)",
    about="What the company sold in a year, for each unit of its price: high is cheap.",
    per="session",
    absent="not_known",
    source="Barbee, Mukherji & Raines (1996), Financial Analysts Journal 52(2)",
)
def sales_yield(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Sales yield known on each session, as a plain ratio."""
    value, _ = known_fact(panel, "price_to_sales")
    return mark_reasons(positive_inverse(value))
