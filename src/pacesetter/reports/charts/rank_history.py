"""A symbol's rank over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pacesetter.kernel.errors import InputError
from pacesetter.reports.picture import SOFT, UP, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DENSE = 260  # dates; more of them are drawn with a thinner line
FEW = 7


def draw_rank_history(points: Sequence[tuple[date, int | None]], title: str, note: str) -> Figure:
    """Ranks by date, oldest first, 1 on top; an unranked date leaves a gap. ``InputError``: no rank."""
    figure, axes = new_figure(title, note)
    dates = np.array([on for on, _ in points], dtype="datetime64[D]")
    ranks = np.array([np.nan if rank is None else float(rank) for _, rank in points])
    if not np.isfinite(ranks).any():
        raise InputError("there is no rank to draw")
    axes.step(dates, ranks, where="post", color=UP, linewidth=1.6 if len(points) <= DENSE else 1.0)
    if np.isfinite(ranks[-1]):
        axes.plot(dates[-1:], ranks[-1:], "o", color=UP, markersize=4)
        axes.annotate(
            f"{ranks[-1]:.0f}",
            (dates[-1], ranks[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=UP,
        )
    worst = float(np.nanmax(ranks))
    pad = max(0.5, 0.04 * (worst - 1))
    axes.set_ylim(worst + pad, 1 - pad)
    axes.set_yticks(rank_ticks(worst))
    axes.set_ylabel("rank (1 is best)", color=SOFT, fontsize=9)
    set_dates(axes, dates)
    return figure


def set_dates(axes: Axes, dates: np.ndarray) -> None:
    """Ticks at round dates; where there are few, at each of them, or hours would be written."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if len(dates) <= FEW:
        axes.set_xticks(dates, [str(on) for on in dates])
        return
    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.xaxis.get_offset_text().set_color(SOFT)


def rank_ticks(worst: float) -> list[float]:
    """Whole ranks at even distances, and 1 instead of the 0 that no one has."""
    from matplotlib.ticker import MaxNLocator

    even = [float(tick) for tick in MaxNLocator(nbins=7, integer=True).tick_values(1, max(worst, 2))]
    step = even[1] - even[0]
    return [1.0, *(tick for tick in even if 1 + step / 2 < tick <= worst)]
