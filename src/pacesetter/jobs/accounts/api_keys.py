"""Keys for programs: they carry a part of their owner's rights, until they expire or are revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from pacesetter.jobs.accounts.passwords import hash_token, new_token
from pacesetter.jobs.accounts.users import find_active
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.store.accounts import api_keys as stored

SCOPES = ("read", "write", "admin")
MARK = "pace_"  # by which a key that got lost is recognised
SHOWN = 11  # first characters, to tell keys apart; 38 random ones remain secret
DAYS = 365


@dataclass(frozen=True)
class Key:
    """A key as it may be shown: its first characters only."""

    id: UUID
    user: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class NewKey:
    """A key that was just made: ``secret`` can be read here only."""

    key: Key
    secret: str


def key_of(row: Row[Any]) -> Key:
    """A row as a key."""
    return Key(**{name: getattr(row, name) for name in Key.__dataclass_fields__})


async def create_key(
    ws: Workspace,
    user: str,
    name: str,
    *,
    scopes: Sequence[str] = ("read",),
    days: int | None = DAYS,
) -> NewKey:
    """A new key of a user; reading is always among its scopes. ``days``: None never expires."""
    name = name.strip()
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise InputError("a key needs a name of at most 80 characters", where="name")
    wrong = sorted(set(scopes) - set(SCOPES))
    if wrong:
        raise InputError(
            f"there is no scope {wrong[0]!r}", where="scopes", mend=f"known: {', '.join(SCOPES)}"
        )
    given = [scope for scope in SCOPES if scope == "read" or scope in scopes]
    secret = MARK + new_token()
    expires_at = None if days is None else ws.now() + timedelta(days=days)
    async with ws.db.write(content=False) as conn:
        owner = await find_active(conn, user, lock=True)
        if any(key.name == name and not key.revoked_at for key in await stored.list_keys(conn, owner.id)):
            raise InputError(
                f"there is a key {name!r} already", where="name", mend="revoke it first, or choose another"
            )
        key_id = await stored.add_key(
            conn,
            owner.id,
            name,
            prefix=secret[:SHOWN],
            key_hash=hash_token(secret),
            scopes=given,
            expires_at=expires_at,
        )
        made = next(row for row in await stored.list_keys(conn, owner.id) if row.id == key_id)
        return NewKey(key_of(made), secret)


async def list_keys(ws: Workspace, user: str | None = None) -> list[Key]:
    """The keys of a user, or of all; revoked ones are marked."""
    async with ws.db.read() as conn:
        whose = None if user is None else (await find_active(conn, user)).id
        return [key_of(row) for row in await stored.list_keys(conn, whose)]


async def revoke_key(ws: Workspace, which: str, *, user: str | None = None) -> Key:
    """Revoke a key by id, first characters, or name where that is one key only; ``user``: of that one's.

    ``UnknownName`` when there is no such key in use.
    """
    async with ws.db.write(content=False) as conn:
        whose = None if user is None else (await find_active(conn, user)).id
        keys = [row for row in await stored.list_keys(conn, whose) if row.revoked_at is None]
        meant = [row for row in keys if which in (str(row.id), row.prefix, row.name)]
        if not meant:
            raise unknown("key", which, [row.prefix for row in keys])
        if len(meant) > 1:
            raise InputError(
                f"there are {len(meant)} keys {which!r}", mend="name one by its first characters"
            )
        await stored.revoke(conn, ws.now(), key_id=meant[0].id, user_id=meant[0].user_id)
        revoked = await stored.list_keys(conn, meant[0].user_id)
        return key_of(next(row for row in revoked if row.id == meant[0].id))
