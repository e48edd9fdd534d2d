"""Which day stands for the market of boxes when nobody asks for one, and which days are too thin for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

LOOK_BACK = 8  # days with ranks
Ranked = tuple[date, int]  # a day, and how many boxes have a rank on it


def choose_day(ranked: Sequence[Ranked]) -> date | None:
    """The newest of the last ``LOOK_BACK`` days with ranks on which at least half as many boxes are ranked as
    on any of them before it; None without any day. ``ranked``: days and their ranked boxes, newest first.

    A box or two, entered by hand before the sources have told of the day, are not the market. Where few
    are looked at for good, those few are it once the days of many lie further back.
    """
    lately = ranked[:LOOK_BACK]
    for at, (day, _) in enumerate(lately):
        if find_fuller(lately[at:]) is None:
            return day
    return None


def find_fuller(ranked: Sequence[Ranked]) -> Ranked | None:
    """Where the first of ``ranked`` (newest first) is a thin day, the fullest of those before it: fewer than
    half as many boxes are ranked on a thin day as on one of the days with ranks before it, of the last
    ``LOOK_BACK`` with itself. None where it is none."""
    if not ranked:
        return None
    fullest = max(ranked[:LOOK_BACK], key=lambda one: (one[1], one[0]))
    return fullest if 2 * ranked[0][1] < fullest[1] else None


def find_thin(ranked: Sequence[Ranked]) -> list[tuple[Ranked, Ranked]]:
    """Every thin day of ``ranked`` (newest first) with the fullest day before it, newest first."""
    pairs = [(one, find_fuller(ranked[at:])) for at, one in enumerate(ranked)]
    return [(one, fuller) for one, fuller in pairs if fuller is not None]
