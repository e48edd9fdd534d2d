"""Book yield: book value bought with one unit of price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import factor
from pacesetter.factors.known_facts import known_fact, mark_reasons, positive_inverse
from pacesetter.market.panel import F8, Panel


@factor(
    title="Book yield",
    needs=("fact:price_to_book",),
    window=1,
    higher_is_better=True,
    unit="ratio",
    formula="1 / (price-to-book known on the date)",
    about="What the company owns net of debt, for each unit of its price: high is cheap.",
    per="session",
    absent="not_known",
    source="Fama & French (1992), Journal of Finance 47(2)",
)
def book_yield(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Book yield known on each session, as a plain ratio."""
    value, _ = known_fact(panel, "price_to_book")
    return mark_reasons(positive_inverse(value))
