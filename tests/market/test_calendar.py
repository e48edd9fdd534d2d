"""Sessions and freshness, on dates looked up in the exchanges' own calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from pacesetter.kernel.errors import BadDate, UnknownName
from pacesetter.market import calendar as cal

DELAY = timedelta(minutes=20)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def behind(newest: date, at: datetime, mic: str = "XNYS") -> int | None:
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


def test_thursdays_data_on_saturday_is_one_behind_and_a_week_old_is_five() -> None:
    saturday = utc(2025, 7, 26, 9, 0)
    assert [behind(date(2025, 7, d), saturday) for d in (25, 24, 23, 18)] == [0, 1, 2, 5]
    assert behind(date(2025, 7, 28), saturday) == 0  # data from after the instant is not behind


def test_a_london_close_counts_in_london_time() -> None:
    # 25 July 2025: London closes at 16:30 BST = 15:30 UTC; on 24 December at 12:30 GMT.
    assert behind(date(2025, 7, 24), utc(2025, 7, 25, 15, 49), "XLON") == 0
    assert behind(date(2025, 7, 24), utc(2025, 7, 25, 15, 50), "XLON") == 1
    assert cal.final_at("XLON", date(2025, 12, 24), DELAY) == utc(2025, 12, 24, 12, 50)


def test_summer_time_moves_the_close() -> None:
    assert cal.final_at("XNYS", date(2025, 3, 7), DELAY) == utc(2025, 3, 7, 21, 20)
    assert cal.final_at("XNYS", date(2025, 3, 10), DELAY) == utc(2025, 3, 10, 20, 20)


def test_tokyo_opens_the_day_before_in_utc_terms_of_new_york() -> None:
    at = utc(2025, 7, 28, 0, 30)  # Monday morning in Tokyo, Sunday evening in New York
    assert cal.latest_session("XTKS", at) == date(2025, 7, 28)
    assert cal.latest_session("XNYS", at) == date(2025, 7, 25)


def test_an_instant_is_the_same_in_any_time_zone() -> None:
    at = utc(2025, 7, 28, 20, 20)
    away = at.astimezone(timezone(timedelta(hours=13)))
    assert (
        cal.expected_session("XNYS", away, DELAY)
        == cal.expected_session("XNYS", at, DELAY)
        == date(2025, 7, 28)
    )


@pytest.mark.parametrize("mic", ["XNYS", "XLON", "XTKS", "XASX"])
def test_instants_agree_with_the_exchanges_own_schedule(mic: str, rng: np.random.Generator) -> None:
    calendar = cal.load_calendar(mic)
    for session in rng.choice(calendar.sessions.to_numpy()[30:-30], 40):
        day = session.astype("datetime64[D]").item()
        opens = calendar.session_open(day.isoformat()).to_pydatetime()
        close = calendar.session_close(day.isoformat()).to_pydatetime()
        before = calendar.previous_session(day.isoformat()).date()
        tick = timedelta(microseconds=1)
        assert cal.latest_session(mic, opens) == day
        assert cal.latest_session(mic, opens - tick) == before
        assert cal.expected_session(mic, close + DELAY, DELAY) == day
        assert cal.expected_session(mic, close + DELAY - tick, DELAY) == before
        assert cal.next_expected_at(mic, close + DELAY - tick, DELAY) == close + DELAY
        assert cal.is_final(mic, day, close + DELAY, DELAY)
        assert not cal.is_final(mic, day, close + DELAY - tick, DELAY)
        assert cal.latest_session_on(mic, day) == day
        assert cal.latest_session_on(mic, day - timedelta(days=1)) == before


def test_current_data_stay_current_until_the_next_close() -> None:
    friday_night = utc(2025, 7, 25, 22)
    until = cal.next_expected_at("XNYS", friday_night, DELAY)
    assert until == utc(2025, 7, 28, 20, 20)
    tick = timedelta(microseconds=1)
    assert [behind(date(2025, 7, 25), at) for at in (until - tick, until)] == [0, 1]


def test_a_younger_calendar_reaches_back_as_far_as_it_is_known() -> None:
    assert cal.sessions_between("XTKS", date(1997, 1, 1), date(1997, 1, 7)) == [
        date(1997, 1, 6),
        date(1997, 1, 7),
    ]


@pytest.mark.parametrize("on", [date(1980, 1, 2), date(2199, 1, 2)])
def test_dates_beyond_the_calendar_are_refused(on: date) -> None:
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    for ask in (
        lambda: cal.latest_session_on("XNYS", on),
        lambda: cal.latest_session("XNYS", at),
        lambda: cal.expected_session("XNYS", at, DELAY),
        lambda: cal.final_at("XNYS", on, DELAY),
    ):
        with pytest.raises(BadDate):
            ask()


def test_a_day_without_a_session_has_no_close() -> None:
    with pytest.raises(BadDate, match="2025-07-04 is no session of XNYS"):
        cal.final_at("XNYS", date(2025, 7, 4), DELAY)
