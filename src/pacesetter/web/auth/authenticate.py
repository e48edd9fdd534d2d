"""Who asks, found out once for each request and remembered for a few seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from pacesetter.jobs.accounts.logins import extended
from pacesetter.jobs.accounts.passwords import hash_token
from pacesetter.jobs.accounts.users import has_users
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import PacesetterError
from pacesetter.store.accounts.api_keys import find_key, note_use
from pacesetter.store.accounts.sessions import extend_session, find_session
from pacesetter.web.auth.credentials import bearer_of, session_of
from pacesetter.web.auth.principal import OPEN, Principal
from pacesetter.web.workspace import OpenWorkspace

REMEMBERED_S = 3.0  # what another process changes is noticed after this time
MOST_REMEMBERED = 4096
NOTED_EVERY = timedelta(minutes=1)  # that a session or a key is in use

log = logging.getLogger("pacesetter.web")


class Visitors:
    """Who is behind a token. ``open_to_all``: without any user, everybody may read (on loopback)."""

    def __init__(self, holder: OpenWorkspace, *, open_to_all: bool) -> None:
        self._holder = holder
        self._open_to_all = open_to_all
        self._open_until = 0.0
        self._closed_until = 0.0
        self._known: dict[str, tuple[Principal, float]] = {}
        self._generation = 0
        self._lock = asyncio.Lock()
        self._noting: set[asyncio.Task[None]] = set()

    def is_open(self) -> bool:
        """Whether it is known, without asking, that nobody has to log in."""
        return monotonic() < self._open_until

    def forget(self) -> None:
        """Ask the database again from now on: somebody's rights have changed."""
        self._generation += 1
        self._known.clear()
        self._open_until = self._closed_until = 0.0

    async def recognise(self, scope: Scope) -> Principal | None:
        """Who asks; None for nobody. A key counts alone: a cookie beside it is not looked at."""
        if not monotonic() < self._closed_until and await self._nobody_has_to_log_in():
            return OPEN
        key = bearer_of(scope)
        token = session_of(scope) if key is None else key
        if not token:
            return None
        hashed = hash_token(token)
        known = self._known.get(hashed)
        if known is not None and monotonic() < known[1]:
            return known[0]
        generation, ws = self._generation, await self._holder.get()
        found = await (self._by_session(ws, hashed) if key is None else self._by_key(ws, hashed))
        if found is not None and generation == self._generation:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[hashed] = (found, monotonic() + REMEMBERED_S)
        return found

    async def _nobody_has_to_log_in(self) -> bool:
        if not self._open_to_all:
            return False
        async with self._lock:  # one asks, the others wait for the answer
            if self.is_open() or monotonic() < self._closed_until:
                return self.is_open()
            generation = self._generation
            closed = await has_users(await self._holder.get())
            if generation == self._generation:
                until = monotonic() + REMEMBERED_S
                self._open_until, self._closed_until = (0.0, until) if closed else (until, 0.0)
            return not closed

    async def _by_session(self, ws: Workspace, hashed: str) -> Principal | None:
        now = ws.now()
        async with ws.db.read() as conn:
            row = await find_session(conn, hashed, now)
        if row is None:
            return None
        if now - row.last_seen_at >= NOTED_EVERY:
            self._note(keep_session(ws, row.id, row.started_at, now))
        return Principal(row.user_id, row.name, row.role, frozenset(), "session")

    async def _by_key(self, ws: Workspace, hashed: str) -> Principal | None:
        now = ws.now()
        async with ws.db.read() as conn:
            row = await find_key(conn, hashed, now)
        if row is None:
            return None
        if row.last_used_at is None or now - row.last_used_at >= NOTED_EVERY:
            self._note(keep_use(ws, row.id, now))
        return Principal(row.user_id, row.name, row.role, frozenset(row.scopes), "key")

    def _note(self, writing: Coroutine[Any, Any, None]) -> None:
        """Write it beside the request, which shall not wait until a cycle has published."""
        task = asyncio.create_task(writing)
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def settle(self) -> None:
        """Wait until all that was noted is written."""
        await asyncio.gather(*self._noting, return_exceptions=True)


async def keep_session(ws: Workspace, session_id: Any, started_at: datetime, now: datetime) -> None:
    """Keep that a session is in use, and let it hold longer for that."""
    try:
        async with ws.db.write(content=False) as conn:
            await extend_session(conn, session_id, seen_at=now, expires_at=extended(started_at, now))
    except PacesetterError as error:
        log.warning("the use of a session was not noted: %s", error)


async def keep_use(ws: Workspace, key_id: Any, now: datetime) -> None:
    """Keep that a key is in use."""
    try:
        async with ws.db.write(content=False) as conn:
            await note_use(conn, key_id, now)
    except PacesetterError as error:
        log.warning("the use of a key was not noted: %s", error)


class Authenticate:
    """ASGI middleware: ``scope["principal"]`` says who asks, None for nobody. Where nobody could be
    asked, ``scope["principal_error"]`` is what a route that needs to know raises.
    """

    def __init__(self, app: ASGIApp, *, visitors: Visitors) -> None:
        self.app = app
        self.visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say who asks, and pass on."""
        if self.visitors.is_open():
            scope["principal"] = OPEN
        else:
            scope["principal"] = None
            if scope["type"] == "http":
                try:
                    scope["principal"] = await self.visitors.recognise(scope)
                except PacesetterError as error:
                    scope["principal_error"] = error
        await self.app(scope, receive, send)
