"""Why a leaderboard of boxes is empty, or its order says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.words import in_words
from pacesetter.store.boxes.box_pages import BoxDay, find_last_seen, list_reasons


async def say_nobody(conn: AsyncConnection, day: BoxDay, among: Sequence[str]) -> str:
    """Why none of the boxes of a date are among those asked for: others are, or no box is."""
    if not among:
        return "no box matches"
    many, last = await find_last_seen(conn, among)
    of = "the 1 box" if day.observed == 1 else f"none of the {day.observed} boxes"
    none = f"{of} observed on {day.on} {'does not match' if day.observed == 1 else 'match'}"
    if last is None:
        return f"{none}; those that do were never observed"
    others = "1 other does" if many == 1 else f"{many} others do"
    return f"{none}; {others}, last seen on {last}"


async def say_unsorted(conn: AsyncConnection, day: BoxDay, sort: str, rows: Sequence[Any]) -> list[str]:
    """That none of the boxes of a page's beginning has the measure it is sorted by, and the commonest
    reason; nothing where one has it. ``rows``: the first page, on which values come first."""
    if sort == "rank" or not rows or getattr(rows[0], sort) is not None:
        return []
    reasons = Counter(told[sort] for told in await list_reasons(conn, day.on) if sort in told)
    many = sum(reasons.values())
    if not reasons:
        return []
    code, times = max(reasons.items(), key=lambda item: (item[1], item[0]))
    of = "none of these boxes" if many < day.observed else f"none of the {day.observed} boxes of {day.on}"
    of = f"the box of {day.on} has no" if day.observed == 1 else f"{of} has a"
    why = f"{in_words(code)} ({times} of {many})"
    return [f"{of} value of {sort}, so they stand by symbol; the commonest reason: {why}"]
