"""Thin days of boxes: fewer than half as many are ranked on them as on a day with ranks before.

Nothing is left out for it: a thin day is published like any other. But it does not stand for the market
(``market/box_day.py``), and who reads it, or a change that is measured from it, has to know.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box_day import LOOK_BACK, Ranked, choose_day, find_fuller, find_thin
from pacesetter.market.symbol import BOX
from pacesetter.store.boards import boards as stored

SHOWN = 3


async def say_thin_days(
    conn: AsyncConnection, domain: Row[Any], on: date, previous_on: date | None, at: datetime | None = None
) -> list[str]:
    """What to know of a board's day as it was at an instant (None: now); nothing of boards of an exchange."""
    if domain.asset_type != BOX:
        return []
    newest = await stored.newest_published_date(conn, domain.id, at=at)
    ranked = await stored.count_ranked(conn, domain.id, until=on, at=at)
    said = say_thin_day(ranked, on, previous_on)
    if newest is not None and newest > on:
        lately = await stored.count_ranked(conn, domain.id, at=at)
        if choose_day(lately) == on:
            said.insert(0, say_passed(newest, dict(lately).get(newest, 0), dict(lately)[on], on))
    return said


def say_thin_day(ranked: Sequence[Ranked], on: date, previous_on: date | None) -> list[str]:
    """That a day is thin, or the one that its ranks are compared with. ``ranked``: days up to ``on`` and how
    many are ranked on each, newest first, as many as were looked up."""
    counts = dict(ranked)
    if on not in counts:
        return []
    said = [say_thin(ranked[0], fuller)] if (fuller := find_fuller(ranked)) else []
    seen = previous_on is not None and (previous_on >= ranked[-1][0] or len(ranked) < LOOK_BACK)
    before = counts.get(previous_on, 0) if previous_on is not None else 0
    if seen and 2 * before < counts[on]:
        of = "nobody is" if not before else f"only {boxes_are(before)}"
        said.append(f"{of} ranked on {previous_on}, which these ranks are compared with: the others are new")
    return said


def say_thin(day: Ranked, fuller: Ranked) -> str:
    """How thin a day is."""
    return f"{day[0]} is a thin day: {boxes_are(day[1])} ranked on it, and {fuller[1]} on {fuller[0]}"


def say_passed(newer: date, boxes: int, shown: int, on: date) -> str:
    """Why a newer day is not the one that is shown."""
    are = "nobody is" if not boxes else boxes_are(boxes)
    return f"{newer} is newer: {are} ranked there so far, and {shown} on {on}"


def say_thin_among(ranked: Sequence[Ranked], days: Collection[date]) -> list[str]:
    """Those of some days that are thin, the newest ``SHOWN`` by name. ``ranked``: all days with ranks."""
    thin = [(one, fuller) for one, fuller in find_thin(ranked) if one[0] in days]
    more = [f"… and {len(thin) - SHOWN} more thin days"] if len(thin) > SHOWN else []
    return [say_thin(*pair) for pair in thin[:SHOWN]] + more


def boxes_are(many: int) -> str:
    """``1 box is``, ``3 boxes are``."""
    return "1 box is" if many == 1 else f"{many} boxes are"
