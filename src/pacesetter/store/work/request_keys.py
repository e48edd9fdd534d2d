"""Requests that must take effect once: claimed by their key, answered, and kept for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.request_key import request_keys
from pacesetter.store.work.cycles import database_clock

KEPT = timedelta(hours=24)
MOST_OF_ONE = 1000  # keys of one user; the oldest go first
_of = request_keys.c


@dataclass(frozen=True)
class Said:
    """What was answered; ``body`` None: it was too large to be kept."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | None


@dataclass(frozen=True)
class Found:
    """What there is under a key. ``mine``: the request is to be done, and answered under this id;
    otherwise it was ``same`` or another, and ``said`` is None while it is still being done."""

    mine: UUID | None
    same: bool = True
    said: Said | None = None


async def claim_key(
    conn: AsyncConnection, user_id: UUID, key: str, request_hash: str, *, at: datetime, busy_s: float
) -> Found:
    """Claim a key that is new, expired, or whose request died unanswered; else what there is under it."""
    await conn.execute(delete(request_keys).where(_of.expires_at <= at))
    own = new_id()
    values = {
        "id": own,
        "request_hash": request_hash,
        "busy_until": database_clock(conn, busy_s),
        "expires_at": at + KEPT,
        "status": None,
        "headers": None,
        "body": None,
    }
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    dead = _of.busy_until < database_clock(conn)
    claiming = dialect.insert(request_keys).values(user_id=user_id, key=key, **values)
    claiming = claiming.on_conflict_do_update(
        index_elements=["user_id", "key"], set_=values, where=dead & (_of.request_hash == request_hash)
    )
    if (await conn.execute(claiming.returning(_of.id))).scalar() is not None:
        await _drop_oldest(conn, user_id)
        return Found(own)
    row = (await conn.execute(select(request_keys).where(_of.user_id == user_id, _of.key == key))).one()
    if row.request_hash != request_hash:
        return Found(None, same=False)
    if row.status is None:
        return Found(None)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in row.headers]
    return Found(None, said=Said(row.status, headers, row.body))


async def _drop_oldest(conn: AsyncConnection, user_id: UUID) -> None:
    """Keep a user's share bounded; what is still being done stays."""
    newest = (
        select(_of.id)
        .where(_of.user_id == user_id)
        .order_by(_of.id.desc())
        .limit(MOST_OF_ONE)
        .scalar_subquery()
    )
    more = select(func.count()).select_from(request_keys).where(_of.user_id == user_id).scalar_subquery()
    old = (_of.user_id == user_id) & (_of.status.is_not(None)) & (more > MOST_OF_ONE)
    await conn.execute(delete(request_keys).where(old, _of.id.not_in(newest)))


async def keep_answer(conn: AsyncConnection, claim: UUID, said: Said) -> None:
    """Keep what was answered; nothing where the claim was lost."""
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in said.headers]
    values = {"status": said.status, "headers": headers, "body": said.body, "busy_until": None}
    await conn.execute(update(request_keys).where(_of.id == claim).values(values))


async def free_key(conn: AsyncConnection, claim: UUID) -> None:
    """Forget a request that took no effect: its key can be used again."""
    await conn.execute(delete(request_keys).where(_of.id == claim))
