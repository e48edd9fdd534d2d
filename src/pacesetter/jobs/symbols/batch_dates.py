"""Which sessions a batch is for, and when the next one is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pacesetter.jobs.bars.choose_provider import choose_providers
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter, ConfigError, InputError
from pacesetter.market.calendar import (
    day_date,
    expected_session,
    final_at,
    is_session,
    latest_session_on,
    session_days,
    sessions_between,
)
from pacesetter.settings import Settings
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.work.batch_phases import newest_done

MOST_MISSED = 30  # sessions that are caught up


@dataclass(frozen=True)
class Plan:
    """The sessions of a batch, oldest first, and what a person should know of the choice."""

    dates: Sequence[date]
    said: Sequence[str] = field(default_factory=tuple)


async def plan_dates(
    ws: Workspace,
    *,
    on: date | None = None,
    first: date | None = None,
    last: date | None = None,
    until: date | None = None,
) -> Plan:
    """The sessions to do: ``on``, or those of a span, or from the newest one that is done to the newest
    one with final prices (at most ``until``); ``BadDate`` for a day without a session or in the future."""
    mic, newest = ws.settings.calendar, newest_final(ws)
    if on is not None and (first is not None or last is not None):
        raise BadParameter("a day and a span exclude each other", where="on", mend="give on, or from and to")
    for name, day in (("on", on), ("from", first), ("to", last)):
        if day is not None and day > newest:
            raise BadDate(
                f"the prices of {day} are not final yet", where=name, mend=f"the newest final ones: {newest}"
            )
    if on is not None:
        if not is_session(mic, on):
            before = latest_session_on(mic, on)
            raise BadDate(f"{on} is no trading day", where=mic, mend=f"the session before it is {before}")
        return Plan([on])
    async with ws.db.read() as conn:
        priced, done = await newest_price_date(conn), await newest_done(conn)
    if first is not None or last is not None:
        return Plan(span(mic, first or last or newest, last or newest))
    newest = newest if until is None else min(newest, until)
    chain = choose_providers(ws)
    if priced is None and not chain:
        raise InputError("no prices are stored", mend="`pacesetter import prices FILE`, or `pacesetter up`")
    said = []
    if not chain and priced is not None and priced < newest:
        newest = latest_session_on(mic, priced)
        said = [f"nobody is asked for newer prices than those of {newest}"]
    if done is None or done >= newest:
        return Plan([newest], said)
    missed = sessions_between(mic, done + timedelta(days=1), newest)
    if len(missed) > MOST_MISSED:
        said.append(f"{len(missed)} sessions were missed: the newest {MOST_MISSED} are caught up")
    return Plan(missed[-MOST_MISSED:], said)


def span(mic: str, first: date, last: date) -> list[date]:
    """The sessions of a span; ``BadDate`` where there is none."""
    if first > last:
        raise BadDate(f"{first} is after {last}", where="from", mend="give the earlier date to from")
    found = sessions_between(mic, first, last)
    if not found:
        raise BadDate(f"no session lies between {first} and {last}", where=mic, mend="choose other dates")
    return found


def newest_final(ws: Workspace) -> date:
    """The newest session whose prices can be final."""
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    return expected_session(ws.settings.calendar, ws.now(), delay)


def batch_at(settings: Settings, session: date) -> datetime:
    """When the batch of a session is due, in UTC: at the time of the settings, never before its prices
    are final. ``ConfigError`` for a time zone that nobody knows."""
    try:
        zone = ZoneInfo(settings.batch_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(
            f"{settings.batch_zone!r} is no time zone",
            where="PACESETTER_BATCH_ZONE",
            mend="write one like America/New_York",
        ) from None
    due = datetime.combine(session, time.fromisoformat(settings.batch_at), zone).astimezone(UTC)
    return max(due, final_at(settings.calendar, session, timedelta(minutes=settings.final_delay_minutes)))


def due_session(settings: Settings, at: datetime) -> date | None:
    """The newest session whose batch is due at an instant."""
    today = at.astimezone(UTC).date()
    days = session_days(settings.calendar, today - timedelta(days=30), today + timedelta(days=1))
    for day in reversed(days):
        if batch_at(settings, day_date(day)) <= at:
            return day_date(day)
    return None


def next_batch_at(settings: Settings, at: datetime) -> datetime:
    """When the next batch is due."""
    today = at.astimezone(UTC).date()
    for day in session_days(settings.calendar, today - timedelta(days=1), today + timedelta(days=30)):
        due = batch_at(settings, day_date(day))
        if due > at:
            return due
    raise BadDate(f"no session follows {today}", where=settings.calendar, mend="choose another calendar")
