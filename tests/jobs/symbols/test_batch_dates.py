"""When the batch is due, whatever the season; and the scheduler that proposes it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.jobs.runner import scheduler
from pacesetter.jobs.symbols.batch_dates import batch_at, due_session, next_batch_at
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import ConfigError
from pacesetter.settings import Settings
from pacesetter.store.work.batch_phases import newest_done
from tests.homes import settings_for


def settings(**over: Any) -> Settings:
    return Settings(_env_file=None, **over)  # type: ignore[call-arg]


def utc(*given: int) -> datetime:
    return datetime(*given, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_nine_in_the_evening_in_new_york_in_summer_and_winter() -> None:
    assert batch_at(settings(), date(2025, 7, 24)) == utc(2025, 7, 25, 1, 0)
    assert batch_at(settings(), date(2025, 1, 8)) == utc(2025, 1, 9, 2, 0)
    assert batch_at(settings(batch_at="22:30", batch_zone="Europe/Berlin"), date(2025, 7, 24)) == utc(
        2025, 7, 24, 20, 30
    )
    # never before the prices are final, twenty minutes after the close
    assert batch_at(settings(batch_at="10:00"), date(2025, 7, 24)) == utc(2025, 7, 24, 20, 20)
    with pytest.raises(ConfigError, match="no time zone"):
        batch_at(settings(batch_zone="Mars/Olympus"), date(2025, 7, 24))


@pytest.mark.parametrize(
    ("at", "due", "following"),
    [
        (utc(2025, 7, 25, 0, 59), date(2025, 7, 23), utc(2025, 7, 25, 1, 0)),
        (utc(2025, 7, 25, 1, 0), date(2025, 7, 24), utc(2025, 7, 26, 1, 0)),
        (utc(2025, 7, 27, 12, 0), date(2025, 7, 25), utc(2025, 7, 29, 1, 0)),  # a Sunday
        (utc(2025, 7, 5, 12, 0), date(2025, 7, 3), utc(2025, 7, 8, 1, 0)),  # behind a holiday
    ],
)
def test_trading_days_only(at: datetime, due: date, following: datetime) -> None:
    assert (due_session(settings(), at), next_batch_at(settings(), at)) == (due, following)


def test_the_scheduler_proposes_a_batch_once_an_evening_and_catches_up(tmp_path: Path, monkeypatch) -> None:
    mine = settings_for(tmp_path / "home")
    clock = VirtualClock(utc(2025, 7, 22, 20, 30))

    def propose() -> Any:
        return asyncio.run(scheduler.propose_batch(mine, simulated=True, clock=clock))

    async def done() -> Any:
        async with open_workspace(mine, clock=clock, simulated=True) as ws, ws.db.read() as conn:
            return await newest_done(conn)

    first = propose()  # nothing was ever done: the newest that is due, not the one of this evening
    assert first.metric_date == date(2025, 7, 21) and asyncio.run(done()) == date(2025, 7, 21)
    assert propose() is None  # a session has opened since
    clock.at = utc(2025, 7, 25, 1, 1)
    caught_up = propose()
    days = list(dict.fromkeys(one.on for one in caught_up.phases))
    assert days == [date(2025, 7, 22), date(2025, 7, 23), date(2025, 7, 24)]
    again = propose()
    assert {one.state for one in again.phases} == {"skipped"}
    clock.at += timedelta(hours=14)
    assert propose() is None

    async def fail(*_: Any, **__: Any) -> Any:
        raise ConfigError("no Dask scheduler answers")

    clock.at = utc(2025, 7, 26, 1, 1)
    monkeypatch.setattr(scheduler, "run_batch", fail)
    assert propose() is None  # said in the log
