"""Users: the rows behind names, roles and passwords."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.user import api_keys, sessions, users

ACCOUNTS = (users, sessions, api_keys)  # parents first


async def add_user(conn: AsyncConnection, name: str, role: str, password_hash: str | None) -> UUID:
    """Add a user; the name is case-folded by the caller. ``InputError`` when somebody else was faster."""
    user_id = new_id()
    values = {"id": user_id, "name": name, "role": role, "password_hash": password_hash}
    try:
        await conn.execute(insert(users).values(values))
    except IntegrityError:
        taken = f"there is a user {name!r} already"
        raise InputError(taken, where="name", mend="choose another name") from None
    return user_id


async def list_users(conn: AsyncConnection) -> list[Row[Any]]:
    """All users, also those that were removed, by name."""
    return list(await conn.execute(select(users).order_by(users.c.name)))


async def get_user(conn: AsyncConnection, name: str, *, lock: bool = False) -> Row[Any] | None:
    """A user by the case-folded name, also one that was removed.

    ``lock``: the user stays as they are until this transaction ends.
    """
    query = select(users).where(users.c.name == name)
    return next(iter(await conn.execute(query.with_for_update() if lock else query)), None)


async def find_user(conn: AsyncConnection, name: str, *, lock: bool = False) -> Row[Any]:
    """A user by name; ``UnknownName`` offers the nearest."""
    row = await get_user(conn, name, lock=lock)
    if row is None:
        known = [one.name for one in await list_users(conn)]
        raise unknown("user", name, known, mend="" if known else "there is none yet: `pacesetter user add`")
    return row


async def change_user(conn: AsyncConnection, user_id: UUID, **values: Any) -> None:
    """Set columns of a user."""
    await conn.execute(update(users).where(users.c.id == user_id).values(values))


async def lock_owners(conn: AsyncConnection) -> set[UUID]:
    """The active owners; until this transaction ends nobody else can make them fewer."""
    owners = select(users.c.id).where(users.c.role == "owner", users.c.is_active)
    return set(await conn.scalars(owners.order_by(users.c.id).with_for_update()))


async def count_active(conn: AsyncConnection, *, with_password: bool = False) -> int:
    """How many users can come in at all, or with a password."""
    query = select(func.count()).select_from(users).where(users.c.is_active)
    if with_password:
        query = query.where(users.c.password_hash.is_not(None))
    return await conn.scalar(query) or 0


async def note_login(conn: AsyncConnection, user_id: UUID, at: datetime) -> None:
    """Keep when a user came in last."""
    await change_user(conn, user_id, last_login_at=at)


async def read_accounts(conn: AsyncConnection) -> list[list[dict[str, Any]]]:
    """All users with their sessions and keys, to be taken over by another database."""
    return [[dict(row._mapping) for row in await conn.execute(select(table))] for table in ACCOUNTS]


async def take_accounts(conn: AsyncConnection, accounts: list[list[dict[str, Any]]]) -> list[str]:
    """Take over what ``read_accounts`` read, where there are no users yet; the names of those who came."""
    if await list_users(conn):
        return []
    for table, rows in zip(ACCOUNTS, accounts, strict=True):
        if rows:
            await conn.execute(insert(table), rows)
    return sorted(row["name"] for row in accounts[0])
