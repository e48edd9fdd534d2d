"""Coming in and going out: by password or one-time link, for 30 days from the last use, 90 at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.accounts.passwords import hash_token, new_token, verify_password
from pacesetter.jobs.accounts.users import Account, account_of, find_active, fold_name, has_users
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.errors import InputError, NotLoggedIn
from pacesetter.settings import Settings
from pacesetter.store.accounts import sessions
from pacesetter.store.accounts import users as stored

SLIDING, LONGEST = timedelta(days=30), timedelta(days=90)
LINK_LASTS = timedelta(minutes=10)
FIRST_OWNER = "owner"


@dataclass(frozen=True)
class Login:
    """A session that has begun; its ``token`` is stored nowhere."""

    token: str
    account: Account
    expires_at: datetime


async def log_in(ws: Workspace, name: str, password: str) -> Login:
    """Begin a session; ``NotLoggedIn`` says neither by its words nor by its time what was wrong."""
    name = fold_name(name)
    async with ws.db.read() as conn:
        user = await stored.get_user(conn, name)
    fits, renewed = await verify_password(password, None if user is None else user.password_hash)
    if not fits or user is None or not user.is_active:
        raise NotLoggedIn("name or password is wrong")
    async with ws.db.write(content=False) as conn:
        now = await stored.get_user(conn, name, lock=True)
        if now is None or not now.is_active or now.password_hash != user.password_hash:
            raise NotLoggedIn("name or password is wrong")  # changed while it was verified
        if renewed is not None:
            await stored.change_user(conn, user.id, password_hash=renewed)
        return await begin_session(conn, name, ws.now())


async def begin_session(conn: AsyncConnection, name: str, at: datetime) -> Login:
    """A new session of a user who has proved to be that user."""
    user = await stored.find_user(conn, name)
    token, expires_at = new_token(), at + SLIDING
    await sessions.add_session(conn, user.id, hash_token(token), at=at, expires_at=expires_at)
    await stored.note_login(conn, user.id, at)
    return Login(token, account_of(user), expires_at)


def extended(started_at: datetime, seen_at: datetime) -> datetime:
    """Until when a session holds that was used at ``seen_at``."""
    return min(seen_at + SLIDING, started_at + LONGEST)


async def log_out(ws: Workspace, token: str) -> None:
    """End a session."""
    async with ws.db.write(content=False) as conn:
        await sessions.end_session(conn, hash_token(token))


async def check_password(ws: Workspace, name: str, password: str | None) -> None:
    """``NotLoggedIn`` unless it is the user's; who has none yet needs to give none."""
    async with ws.db.read() as conn:
        user = await find_active(conn, name)
    if user.password_hash is not None and not (await verify_password(password or "", user.password_hash))[0]:
        raise NotLoggedIn("the present password is wrong")


async def make_login_link(ws: Workspace, name: str | None = None) -> str:
    """The token of a link that logs a user in once; without a name it makes the first owner.

    ``InputError`` without a name when there are users already.
    """
    token, now = new_token(), ws.now()
    async with ws.db.write(content=False) as conn:
        user = None if name is None else await find_active(conn, name, lock=True)
        if user is None and await stored.list_users(conn):
            raise InputError("there are users already", mend="say whose link it is to be")
        whose = None if user is None else user.id
        await sessions.add_link(conn, whose, hash_token(token), at=now, expires_at=now + LINK_LASTS)
    return token


async def first_link(settings: Settings, *, simulated: bool) -> str | None:
    """The token of a link that makes the first owner; None where there are users already."""
    async with open_workspace(settings, simulated=simulated) as ws:
        return None if await has_users(ws) else await make_login_link(ws)


async def use_login_link(ws: Workspace, token: str) -> Login:
    """Begin a session by a link, once; ``NotLoggedIn`` for one that was used, is too old or unknown."""
    refused = NotLoggedIn(
        "that login link is not valid any more: it works once, and for ten minutes",
        mend="`pacesetter user link` makes another",
    )
    async with ws.db.write(content=False) as conn:
        link = await sessions.use_link(conn, hash_token(token), ws.now())
        if link is None:
            raise refused
        people = await stored.list_users(conn)
        if link.user_id is None:
            if people:
                raise refused
            await stored.add_user(conn, FIRST_OWNER, "owner", None)
            return await begin_session(conn, FIRST_OWNER, ws.now())
        user = next(one for one in people if one.id == link.user_id)
        if not user.is_active:
            raise refused
        return await begin_session(conn, user.name, ws.now())
