"""A change of rank as a waterfall of its causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pacesetter.kernel.errors import InputError
from pacesetter.ranking.ledger import Ledger
from pacesetter.reports.picture import DOWN, INK, SOFT, UP, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_waterfall(ledger: Ledger, title: str, note: str) -> Figure:
    """From the rank before to the rank after, one bar a cause, the largest first; up is better."""
    if ledger.before.rank is None or ledger.after.rank is None:
        raise InputError(
            f"{ledger.symbol} has no rank at one of the dates",
            where="--plot",
            mend="choose dates with a rank",
        )
    shares = sorted(ledger.rank_shares.items(), key=lambda item: (-abs(item[1]), item[0]))
    shares = [(name, share) for name, share in shares if share]
    figure, axes = new_figure(title, note, height=1.6 + 0.42 * (len(shares) + 2))
    at = float(ledger.before.rank)
    names = [f"rank {ledger.before.rank} before"]
    axes.plot([at], [0], "o", color=INK)
    for row, (name, share) in enumerate(shares, start=1):
        to = at - float(share)
        axes.barh(row, to - at, left=at, color=UP if share > 0 else DOWN, height=0.6)
        sign = "▲" if share > 0 else "▼"
        axes.annotate(
            f"{sign} {abs(float(share)):.2f}",
            (to, row),
            xytext=(-4 if to > at else 4, 0),  # points to the right, where lower ranks are
            textcoords="offset points",
            ha="right" if to > at else "left",
            va="center",
            fontsize=8,
            color=SOFT,
        )
        names.append(name.replace("_", " "))
        at = to
    names.append(f"rank {ledger.after.rank} after")
    axes.plot([at], [len(shares) + 1], "o", color=INK)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.invert_xaxis()
    axes.use_sticky_edges = False  # room for the labels beyond the longest bar
    axes.margins(x=0.15)
    axes.set_xlabel("rank (1 is best)", color=SOFT, fontsize=9)
    return figure
