"""Who may call what: one row of ``access_matrix.csv`` for every route, and no route without a row.

Columns: ``call`` is the path with values in the place of its parameters, ``body`` the JSON sent along.
Then one column for each kind of asker: ``2xx``/``3xx``/``4xx`` the class of the answer (a ``4xx`` that is
neither 401 nor 403), ``401`` and ``403`` exactly, ``in`` whatever is not one of these two.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.auth.permission import PUBLIC, Requires, check_permissions, routes_of
from tests.conftest import _execute, run
from tests.homes import EVENING, make_simulated_home, settings_for
from tests.security.conftest import add_person, by_key, by_session, enter
from tests.web.conftest import ask_app

MATRIX = Path(__file__).with_name("access_matrix.csv")
ROLES = ("viewer", "analyst", "owner")
ASKERS = ("anonymous-open", "anonymous", *ROLES, "key:read")
ONLY_COMPUTED = {
    "/api/v1/what-if",
    "/api/v1/watchlist/try",
    "/api/v1/cache/warm",
    "/api/v1/domains/preview",
    "/api/domains/preview",
}
NO_CHANGES = {"/api/v1/session", *ONLY_COMPUTED}  # and logging in
CELLS = {"in", "2xx", "3xx", "4xx", "401", "403"}


def matrix() -> list[dict[str, str]]:
    with MATRIX.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(params=["sqlite", "postgresql"])
def ranked_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A ranked simulated home on each engine."""
    if request.param == "sqlite":
        yield make_simulated_home(tmp_path)
        return
    server = request.getfixturevalue("postgres_url")
    run(_execute(server, "CREATE DATABASE access_matrix"))
    yield make_simulated_home(tmp_path, server.rsplit("/", 1)[0] + "/access_matrix")
    run(_execute(server, "DROP DATABASE access_matrix WITH (FORCE)"))


def fits(cell: str, status: int) -> bool:
    """Whether a status is what a cell says."""
    if cell in ("401", "403"):
        return status == int(cell)
    return status not in (401, 403) and (cell == "in" or status // 100 == int(cell[0]))


def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    rows = matrix()
    listed = [(row["method"], row["path"]) for row in rows]
    assert len(listed) == len(set(listed))
    there = {(method, path) for method, path, _ in routes_of(create_app(settings_for(tmp_path)))}
    assert not there - set(listed), "give them a row in tests/security/access_matrix.csv"
    assert not set(listed) - there, "they are no routes any more"
    assert {row[asker] for row in rows for asker in ASKERS} <= CELLS
    for row in rows:  # nobody who is not known changes anything, whatever else a row says
        if row["method"] != "GET" and row["path"] not in NO_CHANGES:
            assert (row["anonymous-open"], row["anonymous"]) == ("401", "401"), row["path"]


def test_every_row_holds(ranked_home: Settings) -> None:
    clock = VirtualClock(EVENING)
    app = create_app(ranked_home, simulated=True, clock=clock)
    app.state.job_runner.start = app.state.onboarding_runner.start = lambda: None  # taken-in jobs wait
    rows, wrong = matrix(), []

    async def call(
        client: httpx.AsyncClient, row: dict[str, str], asker: str, headers: dict[str, str]
    ) -> None:
        clock.advance(timedelta(seconds=61))  # attempts to log in are counted by the minute
        client.cookies.clear()
        app.state.door.visitors.forget()
        body = json.loads(row["body"]) if row["body"] else None
        answer = await client.request(row["method"], row["call"], json=body, headers=headers)
        if not fits(row[asker], answer.status_code):
            wrong.append((asker, row["method"], row["call"], row[asker], answer.status_code))

    async def work(client: httpx.AsyncClient) -> None:
        ws: Workspace = await app.state.workspace.get()
        for row in rows:
            await call(client, row, "anonymous-open", {})
        for name, role in (*zip(ROLES, ROLES, strict=True), ("program", "owner"), ("leaver", "viewer")):
            await add_person(ws, name, role)
            await create_key(ws, name, "spare")
        key = (await create_key(ws, "program", "reads", scopes=["read"])).secret
        for row in rows:
            await call(client, row, "anonymous", {})
            await call(client, row, "key:read", by_key(key))
            for role in ROLES:
                await call(client, row, role, by_session(await enter(ws, role)))

    ask_app(app, work)
    assert not wrong, "\n".join(map(str, wrong))
    print(f"{len(rows)} routes, {len(rows) * len(ASKERS)} answers")


def test_an_application_with_a_silent_route_is_not_made() -> None:
    async def nothing() -> None:
        """Answer nothing."""

    def make(**more: Any) -> FastAPI:
        app, router = FastAPI(openapi_url=None), APIRouter()
        router.add_api_route("/nothing", nothing, **more)
        app.include_router(router, prefix="/api")
        return app

    with pytest.raises(AssertionError, match="GET /api/nothing"):
        check_permissions(make())
    check_permissions(make(dependencies=[PUBLIC]))
    check_permissions(make(dependencies=[Requires("write")]))
    with pytest.raises(AssertionError, match="openapi"):
        check_permissions(FastAPI())


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        ("in", (200, 303, 404, 503), (401, 403)),
        ("2xx", (200, 204), (303, 401, 404)),
        ("4xx", (404, 422), (401, 403, 200)),
        ("401", (401,), (403, 200)),
        ("403", (403,), (401, 404)),
    ],
)
def test_cells_mean_what_they_say(cell: str, good: tuple[int, ...], bad: tuple[int, ...]) -> None:
    assert all(fits(cell, status) for status in good)
    assert not any(fits(cell, status) for status in bad)
