"""A simulated home on which the desk has worked through nine nights, on both engines, and people in it."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_between
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.conftest import _execute, run
from tests.homes import settings_for
from tests.security.conftest import add_person, by_session, enter
from tests.servers import copied_from
from tests.web.conftest import ask_app

FIRST, LAST = date(2025, 7, 14), date(2025, 7, 24)
NIGHTS = sessions_between("XNYS", FIRST, LAST)
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)
TEMPLATE = "desk_nights_template"
PEOPLE = {"owner": "owner", "ada": "analyst", "ben": "analyst", "eve": "viewer"}
Headers = dict[str, str]
V1 = "/api/v1"


@dataclass
class House:
    """A home of a test's own; each ``live`` starts the application anew, and may be called once."""

    settings: Settings
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(EVENING))

    def live(self, work: Callable[[Visit], Awaitable[Any]]) -> Any:
        """Run ``work`` in a started application."""
        app = create_app(self.settings, simulated=True, clock=self.clock)
        app.state.job_runner.start = app.state.onboarding_runner.start = lambda: None

        async def within(client: httpx.AsyncClient) -> Any:
            ws = await app.state.workspace.get()
            people = {}
            for name, role in PEOPLE.items():
                await add_person(ws, name, role)
                people[name] = by_session(await enter(ws, name))
            app.state.door.visitors.forget()
            return await work(Visit(client, ws, people))

        return ask_app(app, within)


@dataclass
class Visit:
    """Somebody at the application; calls are ada's unless told."""

    client: httpx.AsyncClient
    ws: Workspace
    people: dict[str, Headers]

    async def ask(self, method: str, path: str, *, by: str = "ada", **more: Any) -> httpx.Response:
        """Any answer."""
        self.client.cookies.clear()
        headers = {**self.people[by], **more.pop("headers", {})}
        return await self.client.request(method, f"{V1}{path}", headers=headers, **more)

    async def get(self, path: str, *, by: str = "ada", **asked: Any) -> dict[str, Any]:
        """The body of a success."""
        answer = await self.ask("GET", path, by=by, params=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def send(
        self, method: str, path: str, body: Any = None, *, by: str = "ada", status: int = 200
    ) -> dict[str, Any]:
        """The body of an answer with that status."""
        answer = await self.ask(method, path, by=by, json=body)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def _fill(settings: Settings) -> None:
    clock = VirtualClock(EVENING)
    async with open_workspace(settings, clock=clock, simulated=True) as ws:
        for on in NIGHTS:
            clock.advance(timedelta(seconds=1))
            await run_cycle(ws, on=on)
        for on in NIGHTS:
            await run_night(ws, on)


MADE: dict[str, Path] = {}  # the home that is copied, by the address of its PostgreSQL (or "")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def desk_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The home to copy, and its PostgreSQL server ("" where its database is a file). It is filled once,
    whichever modules ask for it, and its database goes with the server."""
    server = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url").rsplit("/", 1)[0]
    if server not in MADE:
        folder = tmp_path_factory.mktemp(f"desk-{request.param}")
        if server:
            run(_execute(f"{server}/postgres", f"CREATE DATABASE {TEMPLATE}"))
        run(_fill(settings_for(folder, f"{server}/{TEMPLATE}" if server else None)))
        MADE[server] = folder
    return MADE[server], server


@pytest.fixture
def house(desk_template: tuple[Path, str], tmp_path: Path) -> Iterator[House]:
    """A copy of a test's own."""
    folder, server = desk_template
    home, url = tmp_path / "home", None
    shutil.copytree(folder, home)
    if server:
        url = f"{server}/desk_house"
        run(_execute(f"{server}/postgres", f"CREATE DATABASE desk_house {copied_from(TEMPLATE)}"))
    yield House(settings_for(home, url))
    if server:
        run(_execute(f"{server}/postgres", "DROP DATABASE desk_house WITH (FORCE)"))
