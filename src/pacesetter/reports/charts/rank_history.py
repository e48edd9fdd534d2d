"""A symbol's rank over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pacesetter.reports.picture import SOFT, UP, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_rank_history(points: Sequence[tuple[date, int | None]], title: str, note: str) -> Figure:
    """Ranks by date, 1 on top; an unranked date leaves a gap."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = new_figure(title, note)
    dates = np.array([on for on, _ in points], dtype="datetime64[D]")
    ranks = np.array([np.nan if rank is None else float(rank) for _, rank in points])
    axes.step(dates, ranks, where="post", color=UP, linewidth=1.6)
    axes.plot(dates[-1:], ranks[-1:], "o", color=UP)
    axes.invert_yaxis()
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("rank (1 is best)", color=SOFT, fontsize=9)
    figure.autofmt_xdate()
    return figure
