"""Dates as people and programs write them: ISO 8601, one spelling only."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from pacesetter.kernel.errors import BadDate

SPELLING = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_date(text: str, *, where: str = "") -> date:
    """A date from ``YYYY-MM-DD``; ``BadDate`` for anything else, also for a day that does not exist."""
    try:
        if not SPELLING.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise BadDate(
            f"{shown!r} is not a date", where=where, mend="write it as YYYY-MM-DD, such as 2025-07-24"
        ) from None


def parse_instant(text: str, *, where: str = "") -> datetime:
    """An instant from ISO 8601, in UTC where it names no zone; a date means its end."""
    if SPELLING.fullmatch(text):
        return datetime.combine(parse_date(text, where=where), time.max, UTC)
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the first hour of the year 1 in Kiribati is before time
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise BadDate(
            f"{shown!r} is no instant", where=where, mend="write it as 2025-07-24 or 2025-07-24T21:30"
        ) from None
