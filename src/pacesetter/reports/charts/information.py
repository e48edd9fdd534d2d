"""Information coefficients over time, and by horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pacesetter.ranking.validation import Validation
from pacesetter.reports.picture import SERIES, SOFT, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_information(validation: Validation, title: str, note: str) -> Figure:
    """The running mean of the IC of each horizon: where it settles, and how soon it does."""
    figure, axes = new_figure(title, note)
    dates = validation.dates.astype("datetime64[D]")
    for colour, one in zip(SERIES, validation.horizons, strict=False):
        known = np.isfinite(one.ic)
        if not known.any():
            continue
        running = np.cumsum(one.ic[known]) / np.arange(1, known.sum() + 1)
        label = f"{one.horizon} sessions: {one.summary.mean:+.3f}, t {one.summary.t:+.1f}"
        axes.plot(dates[known], running, color=colour, linewidth=1.4, label=label)
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.set_ylabel("mean IC up to the date", color=SOFT, fontsize=9)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8)
    figure.autofmt_xdate()
    return figure
