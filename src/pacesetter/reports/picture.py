"""One look for all pictures, and how they become files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UP, DOWN, INK, SOFT, GRID = "#0b6b50", "#b0291f", "#17201b", "#59655f", "#dde2de"
SERIES = ("#0b6b50", "#b0291f", "#3566a8", "#b07a1f", "#6a4fa0", "#59655f")
FORMATS = (".svg", ".png")


def new_figure(title: str, note: str, *, height: float = 4.2) -> tuple[Figure, Axes]:
    """An empty picture of 8 inches with a title, and a note below (what, when, by which method)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", color=INK, fontweight="bold")
    figure.supxlabel(note, x=0.01, ha="left", fontsize=8, color=SOFT)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GRID)
    axes.tick_params(colors=SOFT, labelsize=9)
    axes.grid(axis="both", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def check_path(path: Path) -> None:
    """``InputError`` for a file that is no picture, or has no folder to lie in."""
    if path.suffix.casefold() not in FORMATS:
        raise InputError(f"{path.name!r} is no picture", where="--plot", mend="end the name in .svg or .png")
    if path.is_dir():
        raise InputError("there is a folder of that name", where=str(path), mend="choose another name")
    if not path.absolute().parent.is_dir():
        raise InputError("there is no such folder", where=str(path.parent), mend="make it first")


def save_figure(figure: Figure, path: Path) -> None:
    """Write the picture as SVG or PNG by its name; whole or not at all, the same bytes each time."""
    import matplotlib

    check_path(path)
    half = path.with_name(f".{path.name}.part")
    kind = path.suffix.casefold()[1:]
    bare = {"Date": None} if kind == "svg" else {"Software": None}
    try:
        with matplotlib.rc_context({"svg.hashsalt": "pacesetter", "svg.fonttype": "none"}):
            figure.savefig(half, format=kind, dpi=150, metadata=bare)
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
