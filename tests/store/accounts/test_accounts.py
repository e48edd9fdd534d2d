"""Users, sessions, keys and links as rows: what the schema refuses, and who is found when."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from pacesetter.kernel.errors import UnknownName
from pacesetter.kernel.ids import new_id
from pacesetter.store.accounts import api_keys, sessions, users
from pacesetter.store.database.engine import Database
from pacesetter.store.tables import user as tables

NOW = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def key_of(db: Database, owner: Any, name: str, hashed: str, until: datetime | None = None) -> Any:
    async with db.write(content=False) as conn:
        return await api_keys.add_key(
            conn, owner, name, prefix="pace_", key_hash=hashed, scopes=["read"], expires_at=until
        )


async def refused(db: Database, table: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError):
        async with db.write(content=False) as conn:
            await conn.execute(insert(table).values(id=new_id(), **values))


def test_the_schema_refuses_what_cannot_be(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            ann = await users.add_user(conn, "ann", "owner", None)
        await refused(db, tables.users, name="bob", role="king")
        await refused(db, tables.users, name="ann", role="viewer")
        times = {"started_at": NOW, "last_seen_at": NOW, "expires_at": NOW}
        await refused(db, tables.sessions, user_id=new_id(), token_hash="a", **times)
        async with db.write(content=False) as conn:
            await sessions.add_session(conn, ann, "same", at=NOW, expires_at=NOW + HOUR)
        await refused(db, tables.sessions, user_id=ann, token_hash="same", **times)
        await refused(db, tables.login_links, user_id=new_id(), token_hash="b", expires_at=NOW)
        first = await key_of(db, ann, "ci", "h1")
        with pytest.raises(IntegrityError):
            await key_of(db, ann, "ci", "h2")
        async with db.write(content=False) as conn:
            await api_keys.revoke(conn, NOW, key_id=first, user_id=ann)
        await key_of(db, ann, "ci", "h3")  # a revoked one leaves its name free
        with pytest.raises(IntegrityError):
            await key_of(db, ann, "other", "h1")

    with_database(work)


def test_users_are_found_by_name_and_owners_counted(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            assert await users.count_active(conn) == 0
            with pytest.raises(UnknownName, match="pacesetter user add"):
                await users.find_user(conn, "ann")
            ann = await users.add_user(conn, "ann", "owner", "hash")
            bob = await users.add_user(conn, "bob", "owner", None)
            await users.add_user(conn, "eve", "viewer", None)
            assert await users.lock_owners(conn) == {ann, bob}
            assert (await users.count_active(conn), await users.count_active(conn, with_password=True)) == (
                3,
                1,
            )
            await users.change_user(conn, bob, is_active=False)
            assert await users.lock_owners(conn) == {ann} and await users.count_active(conn) == 2
            with pytest.raises(UnknownName, match="did you mean ann"):
                await users.find_user(conn, "anna")
            assert [row.name for row in await users.list_users(conn)] == ["ann", "bob", "eve"]

    with_database(work)


def test_a_session_is_found_while_it_holds(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            ann = await users.add_user(conn, "ann", "owner", None)
            one = await sessions.add_session(conn, ann, "one", at=NOW, expires_at=NOW + HOUR)
            assert (await sessions.find_session(conn, "one", NOW)).id == one
            assert await sessions.find_session(conn, "two", NOW) is None
            assert await sessions.find_session(conn, "one", NOW + HOUR) is None
            later = NOW + timedelta(minutes=5)
            await sessions.extend_session(conn, one, seen_at=later, expires_at=later + HOUR)
            await sessions.extend_session(conn, one, seen_at=NOW, expires_at=NOW)  # another process, later
            assert (await sessions.find_session(conn, "one", NOW + HOUR)).last_seen_at == later
            await users.change_user(conn, ann, is_active=False)
            assert await sessions.find_session(conn, "one", NOW) is None
            await users.change_user(conn, ann, is_active=True)
            await sessions.add_session(conn, ann, "new", at=NOW + 9 * HOUR, expires_at=NOW + 10 * HOUR)
            assert await conn.scalar(select(func.count()).select_from(tables.sessions)) == 1  # "one" is gone
            await sessions.add_session(conn, ann, "kept", at=NOW, expires_at=NOW + HOUR)
            await sessions.end_sessions(conn, ann, but="kept")
            assert await sessions.find_session(conn, "new", NOW) is None
            assert await sessions.find_session(conn, "kept", NOW) is not None
            await sessions.end_session(conn, "kept")
            assert await sessions.find_session(conn, "kept", NOW) is None

    with_database(work)


def test_keys_are_found_while_they_hold(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            ann = await users.add_user(conn, "ann", "analyst", None)
        key = await key_of(db, ann, "ci", "hash", NOW + HOUR)
        async with db.write(content=False) as conn:
            found = await api_keys.find_key(conn, "hash", NOW)
            assert (found.id, found.name, found.role, found.scopes) == (key, "ann", "analyst", ["read"])
            assert await api_keys.find_key(conn, "hash", NOW + HOUR) is None
            assert await api_keys.find_key(conn, "other", NOW) is None
            await users.change_user(conn, ann, is_active=False)
            assert await api_keys.find_key(conn, "hash", NOW) is None
            await users.change_user(conn, ann, is_active=True)
            await api_keys.note_use(conn, key, NOW)
            await api_keys.note_use(conn, key, NOW - HOUR)
            (shown,) = await api_keys.list_keys(conn, ann)
            assert shown.last_used_at == NOW and "key_hash" not in shown._mapping
            await api_keys.revoke(conn, NOW, user_id=ann)
            assert await api_keys.find_key(conn, "hash", NOW) is None
            assert await api_keys.list_keys(conn, new_id()) == []

    with_database(work)


def test_a_link_is_used_by_one_of_many_at_once(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            await sessions.add_link(conn, None, "old", at=NOW, expires_at=NOW + HOUR)
            await sessions.add_link(conn, None, "link", at=NOW, expires_at=NOW + HOUR)
            assert await sessions.use_link(conn, "old", NOW) is None  # a newer one took its place
            assert await sessions.use_link(conn, "link", NOW + HOUR) is None

        async def use() -> bool:
            async with db.write(content=False) as conn:
                return await sessions.use_link(conn, "link", NOW) is not None

        assert sorted(await asyncio.gather(*(use() for _ in range(8)))) == [False] * 7 + [True]

    with_database(work)


def test_two_owners_cannot_remove_each_other(with_database) -> None:
    """Both look at once; the second waits for the first, and sees what it did."""

    async def work(db: Database) -> None:
        async with db.write(content=False) as conn:
            both = [await users.add_user(conn, name, "owner", None) for name in ("ann", "bob")]

        async def remove(one: Any) -> bool:
            async with db.write(content=False) as conn:
                owners = await users.lock_owners(conn)
                await asyncio.sleep(0.05)
                if owners != {one}:
                    await users.change_user(conn, one, is_active=False)
                return owners != {one}

        assert sorted(await asyncio.gather(*map(remove, both))) == [False, True]
        async with db.read() as conn:
            assert await users.count_active(conn) == 1

    with_database(work)
