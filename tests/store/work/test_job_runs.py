"""Jobs as rows, on both databases: one of the same work, one process for each, an end by its holder only."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from pacesetter.kernel.errors import LeaseLost, UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.database.engine import Database
from pacesetter.store.tables.job import job_runs
from pacesetter.store.work import job_runs as jobs
from pacesetter.store.work.cycles import database_clock

NOW = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)
SPAN = {"from": "2025-06-02", "boards": ["ev"]}


async def add(db: Database, kind: str = "backfill", parameters: Any = None, at: datetime = NOW) -> Any:
    async with db.write(content=False) as conn:
        return await jobs.add_job(conn, kind, SPAN if parameters is None else parameters, by="ann", at=at)


async def take(db: Database, lease_s: float = 60.0) -> Any:
    async with db.write(content=False) as conn:
        return await jobs.take_job(conn, owner="me", lease_s=lease_s, at=NOW)


async def row_of(db: Database, job_id: Any) -> Any:
    async with db.read() as conn:
        return await jobs.find_job(conn, job_id)


async def end(db: Database, job: Any, state: str = "done", **said: Any) -> None:
    async with db.write(content=False) as conn:
        await jobs.end_job(conn, job, state, at=NOW, **said)


async def stop(db: Database, job_id: Any) -> None:
    async with db.write(content=False) as conn:
        await jobs.ask_stop(conn, job_id, NOW)


def test_the_same_work_is_joined_until_it_has_ended(with_database) -> None:
    async def work(db: Database) -> None:
        first = await add(db)
        assert first[1] and await add(db, parameters=dict(reversed(SPAN.items()))) == (first[0], False)
        assert (await add(db, parameters={**SPAN, "boards": ["ai-tech"]}))[1]
        assert (await add(db, "cycle"))[1]
        job = await take(db)
        assert job.id == first[0] and await add(db) == (first[0], False)
        await end(db, job)
        again = await add(db)
        assert again[1] and again[0] != first[0]
        many = await asyncio.gather(*(add(db, "warm", {}) for _ in range(8)))
        assert len({job_id for job_id, _ in many}) == 1 and sorted(new for _, new in many) == [False] * 7 + [
            True
        ]
        async with db.read() as conn:
            every = await jobs.list_jobs(conn, limit=100)
        assert len({row.asked_at for row in every}) == len(every) == 5  # each names a tick of its own

    with_database(work)


def test_no_two_that_ask_at_the_same_time_get_the_same_tick(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            first, _ = await jobs.add_job(conn, "cycle", {"on": "2025-07-23"}, by="ann", at=NOW)
            other = asyncio.create_task(add(db, "cycle", {"on": "2025-07-24"}))
            await asyncio.sleep(0.3)  # it has to wait until the first is committed, and seen
        second, _ = await other
        assert (await row_of(db, first)).asked_at < (await row_of(db, second)).asked_at

    with_database(work)


def test_who_asks_does_not_join_a_lost_job_that_nobody_takes_up(with_database) -> None:
    async def work(db: Database) -> None:
        lost, _ = await add(db, "warm", {})
        await take(db, lease_s=0.01)
        await asyncio.sleep(0.03)
        assert (await row_of(db, lost)).shown == "interrupted"
        again = await add(db, "warm", {})
        assert again[1] and again[0] != lost
        assert (await row_of(db, lost)).state == "interrupted"
        await end(db, await take(db))
        stopped, _ = await add(db)
        await take(db)
        async with db.write(content=False) as conn:
            values = {"stop_asked": True, "lease_until": NOW}
            await conn.execute(update(job_runs).where(job_runs.c.id == stopped).values(**values))
        assert (await row_of(db, stopped)).shown == "cancelled"

    with_database(work)


def test_jobs_are_read_page_by_page(with_database) -> None:
    async def work(db: Database) -> None:
        for n in range(5):
            await add(db, "cycle", {"on": str(n)}, NOW)
        await add(db)
        async with db.read() as conn:
            seen, before = [], None
            while rows := await jobs.list_jobs(conn, kind="cycle", before=before, limit=2):
                assert len(rows) <= 2
                seen += [row.parameters["on"] for row in rows]
                before = (rows[-1].asked_at, rows[-1].id)
            assert seen == ["4", "3", "2", "1", "0"]
            assert await jobs.count_jobs(conn, kind="cycle", state="queued") == 5
            assert await jobs.count_jobs(conn) == 6 and await jobs.count_jobs(conn, state="done") == 0

    with_database(work)


def test_one_job_is_taken_by_one_of_many(with_database) -> None:
    async def work(db: Database) -> None:
        asked = [(await add(db, parameters={"boards": [str(n)]}))[0] for n in range(3)]
        taken = await asyncio.gather(*(take(db) for _ in range(8)))
        assert sorted(job.id for job in taken if job) == sorted(asked)
        assert [job.id for job in taken if job].count(asked[0]) == 1
        async with db.read() as conn:
            assert not await jobs.waits_for_work(conn)

    with_database(work)


def test_who_asked_first_is_served_first(with_database) -> None:
    async def work(db: Database) -> None:
        late = await add(db, "warm", {}, NOW + timedelta(minutes=1))
        early = await add(db, "cycle", {"on": "2025-07-24"}, NOW + timedelta(hours=1))
        assert [(await take(db)).id, (await take(db)).id] == [late[0], early[0]]

    with_database(work)


def test_a_job_whose_process_died_is_taken_up_and_the_dead_cannot_write(with_database) -> None:
    async def work(db: Database) -> None:
        job_id, _ = await add(db)
        dead = await take(db)
        assert (await row_of(db, job_id)).shown == "running" and await take(db) is None
        async with db.write(content=False) as conn:
            over = {"lease_until": database_clock(conn, -1.0)}
            await conn.execute(update(job_runs).where(job_runs.c.id == job_id).values(over))
        assert (await row_of(db, job_id)).shown == "queued"  # somebody will go on
        assert await add(db) == (job_id, False)
        async with db.read() as conn:
            (listed,) = await jobs.list_jobs(conn, state="queued", limit=5)
            assert listed.id == job_id and not await jobs.list_jobs(conn, state="running", limit=5)
        heir = await take(db)
        assert (heir.id, heir.fence) == (job_id, dead.fence + 1) and await take(db) is None
        for write in (jobs.keep_job, jobs.put_back):
            with pytest.raises(LeaseLost):
                async with db.write(content=False) as conn:
                    await write(conn, dead, *(["x"] if write is jobs.put_back else []))
        with pytest.raises(LeaseLost):
            await end(db, dead, "failed")
        await end(db, heir, message="m" * 900, done=3, total=3, unit="sessions")
        row = await row_of(db, job_id)
        assert (row.shown, row.message, row.done, row.lost) == ("done", "m" * 500, 3, 1)

    with_database(work)


def test_a_job_that_takes_its_process_along_is_given_up(with_database) -> None:
    async def work(db: Database) -> None:
        heavy, _ = await add(db)
        for n in range(jobs.MOST_LOST):
            assert (await take(db, lease_s=0.01)).id == heavy
            await asyncio.sleep(0.03)
            shown = "interrupted" if n == jobs.MOST_LOST - 1 else "queued"
            assert (await row_of(db, heavy)).shown == shown
        assert await take(db) is None
        row = await row_of(db, heavy)
        assert row.state == "interrupted" and "memory" in row.problem["mend"] and row.ended_at == NOW
        assert (await add(db))[1]  # it can be asked for again
        warm, _ = await add(db, "warm", {})
        await stop(db, (await take(db)).id)
        await take(db, lease_s=0.01)
        await asyncio.sleep(0.03)
        await take(db)
        assert (await row_of(db, warm)).state == "interrupted"  # what it had warmed is gone with the process

    with_database(work)


def test_stopping_depends_on_what_it_does(with_database) -> None:
    async def work(db: Database) -> None:
        waiting, _ = await add(db)
        await stop(db, waiting)
        assert (await row_of(db, waiting)).state == "cancelled" and await take(db) is None
        running, _ = await add(db)
        job = await take(db)
        async with db.write(content=False) as conn:
            assert not await jobs.keep_job(conn, job, done=1, total=9, unit="sessions")
        await stop(db, running)
        async with db.write(content=False) as conn:
            assert await jobs.wants_stop(conn, running) and await jobs.keep_job(conn, job)
        assert ((await row_of(db, running)).shown, (await row_of(db, running)).done) == ("running", 1)
        await end(db, job, "cancelled")
        await stop(db, running)
        assert (await row_of(db, running)).state == "cancelled"
        lost, _ = await add(db)
        job = await take(db, lease_s=0.01)
        await asyncio.sleep(0.03)
        await stop(db, lost)
        assert (await row_of(db, lost)).state == "cancelled"
        with pytest.raises(LeaseLost):
            await end(db, job)
        asked, _ = await add(db)
        await take(db, lease_s=0.01)
        async with db.write(content=False) as conn:
            await conn.execute(update(job_runs).where(job_runs.c.id == asked).values(stop_asked=True))
        await asyncio.sleep(0.03)
        assert await take(db) is None and (await row_of(db, asked)).state == "cancelled"

    with_database(work)


def test_a_job_is_put_back_for_the_next_server(with_database) -> None:
    async def work(db: Database) -> None:
        job_id, _ = await add(db)
        first = await take(db)
        async with db.write(content=False) as conn:
            await jobs.put_back(conn, first, "its server was stopped")
        assert (await row_of(db, job_id)).shown == "queued"
        second = await take(db)
        assert second.fence == first.fence + 1 and (await row_of(db, job_id)).lost == 0

    with_database(work)


def test_the_schema_refuses_what_cannot_be_and_old_ends_go(with_database) -> None:
    async def work(db: Database) -> None:
        plain = {"parameters": {}, "work_key": "k", "asked_by": "ann", "asked_at": NOW}
        for wrong in ({"kind": "import"}, {"kind": "warm", "state": "lost"}):
            with pytest.raises(IntegrityError):
                async with db.write(content=False) as conn:
                    await conn.execute(insert(job_runs).values(id=new_id(), **plain, **wrong))
        old, _ = await add(db, at=NOW - jobs.KEPT - timedelta(days=1))
        await end(db, await take(db))
        waiting, _ = await add(db, "warm", {}, NOW - jobs.KEPT - timedelta(days=1))
        await add(db, "cycle")
        with pytest.raises(UnknownName, match="/api/v1/jobs"):
            await row_of(db, old)
        assert (await row_of(db, waiting)).shown == "queued"

    with_database(work)
