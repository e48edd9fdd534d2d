"""Phases as rows: one holder each, done once for the same data, taken over when its holder is gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from pacesetter.kernel.errors import LeaseLost
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.exposure import batch_phases
from pacesetter.store.work import batch_phases as phases
from pacesetter.store.work.batch_phases import PHASES, PhaseClaim
from pacesetter.store.work.cycles import database_clock
from tests.store.made import NOW

ON = date(2025, 7, 24)


async def claim(db: Database, *, revision: int = 1, phase: Any = "ridge", on: date = ON, **more: Any) -> Any:
    given = {"owner": "here:1", "at": NOW, "total": 9, **more}
    async with db.write(content=False) as conn:
        return await phases.claim_phase(conn, on, phase, revision=revision, **given)


async def end(db: Database, held: PhaseClaim, revision: int = 1) -> None:
    async with db.write() as conn:
        problems = {"no_bars": ["B", "A"], "degenerate": []}
        await phases.end_phase(conn, held, revision=revision, done=7, total=9, problems=problems, at=NOW)


def test_a_phase_has_one_holder_and_is_done_once_for_the_same_data(with_database) -> None:
    async def work(db: Database) -> None:
        held = await claim(db)
        assert held == PhaseClaim(ON, "ridge", 1)
        assert await claim(db) == "taken" and await claim(db, revision=2) == "taken"
        await end(db, held)
        assert await claim(db) == "done"
        async with db.read() as conn:
            row = (await phases.phases_on(conn, ON))["ridge"]
        assert (row.state, row.done, row.total, row.data_revision) == ("done", 7, 9, 1)
        assert row.problems == {"no_bars": ["A", "B"]} and row.lease_until is None
        again = await claim(db, revision=2)
        assert again.fence == 2
        async with db.read() as conn:
            row = (await phases.phases_on(conn, ON))["ridge"]
        assert (row.state, row.done, row.problems, row.ended_at) == ("running", 0, {}, None)

    with_database(work)


def test_a_phase_whose_holder_is_gone_is_taken_over_and_the_late_one_writes_nothing(with_database) -> None:
    async def work(db: Database) -> None:
        held = await claim(db)
        async with db.write(content=False) as conn:
            gone = update(batch_phases).values(lease_until=database_clock(conn, -1.0))
            await conn.execute(gone)
        async with db.read() as conn:
            assert [row.shown for row in await phases.list_phases(conn, 5)] == ["interrupted"]
        heir = await claim(db)
        assert heir.fence == 2
        for late in (end(db, held), keep(db, held)):
            with pytest.raises(LeaseLost):
                await late
        await end(db, heir)

    async def keep(db: Database, held: PhaseClaim) -> None:
        async with db.write(content=False) as conn:
            await phases.keep_phase(conn, held, 3)

    with_database(work)


def test_a_dead_owner_is_not_waited_for_and_a_failed_phase_is_free(with_database) -> None:
    async def work(db: Database) -> None:
        held = await claim(db, owner="here:77")
        assert await claim(db, dead="here:78") == "taken"
        heir = await claim(db, dead="here:77")
        assert heir.fence == held.fence + 1
        async with db.write(content=False) as conn:
            await phases.fail_phase(conn, heir, error="x" * 2000, at=NOW)
        async with db.read() as conn:
            row = (await phases.phases_on(conn, ON))["ridge"]
            assert (row.state, len(row.error)) == ("failed", 1000)
        next_one = await claim(db)
        async with db.write(content=False) as conn:
            await phases.free_phase(conn, next_one)
        assert (await claim(db)).fence == next_one.fence + 1

    with_database(work)


def test_a_session_is_done_when_every_phase_is(with_database) -> None:
    async def work(db: Database) -> None:
        newer = date(2025, 7, 25)
        for phase in PHASES:
            async with db.read() as conn:
                assert await phases.newest_done(conn) is None
            await end(db, await claim(db, phase=phase))
        for phase in PHASES[:-1]:
            await end(db, await claim(db, phase=phase, on=newer))
        async with db.read() as conn:
            assert await phases.newest_done(conn) == ON
            listed = await phases.list_phases(conn, 1)
        assert {row.metric_date for row in listed} == {newer} and len(listed) == 5

    with_database(work)
