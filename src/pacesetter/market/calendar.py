"""Exchange calendars by MIC: which sessions there are, and how far behind data is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.market.panel import I4

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

FIRST_DAY = "1990-01-01"
Freshness = Literal["current", "warning", "critical"]


@cache
def load_calendar(mic: str) -> ExchangeCalendar:
    """The exchange's calendar from 1990 to a year from today. ``UnknownName`` for no known MIC."""
    import exchange_calendars  # a slow import that most commands do not need

    try:
        return exchange_calendars.get_calendar(mic, start=FIRST_DAY)
    except exchange_calendars.errors.InvalidCalendarName:
        raise unknown("exchange calendar", mic, exchange_calendars.get_calendar_names()) from None
    except ValueError:  # exchanges whose rules are known for a shorter time only
        return exchange_calendars.get_calendar(mic)


def session_days(mic: str, first: date, last: date) -> I4:
    """All sessions from ``first`` to ``last``, both included, as days since 1970-01-01."""
    sessions = load_calendar(mic).sessions
    days = sessions.to_numpy().astype("datetime64[D]").astype(np.int32)
    inside: I4 = days[(days >= day_number(first)) & (days <= day_number(last))]
    return inside


def sessions_between(mic: str, first: date, last: date) -> list[date]:
    """All sessions from ``first`` to ``last``, both included."""
    return [day_date(day) for day in session_days(mic, first, last)]


def is_session(mic: str, on: date) -> bool:
    """Whether the exchange opens on that date."""
    return len(session_days(mic, on, on)) == 1


def latest_session_on(mic: str, on: date) -> date:
    """The newest session on or before a date."""
    days = session_days(mic, on - timedelta(days=30), on)
    if not len(days):
        raise InputError(f"{mic} has no session in the month before {on}", mend="choose another date")
    return day_date(days[-1])


def latest_session(mic: str, at: datetime) -> date:
    """The newest session that had opened at an instant."""
    calendar = load_calendar(mic)
    days = session_days(mic, at.date() - timedelta(days=30), at.date() + timedelta(days=1))
    for day in days[::-1]:
        session = day_date(day)
        if calendar.session_open(session.isoformat()).to_pydatetime() <= at:
            return session
    raise InputError(f"{mic} had no session in the month before {at:%Y-%m-%d}", mend="choose another time")


def final_at(mic: str, session: date, delay: timedelta) -> datetime:
    """When a session's bar counts as final: its close plus ``delay``, in UTC."""
    close: datetime = load_calendar(mic).session_close(session.isoformat()).to_pydatetime()
    return close.astimezone(UTC) + delay


def is_final(mic: str, session: date, at: datetime, delay: timedelta) -> bool:
    """Whether a session's bar is final at an instant."""
    return final_at(mic, session, delay) <= at


def expected_session(mic: str, at: datetime, delay: timedelta) -> date:
    """The newest session whose final data can be expected at an instant."""
    days = session_days(mic, at.date() - timedelta(days=30), at.date() + timedelta(days=1))
    for day in days[::-1]:
        if is_final(mic, day_date(day), at, delay):
            return day_date(day)
    raise InputError(f"{mic} had no session in the month before {at:%Y-%m-%d}", mend="choose another time")


def next_expected_at(mic: str, at: datetime, delay: timedelta) -> datetime:
    """When the next session's data will be expected, i.e. until when current data stays current."""
    for day in session_days(mic, at.date() - timedelta(days=1), at.date() + timedelta(days=30)):
        final = final_at(mic, day_date(day), delay)
        if final > at:
            return final
    raise InputError(f"{mic} has no session in the month after {at:%Y-%m-%d}", mend="choose another time")


def sessions_behind(mic: str, newest: date | None, at: datetime, delay: timedelta) -> int | None:
    """Completed sessions that are newer than the ``newest`` data; None when there is no data."""
    if newest is None:
        return None
    expected = expected_session(mic, at, delay)
    return int(np.sum(session_days(mic, newest, expected) > day_number(newest))) if expected > newest else 0


def grade_freshness(behind: int | None) -> Freshness:
    """0 sessions behind is current, 1 a warning, 2 or more (or no data at all) critical."""
    if behind is None or behind >= 2:
        return "critical"
    return "warning" if behind == 1 else "current"


def day_number(on: date) -> int:
    """Days since 1970-01-01."""
    return (on - date(1970, 1, 1)).days


def day_date(day: int | np.integer) -> date:
    """The date of a number of days since 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=int(day))
