"""Sessions and freshness, on dates looked up in the exchanges' own calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pacesetter.kernel.errors import UnknownName
from pacesetter.market import calendar as cal

DELAY = timedelta(minutes=20)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def behind(newest: date, at: datetime, mic: str = "XNYS") -> int:
    return cal.sessions_behind(mic, newest, at, DELAY)


def test_fridays_data_on_monday_before_the_close_is_current() -> None:
    assert behind(date(2025, 7, 25), utc(2025, 7, 28, 14, 0)) == 0
    assert behind(date(2025, 7, 25), utc(2025, 7, 28, 20, 19)) == 0
    assert behind(date(2025, 7, 25), utc(2025, 7, 28, 20, 21)) == 1
    assert behind(date(2025, 7, 24), utc(2025, 7, 26, 12, 0)) == 1


def test_grades() -> None:
    assert [cal.grade_freshness(n) for n in (0, 1, 2, 9, None)] == ["current", "warning", *["critical"] * 3]


def test_holidays_and_half_days() -> None:
    assert cal.sessions_between("XNYS", date(2025, 7, 3), date(2025, 7, 7)) == [
        date(2025, 7, 3),
        date(2025, 7, 7),
    ]
    assert cal.final_at("XNYS", date(2025, 7, 3), DELAY) == utc(2025, 7, 3, 17, 20)  # closes at 13:00
    assert behind(date(2025, 7, 3), utc(2025, 7, 6, 12)) == 0


def test_new_york_and_london_differ() -> None:
    assert not cal.is_session("XNYS", date(2025, 7, 4))
    assert cal.is_session("XLON", date(2025, 7, 4))
    assert cal.is_session("XNYS", date(2025, 8, 25))
    assert not cal.is_session("XLON", date(2025, 8, 25))  # summer bank holiday


def test_the_latest_session_is_the_one_that_has_opened() -> None:
    assert cal.latest_session("XNYS", utc(2025, 7, 28, 13, 29)) == date(2025, 7, 25)
    assert cal.latest_session("XNYS", utc(2025, 7, 28, 13, 30)) == date(2025, 7, 28)
    assert cal.expected_session("XNYS", utc(2025, 7, 28, 13, 30), DELAY) == date(2025, 7, 25)


def test_it_reaches_back_to_1990() -> None:
    assert cal.sessions_between("XNYS", date(1990, 1, 1), date(1990, 1, 3)) == [
        date(1990, 1, 2),
        date(1990, 1, 3),
    ]


def test_no_data_has_no_age() -> None:
    assert cal.sessions_behind("XNYS", None, utc(2025, 7, 28, 14), DELAY) is None


def test_an_unknown_exchange_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        cal.load_calendar("XNYZ")
