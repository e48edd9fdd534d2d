"""Which night tells of a symbol that somebody puts forward: the first that may know it, and none before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pacesetter.agents.evidence import first_night, known_until
from pacesetter.jobs.inbox.picks import adopt, note_picks
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.providers.files.ticker_list import Pick
from pacesetter.store.desk.research_texts import research_texts
from tests.jobs.home import ask
from tests.jobs.night.test_run_night import FIRST, LAST, SECOND, SEVEN, Open, opened

__all__ = ["opened"]
SECONDS = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2025, 7, 24, 12, tzinfo=UTC), date(2025, 7, 24)),  # a Thursday in session
        (datetime(2025, 7, 24, 22, tzinfo=UTC), date(2025, 7, 24)),
        (SEVEN, date(2025, 7, 24)),  # seven in the morning: its night is worked now
        (SEVEN + SECONDS, date(2025, 7, 25)),
        (datetime(2025, 7, 26, 12, tzinfo=UTC), date(2025, 7, 25)),  # a Saturday belongs to Friday
        (datetime(2025, 7, 27, 23, 30, tzinfo=UTC), date(2025, 7, 25)),  # Monday already in London
        (datetime(2025, 7, 28, 6, tzinfo=UTC), date(2025, 7, 25)),
        (datetime(2025, 7, 28, 6, 0, 1, tzinfo=UTC), date(2025, 7, 28)),
        (datetime(2025, 1, 6, 7, tzinfo=UTC), date(2025, 1, 3)),  # London is on winter time
    ],
)
def test_the_first_night_that_may_know_it(at: datetime, night: date) -> None:
    assert first_night(at) == night
    assert at <= known_until(night) and known_until(night - timedelta(days=1)) < at


async def put_forward(ws: Workspace, at: datetime) -> None:
    """NVDA, as a list in the inbox puts it forward that is found at an instant."""
    clock: Any = ws.clock
    clock.at = at
    async with ws.db.write() as conn:
        adopted = await adopt(conn, {"NVDA": "normal"}, at=ws.now())
        rows = note_picks(
            [Pick("line 1", "NVDA", "hm")], adopted, at=ws.now(), file="mine.csv", file_id=new_id()
        )
        await research_texts.add(conn, [replace(row, inbox_file_id=None) for row in rows])


async def told(ws: Workspace) -> list[str]:
    """The evenings whose night told of what was put forward."""
    rows = await ask(ws, "SELECT signal_on FROM signals WHERE signal_type = 'manual' ORDER BY signal_on")
    return [str(on) for (on,) in rows]


def test_before_seven_it_is_of_the_night_that_begins_at_seven(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = known_until(SECOND)
        await run_night(ws, SECOND)
        await put_forward(ws, SEVEN - timedelta(hours=1))
        clock.at = SEVEN
        await run_night(ws, LAST)
        assert await told(ws) == [LAST.isoformat()]

    opened(work)


def test_a_night_that_is_worked_late_does_not_know_what_came_after_its_morning(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        await put_forward(ws, known_until(SECOND) + SECONDS)
        clock.at = SEVEN
        await run_night(ws, SECOND)
        assert await told(ws) == []
        await run_night(ws, LAST)
        assert await told(ws) == [LAST.isoformat()]  # and it is lost to nobody

    opened(work)


def test_it_is_not_lost_with_a_night_that_nobody_worked(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        clock.at = known_until(FIRST)
        await run_night(ws, FIRST)
        await put_forward(ws, known_until(SECOND) - timedelta(hours=1))
        clock.at = SEVEN
        await run_night(ws, LAST)  # none of ``SECOND``
        assert await told(ws) == [LAST.isoformat()]

    opened(work)


def test_nor_in_a_home_whose_first_night_it_is(opened: Open) -> None:
    async def work(ws: Workspace) -> None:
        clock: Any = ws.clock
        await put_forward(ws, known_until(SECOND) - timedelta(hours=1))
        clock.at = SEVEN
        await run_night(ws, LAST)
        assert await told(ws) == [LAST.isoformat()]

    opened(work)
