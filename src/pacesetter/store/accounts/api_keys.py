"""Keys of the API; of a key only its SHA-256 and its first characters are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.user import api_keys, users

SHOWN = (
    api_keys.c.id,
    api_keys.c.user_id,
    api_keys.c.name,
    api_keys.c.prefix,
    api_keys.c.scopes,
    api_keys.c.expires_at,
    api_keys.c.revoked_at,
    api_keys.c.last_used_at,
    api_keys.c.created_at,
)


async def add_key(
    conn: AsyncConnection,
    user_id: UUID,
    name: str,
    *,
    prefix: str,
    key_hash: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
) -> UUID:
    """Add a key."""
    key_id = new_id()
    values = {"prefix": prefix, "key_hash": key_hash, "scopes": list(scopes), "expires_at": expires_at}
    await conn.execute(insert(api_keys).values(id=key_id, user_id=user_id, name=name, **values))
    return key_id


async def list_keys(conn: AsyncConnection, user_id: UUID | None = None) -> list[Row[Any]]:
    """The keys of a user, or of all, with their user's name as ``user``; also revoked ones, oldest first."""
    query = select(*SHOWN, users.c.name.label("user")).join(users, users.c.id == api_keys.c.user_id)
    if user_id is not None:
        query = query.where(api_keys.c.user_id == user_id)
    return list(await conn.execute(query.order_by(api_keys.c.id)))


async def find_key(conn: AsyncConnection, key_hash: str, at: datetime) -> Row[Any] | None:
    """A key that holds at ``at``, with its user's present name and role; None also for a removed user."""
    found = (
        select(
            api_keys.c.id,
            api_keys.c.user_id,
            api_keys.c.scopes,
            api_keys.c.last_used_at,
            api_keys.c.expires_at,
            users.c.name,
            users.c.role,
        )
        .join(users, users.c.id == api_keys.c.user_id)
        .where(
            api_keys.c.key_hash == key_hash,
            api_keys.c.revoked_at.is_(None),
            or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > at),
            users.c.is_active,
        )
    )
    return next(iter(list[Row[Any]](await conn.execute(found))), None)


async def note_use(conn: AsyncConnection, key_id: UUID, at: datetime) -> None:
    """Keep when a key was used last; never back in time."""
    older = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < at)
    await conn.execute(update(api_keys).where(api_keys.c.id == key_id, older).values(last_used_at=at))


async def revoke(conn: AsyncConnection, at: datetime, *, key_id: UUID | None = None, user_id: UUID) -> None:
    """Revoke a key of a user, or all of them."""
    those = update(api_keys).where(api_keys.c.user_id == user_id, api_keys.c.revoked_at.is_(None))
    await conn.execute(
        (those if key_id is None else those.where(api_keys.c.id == key_id)).values(revoked_at=at)
    )
