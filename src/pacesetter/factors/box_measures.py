"""The measures of boxes as factors: each is a figure that was made beside the observations."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE, Factor, factors
from pacesetter.market.box_measures import MEASURES, Measure
from pacesetter.market.panel import F8, Figures, Panel

NONE = Figures(np.empty(0), ())


def take_figures(name: str, panel: Panel) -> tuple[F8, NDArray[np.int8]]:
    """A measure's values on each session (T×S, NaN where missing) and why (codes of ``REASONS``)."""
    rows = panel.asof
    made = panel.figures.get(name, NONE)
    if not len(made.values):
        return np.full(rows.shape, np.nan), np.zeros(rows.shape, dtype=np.int8)
    codes = np.array([REASON_CODE.get(word, REASON_CODE["undefined"]) for word in made.reason], dtype=np.int8)
    here = rows >= 0
    values = np.where(here, made.values[rows], np.nan)
    return values, np.where(here & np.isnan(values), codes[rows], 0).astype(np.int8)


def declare(one: Measure) -> Factor:
    """A measure as a factor of boxes."""
    return Factor(
        name=one.name,
        title=one.title,
        needs=(f"box:{one.name}",),
        window=1,
        minimum=1,
        higher_is_better=one.higher_is_better,
        unit=one.unit,
        per="session",
        absent="undefined",
        version=1,
        formula=one.formula,
        source="",
        function=partial(take_figures, one.name),
        about=one.about,
        of="boxes",
    )


for measure in MEASURES.values():
    factors.add(measure.name, declare(measure))
