"""The queue of symbols on both databases: joined, taken by one, taken over, given back, in order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from pacesetter.kernel.errors import LeaseLost, UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.database.engine import Database
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols import onboarding_list as listed
from pacesetter.store.symbols.onboarding import Taken
from pacesetter.store.tables.onboarding import symbol_onboarding_queue as table
from pacesetter.store.work.cycles import database_clock

NOW = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)


async def ask(
    db: Database, *symbols: str, by: str = "ann", priority: str = "normal", at: datetime = NOW
) -> list[tuple[UUID, bool]]:
    async with db.write(content=False) as conn:
        answer = await queue.ask_for(conn, symbols, by=by, priority=priority, at=at)
    return [answer[symbol] for symbol in symbols]


async def take(db: Database, lease_s: float = 60.0, **more: Any) -> Taken | None:
    async with db.write(content=False) as conn:
        return await queue.take_next(conn, owner="here:1", lease_s=lease_s, at=NOW, **more)


async def must_take(db: Database, lease_s: float = 60.0, **more: Any) -> Taken:
    job = await take(db, lease_s, **more)
    assert job is not None
    return job


async def pass_time(db: Database, job_id: UUID) -> None:
    """As if the lease, or the pause before the next try, were over."""
    async with db.write(content=False) as conn:
        over = {"lease_until": database_clock(conn, -1.0)}
        await conn.execute(update(table).where(table.c.id == job_id).values(over))


async def row_of(db: Database, job_id: UUID) -> Any:
    async with db.read() as conn:
        return await listed.find_job(conn, job_id)


async def write(db: Database, change: Any, *given: Any, **more: Any) -> None:
    async with db.write(content=False) as conn:
        await change(conn, *given, **more)


async def set_created(db: Database, ids: Sequence[UUID]) -> None:
    """Asked for one second after the other: SQLite's clock has no finer steps."""
    async with db.write(content=False) as conn:
        for n, job_id in enumerate(ids):
            at = NOW + timedelta(seconds=n)
            await conn.execute(update(table).where(table.c.id == job_id).values(created_at=at))


def test_who_asks_for_what_is_on_its_way_joins_it(with_database) -> None:
    async def work(db: Database) -> None:
        ((first, joined),) = await ask(db, "NVDA", priority="low")
        assert not joined
        assert await ask(db, "NVDA", by="ben", priority="high") == [(first, True)]
        assert await ask(db, "NVDA", by="ann", priority="normal") == [(first, True)]
        row = await row_of(db, first)
        assert (row.priority, row.priority_rank, row.requested_by) == ("high", 0, ["ann", "ben"])
        assert (row.status, row.stage, row.attempts, row.requested_at) == ("pending", "queued", 0, NOW)
        job = await must_take(db)
        assert await ask(db, "NVDA", by="cid") == [(first, True)]  # also while it is worked on
        await write(db, queue.complete, job, at=NOW)
        ((second, joined),) = await ask(db, "NVDA")
        assert second != first and not joined

    with_database(work)


def test_a_failed_one_is_tried_again_by_asking_again(with_database) -> None:
    async def work(db: Database) -> None:
        ((first, _),) = await ask(db, "NVDA")
        await write(db, queue.fail, await must_take(db), cause="delisted", said="gone — ask", at=NOW)
        row = await row_of(db, first)
        assert (row.shown, row.cause, row.error_message) == ("failed", "delisted", "gone — ask")
        ((second, joined),) = await ask(db, "NVDA")
        assert second != first and not joined and (await must_take(db)).id == second

    with_database(work)


def test_many_at_once_make_one_job_a_symbol(database_url) -> None:
    """Eight threads, each with connections of its own, ask for the same twenty symbols at the same moment."""
    symbols = [f"S{n:02d}" for n in range(20)]
    start, answers = threading.Barrier(8), []

    def ask_all(who: int) -> None:
        async def main() -> None:
            db = Database(database_url)
            async with db.read():
                pass
            mine = symbols[who:] + symbols[:who]
            start.wait(240)
            answers.append(dict(zip(mine, await ask(db, *mine, by=f"u{who}"), strict=True)))
            await db.close()

        asyncio.run(main())

    threads = [threading.Thread(target=ask_all, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert len(answers) == 8

    async def check() -> None:
        db = Database(database_url)
        async with db.read() as conn:
            assert await conn.scalar(select(func.count(table.c.id))) == 20
            for row in await conn.execute(select(table)):
                assert sorted(row.requested_by) == [f"u{who}" for who in range(8)]
        await db.close()

    asyncio.run(check())
    for symbol in symbols:
        assert len({answer[symbol][0] for answer in answers}) == 1
        assert sum(not answer[symbol][1] for answer in answers) == 1


def test_the_index_itself_refuses_a_second_active_job(with_database) -> None:
    async def work(db: Database) -> None:
        await ask(db, "NVDA")
        plain = {"symbol": "NVDA", "requested_by": ["x"], "requested_at": NOW}
        with pytest.raises(IntegrityError):
            async with db.write(content=False) as conn:
                await conn.execute(insert(table).values(id=new_id(), **plain))
        async with db.write(content=False) as conn:
            await conn.execute(insert(table).values(id=new_id(), **plain, status="failed"))
        for wrong in ({"status": "lost"}, {"priority": "urgent"}, {"stage": "later"}):
            with pytest.raises(IntegrityError):
                async with db.write(content=False) as conn:
                    await conn.execute(insert(table).values(id=new_id(), **plain | {"symbol": "X"}, **wrong))

    with_database(work)


def test_priority_then_time_then_id_decides(with_database) -> None:
    async def work(db: Database) -> None:
        low, _ = (await ask(db, "LOW", priority="low"))[0]
        late, _ = (await ask(db, "LATE"))[0]
        early, _ = (await ask(db, "EARLY"))[0]
        high, _ = (await ask(db, "HIGH", priority="high"))[0]
        await set_created(db, [low, early, late, high])
        async with db.read() as conn:
            line = await listed.places(conn, [low, late, early, high])
        assert line == {high: 0, early: 1, late: 2, low: 3}
        await ask(db, "LOW", priority="high")  # it was asked for before the other high one
        taken = [(await must_take(db)).symbol for _ in range(4)]
        assert taken == ["LOW", "HIGH", "EARLY", "LATE"] and await take(db) is None

    with_database(work)


def test_jobs_of_the_same_instant_are_taken_by_id(with_database) -> None:
    async def work(db: Database) -> None:
        names = ["C", "A", "B"]
        ids = {name: (await ask(db, name))[0][0] for name in names}
        await write(db, lambda conn: conn.execute(update(table).values(created_at=NOW)))
        taken = [(await must_take(db)).symbol for _ in range(3)]
        assert taken == sorted(names, key=lambda name: ids[name].bytes)

    with_database(work)


def test_one_job_is_taken_by_one_of_many(with_database) -> None:
    async def work(db: Database) -> None:
        await ask(db, *(f"S{n}" for n in range(5)))
        taken = [job for job in await asyncio.gather(*(take(db) for _ in range(12))) if job]
        assert sorted(job.symbol for job in taken) == [f"S{n}" for n in range(5)]
        async with db.read() as conn:
            assert not await queue.waits_for_work(conn)

    with_database(work)


def test_only_certain_jobs_are_taken(with_database) -> None:
    async def work(db: Database) -> None:
        (_, (mine, _)) = await ask(db, "A", "B")
        assert (await must_take(db, only=[mine])).symbol == "B" and await take(db, only=[mine]) is None
        assert (await must_take(db)).symbol == "A"

    with_database(work)


def test_a_dead_worker_s_job_is_taken_over_and_it_cannot_write(with_database) -> None:
    async def work(db: Database) -> None:
        ((job_id, _),) = await ask(db, "NVDA")
        dead = await must_take(db)
        await write(db, queue.advance, dead, "prices")
        assert (await row_of(db, job_id)).shown == "processing" and await take(db) is None
        await pass_time(db, job_id)
        row = await row_of(db, job_id)
        assert (row.status, row.shown) == ("processing", "pending")  # somebody will go on
        async with db.read() as conn:
            assert [r.id for r in await listed.list_jobs(conn, status="pending", before=None, limit=9)] == [
                job_id
            ]
            assert await listed.count_jobs(conn, "processing") == 0 == await listed.count_working(conn)
        heir = await must_take(db)
        assert (heir.id, heir.fence, heir.attempts) == (job_id, dead.fence + 1, 2)
        ended: dict[str, Any] = {"at": NOW}
        failed = {"cause": "network", "said": "x"}
        for change, given, more in (
            (queue.advance, ("metrics",), {}),
            (queue.renew, (), {}),
            (queue.give_back, (), {}),
            (queue.complete, (), ended),
            (queue.fail, (), failed | ended),
            (queue.try_later, (), {**failed, "wait_s": 1.0}),
        ):
            with pytest.raises(LeaseLost):
                await write(db, change, dead, *given, **more)
        row = await row_of(db, job_id)
        assert (row.shown, row.stage, row.cause) == ("processing", "queued", None)
        await write(db, queue.complete, heir, at=NOW)
        with pytest.raises(LeaseLost):
            await write(db, queue.fail, heir, **failed, **ended)  # an end is an end
        assert (await row_of(db, job_id)).shown == "completed"

    with_database(work)


def test_a_renewed_lease_holds(with_database) -> None:
    async def work(db: Database) -> None:
        await ask(db, "NVDA")
        job = await must_take(db, lease_s=0.05)
        longer = Taken(job.id, job.fence, job.symbol, job.attempts, 60.0)
        await write(db, queue.renew, longer)
        await asyncio.sleep(0.1)
        assert await take(db) is None

    with_database(work)


def test_a_symbol_that_kills_its_process_is_given_up(with_database) -> None:
    async def work(db: Database) -> None:
        ((job_id, _),) = await ask(db, "HEAVY")
        for n in range(queue.MOST_TAKEN):
            assert (await must_take(db, lease_s=0.01)).attempts == n + 1
            await asyncio.sleep(0.03)
        assert await take(db) is None
        row = await row_of(db, job_id)
        assert (row.shown, row.cause, row.completed_at) == ("failed", "interrupted", NOW)
        assert "memory" in row.error_message and not (await ask(db, "HEAVY"))[0][1]

    with_database(work)


def test_a_try_that_may_pass_waits_and_keeps_its_cause(with_database) -> None:
    async def work(db: Database) -> None:
        ((job_id, _),) = await ask(db, "NVDA")
        job = await must_take(db)
        await write(db, queue.try_later, job, cause="network", said="away — look", wait_s=60.0)
        row = await row_of(db, job_id)
        assert (row.shown, row.stage, row.cause, row.attempts) == ("pending", "queued", "network", 1)
        assert await take(db) is None and await ask(db, "NVDA") == [(job_id, True)]
        await pass_time(db, job_id)
        again = await must_take(db)
        assert (again.id, again.attempts) == (job_id, 2)
        await write(db, queue.complete, again, at=NOW)
        assert (await row_of(db, job_id)).cause is None

    with_database(work)


def test_what_is_given_back_counts_as_no_try(with_database) -> None:
    async def work(db: Database) -> None:
        ((job_id, _),) = await ask(db, "NVDA")
        for _ in range(queue.MOST_TAKEN + 2):
            await write(db, queue.give_back, await must_take(db))
        row = await row_of(db, job_id)
        assert (row.shown, row.attempts, row.started_at) == ("pending", 0, None)
        dead = await must_take(db)
        await write(db, queue.free_jobs, "here:1", blamed=True)
        assert (await row_of(db, job_id)).attempts == 1
        with pytest.raises(LeaseLost):
            await write(db, queue.renew, dead)
        dead = await must_take(db)
        await write(db, queue.free_jobs, "elsewhere:1", blamed=True)
        assert (await row_of(db, job_id)).shown == "processing"
        await write(db, queue.free_jobs, "here:1", blamed=False)
        assert (await row_of(db, job_id)).attempts == 1 and dead.attempts == 2

    with_database(work)


def test_pages_neither_overlap_nor_skip(with_database) -> None:
    async def work(db: Database) -> None:
        names = [f"S{n}" for n in range(7)]
        for name in names:
            await ask(db, name)
        await write(db, queue.complete, await must_take(db), at=NOW)
        async with db.read() as conn:
            seen, before = [], None
            while rows := await listed.list_jobs(conn, status=None, before=before, limit=3):
                seen += [row.symbol for row in rows]
                before = rows[-1].id
            assert seen == names[::-1]
            assert await listed.count_jobs(conn) == 7 and await listed.count_jobs(conn, "pending") == 6
            with pytest.raises(UnknownName, match="/api/v1/onboarding"):
                await listed.find_job(conn, new_id())

    with_database(work)


def test_the_mean_time_is_of_what_went_through_at_once(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.read() as conn:
            assert await listed.mean_time_s(conn) is None
        for n in range(3):
            await ask(db, f"S{n}")
            await write(db, queue.complete, await must_take(db), at=NOW + timedelta(seconds=2 + n))
        await ask(db, "SLOW")
        await write(db, queue.try_later, await must_take(db), cause="network", said="x", wait_s=-1.0)
        await write(db, queue.complete, await must_take(db), at=NOW + timedelta(hours=1))
        async with db.write(content=False) as conn:
            await queue.note_known(conn, ["KNOWN"], by="ann", priority="normal", at=NOW)
        async with db.read() as conn:
            assert await listed.mean_time_s(conn) == 3.0

    with_database(work)


def test_what_is_known_is_noted_once(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            first = await queue.note_known(conn, ["A", "B"], by="ann", priority="high", at=NOW)
            again = await queue.note_known(conn, ["B", "C"], by="ben", priority="low", at=NOW)
        assert again["B"] == first["B"] and len({*first.values(), *again.values()}) == 3
        row = await row_of(db, first["A"])
        assert (row.shown, row.stage, row.completed_at, row.attempts) == ("completed", "done", NOW, 0)
        assert await take(db) is None

    with_database(work)


def test_taking_reads_the_index_and_not_the_past(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            rows = [f"S{n:04d}" for n in range(2000)]
            await queue.note_known(conn, rows, by="ann", priority="normal", at=NOW)
            await conn.execute(text("ANALYZE"))
        async with db.read() as conn:
            free = str(
                select(table.c.id).where(queue.is_free(conn)).compile(compile_kwargs={"literal_binds": True})
            )
            explain = "EXPLAIN QUERY PLAN" if db.dialect == "sqlite" else "EXPLAIN"
            plan = " ".join(str(row) for row in await conn.exec_driver_sql(f"{explain} {free}"))
        assert "ix_symbol_onboarding_queue" in plan or "uq_symbol_onboarding_queue_active" in plan, plan
        assert database_clock is not None

    with_database(work)
