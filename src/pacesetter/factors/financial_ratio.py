"""Financial ratio: the earnings yield, as far as earnings were known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import factor
from pacesetter.factors.known_facts import as_of_close, known_fact, mark_reasons
from pacesetter.market.panel import F8, Panel


@factor(
    title="Earnings yield",
    needs=("close", "fact:eps"),
    window=1,
    higher_is_better=True,
    unit="ratio",
    formula="newest EPS known on the date / unadjusted close; losses stay negative",
    about="What the company earned in a year, for each unit of its price: high is cheap, below 0 a loss.",
    per="session",
    absent="not_known",
    source="Basu (1977), Journal of Finance 32(3)",
)
def financial_ratio(panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """Earnings per share over price, both in the major currency unit (0.05 = 5 %)."""
    eps, foreign = known_fact(panel, "eps")
    return mark_reasons(eps / as_of_close(panel), foreign)
