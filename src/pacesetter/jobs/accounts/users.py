"""Users: who there is, with which role, and that one owner always remains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.accounts.passwords import hash_password
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, NotAllowed
from pacesetter.store.accounts import users as stored
from pacesetter.store.accounts.api_keys import revoke
from pacesetter.store.accounts.sessions import end_sessions

ROLES = ("owner", "analyst", "viewer")
NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")


@dataclass(frozen=True)
class Account:
    """A user as others may see it; ``has_password``: else only a login link lets them in."""

    id: UUID
    name: str
    role: str
    is_active: bool
    has_password: bool
    last_login_at: datetime | None
    created_at: datetime


def account_of(row: Row[Any]) -> Account:
    """A row without its secrets."""
    return Account(
        row.id,
        row.name,
        row.role,
        row.is_active,
        row.password_hash is not None,
        row.last_login_at,
        row.created_at,
    )


def fold_name(name: str) -> str:
    """A name as it is stored and looked for."""
    return name.strip().casefold()


def check_name(name: str) -> str:
    """The name to store; ``InputError`` for one that could be taken for something else."""
    folded = fold_name(name)
    if not NAME.fullmatch(folded):
        raise InputError(
            f"{name!r} cannot be a user's name",
            where="name",
            mend="use up to 80 letters a-z, digits and . _ @ + -",
        )
    return folded


def check_role(role: str) -> str:
    """The role; ``InputError`` for one that does not exist."""
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}", where="role", mend=f"choose one of {', '.join(ROLES)}")
    return role


async def list_accounts(ws: Workspace) -> list[Account]:
    """All users, also removed ones, by name."""
    async with ws.db.read() as conn:
        return [account_of(row) for row in await stored.list_users(conn)]


async def create_user(ws: Workspace, name: str, role: str, password: str | None = None) -> Account:
    """Add a user, or take a removed one in again; without a password only a login link lets them in.

    The first user has to be an owner: nobody else could add one later.
    """
    name, role = check_name(name), check_role(role)
    hashed = None if password is None else await hash_password(password, name)
    async with ws.db.write(content=False) as conn:
        if role != "owner" and not await stored.lock_owners(conn):
            raise InputError("the first user has to be an owner", where="role", mend="give the role owner")
        known = await stored.get_user(conn, name, lock=True)
        if known is None:
            await stored.add_user(conn, name, role, hashed)
        elif known.is_active:
            raise InputError(f"there is a user {name!r} already", where="name", mend="choose another name")
        else:
            await stored.change_user(conn, known.id, role=role, password_hash=hashed, is_active=True)
        return account_of(await stored.find_user(conn, name))


async def set_password(ws: Workspace, name: str, password: str, *, keep: str | None = None) -> Account:
    """Set a password and end the user's sessions; ``keep``: the token's hash of one that goes on."""
    name = fold_name(name)
    hashed = await hash_password(password, name)
    async with ws.db.write(content=False) as conn:
        user = await find_active(conn, name, lock=True)
        await stored.change_user(conn, user.id, password_hash=hashed)
        await end_sessions(conn, user.id, but=keep)
        return account_of(await stored.find_user(conn, name))


async def change_role(ws: Workspace, name: str, role: str) -> Account:
    """Give a user another role; ``NotAllowed`` for the last owner."""
    name, role = fold_name(name), check_role(role)
    async with ws.db.write(content=False) as conn:
        owners = await stored.lock_owners(conn)
        user = await find_active(conn, name, lock=True)
        if role != "owner":
            check_not_last(owners, user)
        await stored.change_user(conn, user.id, role=role)
        return account_of(await stored.find_user(conn, name))


async def deactivate(ws: Workspace, name: str) -> Account:
    """Remove a user: sessions end, keys are revoked, what they did stays theirs. Not the last owner."""
    name = fold_name(name)
    async with ws.db.write(content=False) as conn:
        owners = await stored.lock_owners(conn)
        user = await find_active(conn, name, lock=True)
        check_not_last(owners, user)
        await stored.change_user(conn, user.id, is_active=False, password_hash=None)
        await end_sessions(conn, user.id)
        await revoke(conn, ws.now(), user_id=user.id)
        return account_of(await stored.find_user(conn, name))


async def find_active(conn: AsyncConnection, name: str, *, lock: bool = False) -> Row[Any]:
    """A user who was not removed; ``lock``: nor is until this transaction ends."""
    user = await stored.find_user(conn, fold_name(name), lock=lock)
    if not user.is_active:
        raise InputError(
            f"{user.name!r} was removed", mend=f"`pacesetter user add {user.name}` takes them in"
        )
    return user


def check_not_last(owners: set[UUID], user: Row[Any]) -> None:
    """``NotAllowed`` when nobody could administer any more."""
    if owners == {user.id}:
        raise NotAllowed(f"{user.name!r} is the last owner", mend="make somebody else an owner first")


async def has_users(ws: Workspace, *, with_password: bool = False) -> bool:
    """Whether there is anybody who can log in, or who can with a password."""
    async with ws.db.read() as conn:
        return await stored.count_active(conn, with_password=with_password) > 0
