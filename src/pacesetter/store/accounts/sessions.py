"""Sessions and one-time login links; of a token only its SHA-256 is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.user import login_links, sessions, users


async def add_session(
    conn: AsyncConnection, user_id: UUID, token_hash: str, *, at: datetime, expires_at: datetime
) -> UUID:
    """Begin a session; what has expired by now is cleared away."""
    await conn.execute(delete(sessions).where(sessions.c.expires_at <= at))
    session_id = new_id()
    times = {"started_at": at, "last_seen_at": at, "expires_at": expires_at}
    await conn.execute(
        insert(sessions).values(id=session_id, user_id=user_id, token_hash=token_hash, **times)
    )
    return session_id


async def find_session(conn: AsyncConnection, token_hash: str, at: datetime) -> Row[Any] | None:
    """A session that holds at ``at``, with its user's name and role; None also for a removed user."""
    found = (
        select(
            sessions.c.id,
            sessions.c.user_id,
            sessions.c.started_at,
            sessions.c.last_seen_at,
            sessions.c.expires_at,
            users.c.name,
            users.c.role,
        )
        .join(users, users.c.id == sessions.c.user_id)
        .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > at, users.c.is_active)
    )
    return next(iter(list[Row[Any]](await conn.execute(found))), None)


async def extend_session(
    conn: AsyncConnection, session_id: UUID, *, seen_at: datetime, expires_at: datetime
) -> None:
    """Keep that a session is in use, and until when it holds; never back in time."""
    await conn.execute(
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.last_seen_at < seen_at)
        .values(last_seen_at=seen_at, expires_at=expires_at)
    )


async def end_session(conn: AsyncConnection, token_hash: str) -> None:
    """End one session."""
    await conn.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


async def end_sessions(conn: AsyncConnection, user_id: UUID, *, but: str | None = None) -> None:
    """End all sessions of a user, and what links would begin; ``but``: the hash of one to keep."""
    ending = delete(sessions).where(sessions.c.user_id == user_id)
    await conn.execute(ending if but is None else ending.where(sessions.c.token_hash != but))
    await conn.execute(delete(login_links).where(login_links.c.user_id == user_id))


async def add_link(
    conn: AsyncConnection, user_id: UUID | None, token_hash: str, *, at: datetime, expires_at: datetime
) -> None:
    """Add a login link; earlier ones for the same user, and those that have expired, are gone."""
    same = login_links.c.user_id.is_(None) if user_id is None else login_links.c.user_id == user_id
    await conn.execute(delete(login_links).where(same | (login_links.c.expires_at <= at)))
    values = {"id": new_id(), "user_id": user_id, "token_hash": token_hash, "expires_at": expires_at}
    await conn.execute(insert(login_links).values(values))


async def use_link(conn: AsyncConnection, token_hash: str, at: datetime) -> Row[Any] | None:
    """Use a link up: a row with ``user_id`` the first time, None ever after and for any other token."""
    using = (
        update(login_links)
        .where(
            login_links.c.token_hash == token_hash,
            login_links.c.used_at.is_(None),
            login_links.c.expires_at > at,
        )
        .values(used_at=at)
        .returning(login_links.c.user_id)
    )
    return next(iter(await conn.execute(using)), None)
