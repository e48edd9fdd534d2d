"""A real application over a simulated home, on both engines, asked in this process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from tests.conftest import _execute, run
from tests.homes import EVENING, make_simulated_home, settings_for

Ask = Callable[..., httpx.Response]


def ask_app(app: Any, work: Callable[[httpx.AsyncClient], Awaitable[Any]]) -> Any:
    """Run ``work`` with a client of a started application."""

    async def main() -> Any:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await work(client)

    return asyncio.run(main())


def get(app: Any, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    """One request to an application."""
    response: httpx.Response = ask_app(app, lambda client: client.request(method, path, **more))
    return response


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def ranked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a ranked simulated home, once with each engine; to be read only."""
    home = tmp_path_factory.mktemp(f"web-{request.param}")
    if request.param == "sqlite":
        yield make_simulated_home(home)
        return
    server = request.getfixturevalue("postgres_url")
    run(_execute(server, "CREATE DATABASE web_pages"))
    yield make_simulated_home(home, server.rsplit("/", 1)[0] + "/web_pages")
    run(_execute(server, "DROP DATABASE web_pages WITH (FORCE)"))


@pytest.fixture
def ask(ranked: Settings) -> Ask:
    """Ask the ranked application."""
    app = create_app(ranked, simulated=True, clock=VirtualClock(EVENING))
    return lambda path, **more: get(app, path, **more)


@pytest.fixture(scope="session")
def sqlite_template_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ranked simulated home to copy."""
    home = tmp_path_factory.mktemp("template-home")
    make_simulated_home(home)
    return home


@pytest.fixture
def sqlite_home(sqlite_template_home: Path, tmp_path: Path) -> Settings:
    """A ranked simulated home of this test's own."""
    shutil.copytree(sqlite_template_home, tmp_path / "home")
    return settings_for(tmp_path / "home")


@pytest.fixture(autouse=True)
def without_dashboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The plain page, whether the dashboard is built here or not."""
    monkeypatch.setattr("pacesetter.web.routes.dashboard.BUILD", tmp_path / "not-built")
