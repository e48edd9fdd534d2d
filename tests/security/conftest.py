"""An application with people in it, on both databases and in virtual time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.logins import begin_session
from pacesetter.jobs.accounts.passwords import hasher
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.accounts.users import add_user
from pacesetter.web.app import create_app
from pacesetter.web.auth.credentials import COOKIE, csrf_token
from tests.homes import EVENING
from tests.web.conftest import ask_app

PASSWORD = "correct horse battery staple"
ORIGIN = {"Origin": "http://127.0.0.1:8000"}


@cache
def password_hash() -> str:
    """The hash of ``PASSWORD``, made once: it is slow on purpose."""
    return hasher().hash(PASSWORD)


async def add_person(ws: Workspace, name: str, role: str) -> Any:
    """A user with ``PASSWORD``."""
    async with ws.db.write(content=False) as conn:
        return await add_user(conn, name, role, password_hash())


async def enter(ws: Workspace, name: str) -> str:
    """A new session of a user, without a password; its token."""
    async with ws.db.write(content=False) as conn:
        return (await begin_session(conn, name, ws.now())).token


def by_session(token: str, **more: str) -> dict[str, str]:
    """Headers of a page of ours: cookie, origin and the token for changes."""
    return {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": csrf_token(token), **ORIGIN, **more}


def by_key(key: str) -> dict[str, str]:
    """Headers of a program."""
    return {"Authorization": f"Bearer {key}"}


@dataclass
class World:
    """A home with its clock."""

    settings: Settings
    clock: VirtualClock

    def live(self, work: Callable[[httpx.AsyncClient, Workspace, Any], Awaitable[Any]]) -> Any:
        """Run ``work`` with a client, the workspace and the started application."""
        app = create_app(self.settings, simulated=False, clock=self.clock)

        async def within(client: httpx.AsyncClient) -> Any:
            return await work(client, await app.state.workspace.get(), app)

        return ask_app(app, within)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> World:
    """An empty home on each database."""
    url = None if database_url.startswith("sqlite") else database_url  # the file lies where a home has it
    return World(Settings(home=tmp_path, database_url=url, source="none"), VirtualClock(EVENING))
