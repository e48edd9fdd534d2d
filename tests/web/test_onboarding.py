"""Symbols asked for over HTTP and brought in by a process beside the server, on both databases."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.ids import new_id
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.children import child_runner, onboarding_runner
from pacesetter.web.paging import write_cursor
from tests.conftest import _execute, run
from tests.homes import EVENING, make_simulated_home
from tests.security.conftest import add_person, by_key
from tests.web.conftest import ask_app

PATH = "/api/v1/onboarding"
PATIENT_S = 600.0  # for what comes in a moment, on a machine that does much beside
RIGHTS = {"viewer": ["read"], "analyst": ["read", "write"], "owner": ["read", "write", "admin"]}
ENDED = ("completed", "failed")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A ranked simulated home of this file's own, on each engine."""
    folder = tmp_path_factory.mktemp(f"onboarding-{request.param}")
    if request.param == "sqlite":
        yield make_simulated_home(folder)
        return
    server = request.getfixturevalue("postgres_url")
    run(_execute(server, "CREATE DATABASE web_onboarding"))
    yield make_simulated_home(folder, server.rsplit("/", 1)[0] + "/web_onboarding")
    run(_execute(server, "DROP DATABASE web_onboarding WITH (FORCE)"))


@pytest.fixture(autouse=True)
def freed_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed process held is freed by its server, on a busy machine, too."""
    monkeypatch.setattr(child_runner, "AFTER_KILL_S", PATIENT_S)


class Desk:
    """Somebody at a running server."""

    def __init__(self, client: httpx.AsyncClient, app: Any, headers: dict[str, str]) -> None:
        self.client, self.app, self.headers = client, app, headers

    async def post(self, *symbols: Any, **more: Any) -> httpx.Response:
        return await self.client.post(PATH, json={"symbols": list(symbols), **more}, headers=self.headers)

    async def ask(self, *symbols: str, **more: Any) -> list[dict[str, Any]]:
        answer = await self.post(*symbols, **more)
        assert answer.status_code == 202, answer.text
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows

    async def get(self, rest: str = "") -> Any:
        answer = await self.client.get(PATH + rest, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(self, job: dict[str, Any], *statuses: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENT_S
        while time.monotonic() < end:
            found: dict[str, Any] = await self.get(f"/{job['id']}")
            if found["status"] in (statuses or ENDED):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"still {found}")


def at_desk(settings: Settings, work: Callable[[Desk], Awaitable[Any]], *, working: bool = True) -> Any:
    """Work at a started server, as an analyst's program. ``working``: whether it works on the queue."""
    settings = settings.model_copy(update={"onboarding_at_once": 2 if working else 0})
    app = create_app(settings, simulated=True, clock=VirtualClock(EVENING))

    async def within(client: httpx.AsyncClient) -> Any:
        ws = await app.state.workspace.get()
        name = f"ann{new_id().hex[-6:]}"
        await add_person(ws, name, "analyst")
        app.state.door.visitors.forget()
        key = (await create_key(ws, name, "program", scopes=["write"])).secret
        return await work(Desk(client, app, by_key(key)))

    return ask_app(app, within)


def test_symbols_are_asked_for_watched_and_told_of(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        answer = await desk.post("sim05", "NOPE", priority="high")
        body = answer.json()
        assert answer.status_code == 202 and "location" not in answer.headers
        assert body["count"] == 2 and body["as_of"] == "2025-07-24" and body["stale"] is False
        known, unknown = body["rows"]
        assert (known["symbol"], known["status"], known["priority"]) == ("SIM05", "pending", "high")
        assert known["stages"][0] == {"name": "describe", "done": False} and known["joined"] is False
        done = await desk.until(known)
        assert (done["status"], done["stage"], done["attempts"]) == ("completed", "done", 1), done
        assert all(stage["done"] for stage in done["stages"]) and done["completed_at"] and done["as_of"]
        failed = await desk.until(unknown)
        assert (failed["status"], failed["cause"], failed["stage"]) == ("failed", "unknown_symbol", "prices")
        assert "does not know NOPE" in failed["error"] and "import prices" in failed["mend"]
        listed = await desk.get("?status=failed")
        assert [row["symbol"] for row in listed["rows"]] == ["NOPE"] and listed["count"] == 1
        (again,) = await desk.ask("SIM05")  # it is known, with the newest prices, and measured
        assert (again["status"], again["id"]) == ("completed", known["id"])

    at_desk(home, work)


def test_joining_pages_and_asking_again(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        names = [f"NEW{n}" for n in range(5)]
        first = await desk.ask(*names)
        answer = await desk.post("NEW3", priority="high")
        (joined,) = answer.json()["rows"]
        assert (joined["id"], joined["joined"], joined["priority"]) == (first[3]["id"], True, "high")
        assert answer.headers["location"] == f"{PATH}/{joined['id']}"
        page = await desk.get("?status=pending&limit=2")
        assert [row["symbol"] for row in page["rows"]] == ["NEW4", "NEW3"] and page["count"] == 5
        rest = await desk.get(f"?status=pending&cursor={page['next']}")
        assert [row["symbol"] for row in rest["rows"]] == ["NEW2", "NEW1", "NEW0"] and rest["next"] is None
        return first

    async def go_on(desk: Desk) -> None:
        gone = await desk.until(first[0])
        assert gone["status"] == "failed"
        (again,) = await desk.ask("NEW0")
        assert again["id"] != first[0]["id"] and again["joined"] is False

    first = at_desk(home, work, working=False)  # the next server takes them up
    at_desk(home, go_on)


def test_who_asked_is_told_to_owners_and_to_oneself(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        ws = await desk.app.state.workspace.get()
        keys = {}
        for role in ("viewer", "analyst", "owner"):
            name = f"{role}{new_id().hex[-6:]}"
            await add_person(ws, name, role)
            keys[name] = (await create_key(ws, name, "program", scopes=RIGHTS[role])).secret
        desk.app.state.door.visitors.forget()
        viewer, analyst, owner = (Desk(desk.client, desk.app, by_key(keys[name])) for name in keys)
        (_, analyst_name, _), symbol = keys, f"W{new_id().hex[-6:]}"
        (job,) = await desk.ask(symbol)
        (joined,) = await analyst.ask(symbol)
        (first_name,) = job["requested_by"]
        assert first_name != "somebody" and joined["requested_by"] == ["somebody", analyst_name]
        seen = {
            viewer: ["somebody", "somebody"],
            analyst: ["somebody", analyst_name],
            desk: [first_name, "somebody"],
            owner: [first_name, analyst_name],
        }
        for reader, names in seen.items():
            assert (await reader.get(f"/{job['id']}"))["requested_by"] == names
            row = next(row for row in (await reader.get())["rows"] if row["id"] == job["id"])
            assert row["requested_by"] == names

    at_desk(home, work, working=False)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"symbols": ["NVDA", "!!", "A B C"]}, "'!!', 'A B C'"),
        ({"symbols": []}, "at least 1"),
        ({"symbols": "NVDA"}, "list"),
        ({"symbols": ["A" * 101]}, "100"),
        ({"symbols": ["NVDA"], "priority": "urgent"}, "'high'"),
        ({"symbols": ["NVDA"], "now": True}, "now"),
    ],
)
def test_what_cannot_be_asked_for(home: Settings, body: Any, said: str) -> None:
    async def work(desk: Desk) -> None:
        before = (await desk.get())["count"]
        answer = await desk.client.post(PATH, json=body, headers=desk.headers)
        assert answer.status_code == 422 and said in answer.text, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert (await desk.get())["count"] == before

    at_desk(home, work, working=False)


def test_wrong_places(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        for rest, status in (
            (f"/{new_id()}", 404),
            ("/nvda", 422),
            ("?status=lost", 422),
            (f"?cursor={write_cursor(('x',))}", 422),
            (f"?cursor={write_cursor((1, 2))}", 422),
        ):
            answer = await desk.client.get(PATH + rest, headers=desk.headers)
            assert answer.status_code == status, answer.text

    at_desk(home, work, working=False)


def take_and(then: Callable[[], None], settings: Settings, simulated: bool, clock: Any) -> None:
    async def take() -> None:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            assert await onboarding_worker.take_next(ws) is not None

    asyncio.run(take())
    then()


def hang(settings: Settings, simulated: bool, clock: Any) -> None:
    """A worker that takes a symbol and hears no more."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    take_and(lambda: time.sleep(600), settings, simulated, clock)


def die(settings: Settings, simulated: bool, clock: Any) -> None:
    """A worker that takes a symbol and is killed."""
    take_and(lambda: os.kill(os.getpid(), signal.SIGKILL), settings, simulated, clock)


def test_a_server_that_stops_leaves_its_symbols_to_the_next(sqlite_home: Settings, monkeypatch) -> None:
    monkeypatch.setattr(child_runner, "STOP_S", 0.5)
    plain = onboarding_runner.work_apart
    monkeypatch.setattr(onboarding_runner, "work_apart", hang)

    async def begin(desk: Desk) -> dict[str, Any]:
        (job,) = await desk.ask("SIM05")
        held = await desk.until(job, "processing")
        assert held["attempts"] == 1 and held["stage"] == "queued"
        return job

    async def go_on(desk: Desk) -> None:
        done = await desk.until(job)
        assert (done["status"], done["attempts"]) == ("completed", 1)  # the first one was no try

    job = at_desk(sqlite_home, begin)
    monkeypatch.setattr(onboarding_runner, "work_apart", plain)
    at_desk(sqlite_home, go_on)


def test_a_worker_that_dies_is_replaced_at_once(sqlite_home: Settings, monkeypatch) -> None:
    plain, started = onboarding_runner.work_apart, []

    class First:
        """The first process dies, the next ones work."""

        def get_context(self, method: str) -> Any:
            context = multiprocessing_context(method)

            class Context:
                @staticmethod
                def Process(target: Any, args: Any, daemon: bool) -> Any:  # noqa: N802 as the library has it
                    started.append(target)
                    work = die if len(started) == 1 else plain
                    return context.Process(target=work, args=args, daemon=daemon)

            return Context

    multiprocessing_context = child_runner.multiprocessing.get_context
    monkeypatch.setattr(child_runner, "multiprocessing", First())

    async def work(desk: Desk) -> None:
        (job,) = await desk.ask("SIM05")
        done = await desk.until(job)  # long before its lease would have run out
        assert (done["status"], done["attempts"]) == ("completed", 2) and len(started) == 2

    at_desk(sqlite_home, work)
