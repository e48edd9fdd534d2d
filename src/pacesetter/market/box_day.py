"""Which day stands for the market of boxes when nobody asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

LOOK_BACK = 8  # days with ranks


def choose_day(ranked: Sequence[tuple[date, int]]) -> date | None:
    """The newest of the last ``LOOK_BACK`` days with ranks on which at least half as many boxes are ranked as
    on any of them before it; None without any day. ``ranked``: days and their ranked boxes, newest first.

    A box or two, entered by hand before the sources have told of the day, are not the market. Where few
    are looked at for good, those few are it once the days of many lie further back.
    """
    lately = ranked[:LOOK_BACK]
    for at, (day, boxes) in enumerate(lately):
        if all(2 * boxes >= earlier for _, earlier in lately[at + 1 :]):
            return day
    return None
