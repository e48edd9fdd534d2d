"""Exchange calendars by MIC: which sessions there are, and how far behind data is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from pacesetter.kernel.errors import BadDate, unknown
from pacesetter.market.panel import I4, I8

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar

FIRST_ON = date(1990, 1, 1)  # nothing is known of sessions before it
EVERY_DAY = "24/7"  # as exchange_calendars calls a calendar without closed days
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Freshness = Literal["current", "warning", "critical"]


class Hours(NamedTuple):
    """Sessions of an exchange, oldest first: days since 1970-01-01, and UTC instants in µs since then."""

    days: I4
    opens: I8
    closes: I8


@cache
def load_calendar(mic: str) -> ExchangeCalendar:
    """The exchange's calendar from 1990, or from when its rules are known, to a year from today.

    ``UnknownName`` for no known MIC.
    """
    import exchange_calendars  # a slow import that most commands do not need

    try:
        return exchange_calendars.get_calendar(mic, start=FIRST_ON.isoformat())
    except exchange_calendars.errors.InvalidCalendarName:
        raise unknown("exchange calendar", mic, exchange_calendars.get_calendar_names()) from None
    except ValueError:
        known_from = exchange_calendars.get_calendar(mic).bound_min()
        return exchange_calendars.get_calendar(mic, start=known_from)


@cache
def load_hours(mic: str) -> Hours:
    """When each session of the exchange opens and closes, as arrays to search in."""
    calendar = load_calendar(mic)
    days = calendar.sessions.to_numpy().astype("datetime64[D]").astype(np.int32)
    return Hours(days, calendar.opens_nanos // 1000, calendar.closes_nanos // 1000)


def session_days(mic: str, first: date, last: date) -> I4:
    """All sessions from ``first`` to ``last``, both included, as days since 1970-01-01."""
    days = load_hours(mic).days
    low = np.searchsorted(days, day_number(first), side="left")
    return days[low : np.searchsorted(days, day_number(last), side="right")]


def sessions_between(mic: str, first: date, last: date) -> list[date]:
    """All sessions from ``first`` to ``last``, both included."""
    return [day_date(day) for day in session_days(mic, first, last)]


def sessions_before(mic: str, last: date, count: int) -> list[date]:
    """The ``count`` sessions that end with ``last`` or before it, oldest first; fewer where the
    calendar begins."""
    days = load_hours(mic).days
    end = int(np.searchsorted(days, day_number(last), side="right"))
    return [day_date(day) for day in days[max(end - count, 0) : end]]


def first_session(mic: str) -> date:
    """The session that the exchange's calendar begins with."""
    return day_date(load_hours(mic).days[0])


def is_session(mic: str, on: date) -> bool:
    """Whether the exchange opens on that date."""
    return len(session_days(mic, on, on)) == 1


def latest_session_on(mic: str, on: date) -> date:
    """The newest session on or before a date."""
    days = load_hours(mic).days
    return _session_at(mic, int(np.searchsorted(days, day_number(on), side="right")) - 1, on)


def newest_day(mic: str, at: datetime) -> date:
    """The newest date that a bar can have: the day in UTC, or at the exchange where that is ahead."""
    return max(at.astimezone(UTC).date(), at.astimezone(load_calendar(mic).tz).date())


def latest_session(mic: str, at: datetime) -> date:
    """The newest session that had opened at an instant."""
    opens = load_hours(mic).opens
    return _session_at(mic, int(np.searchsorted(opens, _instant(at), side="right")) - 1, at.date())


def final_at(mic: str, session: date, delay: timedelta) -> datetime:
    """When a session's bar counts as final: its close plus ``delay``, in UTC."""
    hours = load_hours(mic)
    place = int(np.searchsorted(hours.days, day_number(session)))
    if place == len(hours.days) or hours.days[place] != day_number(session):
        raise BadDate(f"{session} is no session of {mic}", mend="choose a day on which the exchange opens")
    return EPOCH + timedelta(microseconds=int(hours.closes[place])) + delay


def is_final(mic: str, session: date, at: datetime, delay: timedelta) -> bool:
    """Whether a session's bar is final at an instant."""
    return final_at(mic, session, delay) <= at


def expected_session(mic: str, at: datetime, delay: timedelta) -> date:
    """The newest session whose final data can be expected at an instant."""
    closes = load_hours(mic).closes
    return _session_at(mic, int(np.searchsorted(closes, _instant(at - delay), side="right")) - 1, at.date())


def next_expected_at(mic: str, at: datetime, delay: timedelta) -> datetime:
    """When the next session's data will be expected, i.e. until when current data stays current."""
    closes = load_hours(mic).closes
    place = int(np.searchsorted(closes, _instant(at - delay), side="right"))
    if place == len(closes):
        raise BadDate(f"{mic} has no known session after {at:%Y-%m-%d}", mend="choose an earlier time")
    return EPOCH + timedelta(microseconds=int(closes[place])) + delay


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


def _session_at(mic: str, place: int, asked: date) -> date:
    """The session at ``place``, if it lies in the month before ``asked``: calendars end, too."""
    days = load_hours(mic).days
    if place < 0 or days[place] < day_number(asked) - 30:
        raise BadDate(f"{mic} has no session in the month before {asked}", mend="choose another date")
    return day_date(days[place])


def _instant(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def day_number(on: date) -> int:
    """Days since 1970-01-01."""
    return (on - date(1970, 1, 1)).days


def day_date(day: int | np.integer) -> date:
    """The date of a number of days since 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=int(day))
