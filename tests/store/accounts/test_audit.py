"""The audit log: appended, chained, and every tampering seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.accounts.audit import HEAD, check_chain, list_entries, write_entry
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import get_meta, set_meta
from pacesetter.store.tables.audit import audit_log

Run = Callable[[Callable[[Database], Any]], Any]
NOW = datetime(2025, 3, 3, 7, 0, tzinfo=UTC)
ENTRIES = 12
ACTIONS = ("decision.approved", "agent.changed", "watch.added")


async def fill(conn: AsyncConnection, n: int = ENTRIES) -> None:
    for i in range(n):
        data = {"i": i, "share": i / 7, "words": f"é {i}", "on": [True, None, {"x": 1e22}]}
        await write_entry(conn, ACTIONS[i % 3], data, at=NOW + timedelta(seconds=i, microseconds=7))


def test_an_entry_by_hand(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            first = await write_entry(conn, "agent.changed", {"b": 1, "a": "ü"}, at=NOW)
            second = await write_entry(conn, "agent.changed", {}, at=NOW)
        told = '1\x1f2025-03-03T07:00:00+00:00\x1fagent.changed\x1f\x1f{"a":"ü","b":1}\x1f' + "0" * 64
        assert first.hash == sha256(told.encode()).hexdigest()
        assert second.previous_hash == first.hash and second.sequence == 2
        async with db.read() as conn:
            check = await check_chain(conn)
            assert (check.n, check.head, check.breaks) == (2, second.hash, ())
            assert [row.data for row in await list_entries(conn)] == [{}, {"a": "ü", "b": 1}]

    with_database(work)


def test_lists_by_action_noun_and_page(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await fill(conn)
            whole = [row.sequence for row in await list_entries(conn, action="watch.added")]
            assert whole == [12, 9, 6, 3] == [r.sequence for r in await list_entries(conn, action="watch")]
            assert await list_entries(conn, action="wat") == []
            assert [r.sequence for r in await list_entries(conn, before=4, limit=2)] == [3, 2]
            late = await list_entries(conn, since=NOW + timedelta(seconds=10))
            assert [row.sequence for row in late] == [12, 11]

    with_database(work)


def test_what_is_rolled_back_was_never_there(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async def fail() -> None:
            async with db.write() as conn:
                await fill(conn, 3)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail()
        async with db.write() as conn:
            assert (await write_entry(conn, "a.b", {}, at=NOW)).sequence == 1
            assert (await check_chain(conn)).breaks == ()

    with_database(work)


def test_writers_at_once_make_one_chain(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async def one(i: int) -> None:
            async with db.write() as conn:
                await write_entry(conn, "a.b", {"i": i}, at=NOW)
                await asyncio.sleep(0.01)
                await write_entry(conn, "a.c", {"i": i}, at=NOW)

        await asyncio.gather(*(one(i) for i in range(8)))
        async with db.read() as conn:
            check = await check_chain(conn)
            assert (check.n, check.breaks) == (16, ())

    with_database(work)


def test_the_database_itself_refuses_changes(with_database: Run) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await fill(conn, 2)
        for statement in (update(audit_log).values(action="x"), delete(audit_log)):
            with pytest.raises(DBAPIError, match="append-only"):
                async with db.write() as conn:
                    await conn.execute(statement)
        async with db.read() as conn:
            assert (await check_chain(conn)).breaks == ()

    with_database(work)


async def lift_guard(conn: AsyncConnection) -> None:
    """As whoever owns the database can."""
    if conn.dialect.name == "sqlite":
        for what in ("update", "delete"):
            await conn.execute(text(f"DROP TRIGGER audit_log_no_{what}"))
    else:
        await conn.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))


async def tamper(conn: AsyncConnection, rng: np.random.Generator) -> str:
    """Change, remove, move or add something at random; what was done."""
    of = audit_log.c
    i, j = (int(n) for n in rng.choice(np.arange(1, ENTRIES + 1), 2, replace=False))
    row = (await conn.execute(select(audit_log).where(of.sequence == i))).one()
    other = (await conn.execute(select(audit_log).where(of.sequence == j))).one()
    fresh = sha256(rng.bytes(8)).hexdigest()
    own = select(of.sequence).where(of.sequence == i).scalar_subquery()
    changes: dict[str, dict[str, Any]] = {
        "timestamp": {"timestamp": row.timestamp + timedelta(microseconds=int(rng.integers(1, 10**9)))},
        "action": {"action": row.action + "x"},
        "case of the action": {"action": row.action.upper()},
        "data": {"data": {**row.data, "i": -1}},
        "data emptied": {"data": {}},
        "a true that becomes 1": {"data": {**row.data, "on": [1, None, {"x": 1e22}]}},
        "details": {"details": row.details.replace("words", "Words")},
        "a space in the details": {"details": row.details.replace(",", ", ", 1)},
        "data and details": {
            "data": {**row.data, "i": 99},
            "details": json.dumps({**row.data, "i": 99}, sort_keys=True, separators=(",", ":")),
        },
        "previous hash": {"previous_hash": fresh},
        "hash": {"hash": fresh},
        "sequence": {"sequence": ENTRIES + int(rng.integers(1, 9))},
    }
    kinds = [*changes, "removed", "newest removed", "all removed", "moved", "added", "noted head", "no head"]
    kind = str(rng.choice(kinds))
    if kind in changes:
        await conn.execute(update(audit_log).where(of.sequence == own).values(**changes[kind]))
    elif kind == "removed":
        await conn.execute(delete(audit_log).where(of.sequence == i))
    elif kind == "newest removed":
        await conn.execute(delete(audit_log).where(of.sequence > ENTRIES - int(rng.integers(1, 4))))
    elif kind == "all removed":
        await conn.execute(delete(audit_log))
    elif kind == "moved":  # two entries change places, with everything in them but their numbers
        await conn.execute(delete(audit_log).where(of.sequence.in_([i, j])))
        pair = [{**row._mapping, "sequence": j}, {**other._mapping, "sequence": i}]
        await conn.execute(insert(audit_log), pair)
    elif kind == "added":
        await conn.execute(
            insert(audit_log),
            [{**row._mapping, "sequence": ENTRIES + 1, "hash": fresh, "previous_hash": row.hash}],
        )
    elif kind == "noted head":
        await set_meta(conn, HEAD, f"{ENTRIES} {fresh}")
    else:
        await conn.execute(text("DELETE FROM meta WHERE key = 'audit_head'"))
    return kind


def test_every_tampering_is_found(with_database: Run, rng: np.random.Generator, full_counts: bool) -> None:
    async def work(db: Database) -> None:
        async with db.write() as conn:
            await fill(conn)
            await lift_guard(conn)
        done: dict[str, int] = {}
        async with db.write() as conn:
            for _ in range(1000 if full_counts else 200):
                point = await conn.begin_nested()
                kind = await tamper(conn, rng)
                check = await check_chain(conn)
                assert check.breaks, kind
                await point.rollback()
                done[kind] = done.get(kind, 0) + 1
            assert (await check_chain(conn)).breaks == ()
            assert await get_meta(conn, HEAD) is not None
        print(f"{sum(done.values())} of {sum(done.values())} found: {done}")

    with_database(work)


def test_a_log_of_someone_else(with_database: Run) -> None:
    """A whole new chain holds in itself: only a hash that was noted elsewhere tells."""

    async def work(db: Database) -> None:
        async with db.write() as conn:
            await fill(conn, 3)
            noted = (await check_chain(conn)).head
            await lift_guard(conn)
            await conn.execute(delete(audit_log))
            await conn.execute(text("DELETE FROM meta WHERE key = 'audit_head'"))
            await write_entry(conn, "a.b", {"id": str(new_id())}, at=NOW)
            check = await check_chain(conn)
            assert check.breaks == () and check.head != noted

    with_database(work)
