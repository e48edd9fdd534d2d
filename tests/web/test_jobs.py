"""Jobs asked for over HTTP and done by processes of their own, on both databases."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from time import monotonic
from typing import Any

import httpx
import pytest

from pacesetter.jobs.accounts.api_keys import create_key
from pacesetter.jobs.runner import queue
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.errors import DatabaseUnreachable, PacesetterError, may_be_told
from pacesetter.market.calendar import sessions_between
from pacesetter.settings import Settings
from pacesetter.web.app import create_app
from pacesetter.web.children import child_runner, job_runner
from pacesetter.web.errors import status_of
from pacesetter.web.paging import write_cursor
from pacesetter.web.routes import jobs as routes
from tests.conftest import _execute, run
from tests.homes import EVENING, SESSIONS, make_simulated_home
from tests.jobs.home import ask as rows_of
from tests.security.conftest import add_person, by_key
from tests.web.conftest import ask_app
from tests.web.held_backfill import CHUNK, HELD_AT, do_held_job

JOBS = "/api/v1/jobs"
PATIENT_S = 600.0  # for what comes in a moment, on a machine that does much beside
ACTIVE = ("queued", "running")
HELD = "SELECT count(*) FROM cycles WHERE status = 'claimed' AND lease_until > CURRENT_TIMESTAMP"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A ranked simulated home of this file's own, on each engine."""
    folder = tmp_path_factory.mktemp(f"jobs-{request.param}")
    if request.param == "sqlite":
        yield make_simulated_home(folder)
        return
    server = request.getfixturevalue("postgres_url")
    run(_execute(server, "CREATE DATABASE web_jobs"))
    yield make_simulated_home(folder, server.rsplit("/", 1)[0] + "/web_jobs")
    run(_execute(server, "DROP DATABASE web_jobs WITH (FORCE)"))


@pytest.fixture(autouse=True)
def freed_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed process held is freed by its server, on a busy machine, too."""
    monkeypatch.setattr(child_runner, "AFTER_KILL_S", PATIENT_S)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Backfills that stay where ``HELD_AT`` dates are published, until they are told to stop."""
    monkeypatch.setattr(job_runner, "do_job", do_held_job)


class Desk:
    """Somebody at a running server."""

    def __init__(self, client: httpx.AsyncClient, app: Any, ws: Any, headers: dict[str, str]) -> None:
        self.client, self.app, self.ws, self.headers = client, app, ws, headers

    async def post(self, **body: Any) -> httpx.Response:
        return await self.client.post(JOBS, json=body, headers=self.headers)

    async def ask(self, **body: Any) -> dict[str, Any]:
        answer = await self.post(**body)
        assert answer.status_code == 202, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def look(self, job: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get(f"{JOBS}/{job['id']}", headers=self.headers)).json()
        return found

    async def until(self, job: dict[str, Any], *states: str) -> dict[str, Any]:
        end = monotonic() + PATIENT_S
        while monotonic() < end:
            found = await self.look(job)
            if found["state"] in states or (not states and found["state"] not in ACTIVE):
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"still {found}")

    async def until_held(self, job: dict[str, Any]) -> None:
        async with asyncio.timeout(PATIENT_S):
            while ((await self.look(job))["progress"] or {}).get("done") != HELD_AT:
                await asyncio.sleep(0.02)

    @property
    def process(self) -> Any:
        return self.app.state.job_runner._process


def at_desk(settings: Settings, work: Callable[[Desk], Awaitable[Any]], *, working: bool = True) -> Any:
    """Work at a started server, as an analyst's program. ``working``: whether the server does jobs."""
    app = create_app(settings, simulated=True, clock=VirtualClock(EVENING))
    if not working:
        app.state.job_runner.start = lambda: None

    async def within(client: httpx.AsyncClient) -> Any:
        ws = await app.state.workspace.get()
        if not await rows_of(ws, "SELECT 1 FROM users"):
            await add_person(ws, "ann", "analyst")
        app.state.door.visitors.forget()
        (n,) = (await rows_of(ws, "SELECT count(*) FROM api_keys"))[0]
        key = (await create_key(ws, "ann", f"program {n}", scopes=["write"])).secret
        return await work(Desk(client, app, ws, by_key(key)))

    return ask_app(app, within)


def test_a_cycle_is_asked_for_watched_and_joined(home: Settings) -> None:
    async def work(desk: Desk) -> None:
        answer = await desk.post(kind="cycle", on=str(SESSIONS[1]))
        job = answer.json()
        assert answer.headers["location"] == f"{JOBS}/{job['id']}"
        assert (job["asked_by"], job["parameters"]) == ("ann", {"on": str(SESSIONS[1])})
        assert (await desk.ask(kind="cycle", on=str(SESSIONS[1])))["id"] == job["id"]
        warm = await desk.ask(kind="warm")
        done = await desk.until(job)
        assert (done["state"], done["problem"]) == ("done", None) and "ranked 12 boards" in done["message"]
        assert done["as_of"] == str(SESSIONS[2]) and done["stale"] is False
        assert (await desk.until(warm))["message"] == "14 of 14 answers are warm"
        listed = (await desk.client.get(f"{JOBS}?kind=cycle&state=done", headers=desk.headers)).json()
        assert listed["count"] == 1 and listed["rows"][0]["id"] == job["id"]
        page = (await desk.client.get(f"{JOBS}?limit=1", headers=desk.headers)).json()
        assert page["count"] == 2 and page["rows"][0]["id"] == warm["id"]
        rest = (await desk.client.get(f"{JOBS}?cursor={page['next']}", headers=desk.headers)).json()
        assert [row["id"] for row in rest["rows"]] == [job["id"]] and rest["next"] is None

    at_desk(home, work)


def test_a_job_is_stopped_and_a_killed_process_is_told_of(home: Settings, held: None) -> None:
    async def work(desk: Desk) -> None:
        long = await desk.ask(kind="backfill", **{"from": "2024-09-03", "to": "2025-07-01"})
        waits = await desk.ask(kind="cycle")
        gone = await desk.client.delete(f"{JOBS}/{waits['id']}", headers=desk.headers)
        assert (gone.status_code, gone.json()["state"]) == (200, "cancelled")
        await desk.until_held(long)
        os.kill(desk.process.pid, signal.SIGKILL)
        told = await desk.until(long)
        assert told["state"] == "interrupted" and "signal 9" in told["problem"]["what"]
        again = await desk.ask(kind="backfill", **{"from": "2024-09-03", "to": "2025-07-01"})
        assert again["id"] != long["id"]
        await desk.until_held(again)
        stopping = await desk.client.delete(f"{JOBS}/{again['id']}", headers=desk.headers)
        assert (stopping.status_code, stopping.json()["state"]) == (202, "running")
        stopped = await desk.until(again)
        assert (stopped["state"], stopped["progress"]["done"]) == ("cancelled", HELD_AT + CHUNK)
        ended = await desk.client.delete(f"{JOBS}/{again['id']}", headers=desk.headers)
        assert (ended.status_code, ended.json()["state"]) == (200, "cancelled")

    at_desk(home, work)


def test_the_next_server_goes_on(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_runner, "STOP_S", PATIENT_S)  # it lays the job down, however long that takes

    async def begin(desk: Desk) -> dict[str, Any]:
        job = await desk.ask(kind="backfill", **{"from": "2024-06-03", "to": "2025-06-30"})
        await desk.until_held(job)
        return job

    async def go_on(desk: Desk) -> None:
        done = await desk.until(job)
        assert done["state"] == "done" and "published 209 of 269" in done["message"]
        assert f"went on behind {sessions[HELD_AT + CHUNK - 1]}" in done["message"]

    sessions = sessions_between("XNYS", date(2024, 6, 3), date(2025, 6, 30))
    with monkeypatch.context() as patch:
        patch.setattr(job_runner, "do_job", do_held_job)
        job = at_desk(home, begin)
    at_desk(home, go_on)


def test_two_servers_share_the_work_and_do_nothing_twice(home: Settings) -> None:
    days = ["2025-07-17", "2025-07-18"]

    async def work(desk: Desk) -> None:
        other = create_app(home, simulated=True, clock=VirtualClock(EVENING))
        async with other.router.lifespan_context(other):
            before = await rows_of(desk.ws, "SELECT count(*) FROM cycles WHERE kind = 'job'")
            asked = [await desk.ask(kind="cycle", on=on) for on in days]
            ended = [await desk.until(job) for job in asked]
        assert [job["state"] for job in ended] == ["done"] * 2, ended
        after = await rows_of(desk.ws, "SELECT count(*) FROM cycles WHERE kind = 'job'")
        assert after[0][0] - before[0][0] == 2
        fences = await rows_of(desk.ws, "SELECT fence FROM job_runs WHERE kind = 'cycle' AND state = 'done'")
        assert set(fences) == {(1,)}

    at_desk(home, work)


def test_who_may_read_an_error_is_one_rule() -> None:
    def below(kind: type[PacesetterError]) -> list[type[PacesetterError]]:
        return [kind, *(one for child in kind.__subclasses__() for one in below(child))]

    for kind in below(PacesetterError):
        if kind.__module__ == PacesetterError.__module__:
            assert may_be_told(kind()) == (status_of(kind()) < 500), kind


@pytest.mark.parametrize("when", ["at once", "begun", "deep"])
def test_an_orderly_stop_is_no_crash(
    home: Settings, when: str, held: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_runner, "STOP_S", 0.5)

    async def begin(desk: Desk) -> dict[str, Any]:
        job = await desk.ask(kind="backfill", **{"from": "2024-10-01", "to": "2025-06-27"})
        while when != "at once" and desk.process is None:
            await asyncio.sleep(0.01)
        if when == "at once":
            await desk.until(job, "running")
        elif when == "deep":
            await desk.until_held(job)
            assert await rows_of(desk.ws, HELD) != [(0,)]
            os.kill(desk.process.pid, signal.SIGSTOP)  # it hears no SIGTERM
        return job

    async def look(desk: Desk) -> None:
        columns = "state, lost, lease_until IS NULL"
        (row,) = await rows_of(desk.ws, f"SELECT {columns} FROM job_runs ORDER BY asked_at DESC LIMIT 1")
        assert (row[0], row[1], bool(row[2])) == ("queued", 0, True)
        assert await rows_of(desk.ws, HELD) == [(0,)]  # the next server need not wait for its tick
        gone = await desk.client.delete(f"{JOBS}/{job['id']}", headers=desk.headers)
        assert gone.json()["state"] == "cancelled"

    job = at_desk(home, begin)
    at_desk(home, look, working=False)


def test_what_was_asked_for_stays_so_when_the_answer_fails(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        raise DatabaseUnreachable

    async def work(desk: Desk) -> None:
        asked, count = {"kind": "cycle", "on": str(SESSIONS[0])}, "SELECT count(*) FROM job_runs"
        before = await rows_of(desk.ws, count)
        with monkeypatch.context() as patch:
            patch.setattr(routes, "fresh", away)
            assert (await desk.post(**asked)).status_code == 503
            assert await rows_of(desk.ws, count) == before  # nothing was done, so the key may go
        waits = await desk.ask(**asked)
        with monkeypatch.context() as patch:
            patch.setattr(routes, "fresh", away)
            assert (
                await desk.client.delete(f"{JOBS}/{waits['id']}", headers=desk.headers)
            ).status_code == 503
        assert (await desk.look(waits))["state"] == "queued"
        await desk.client.delete(f"{JOBS}/{waits['id']}", headers=desk.headers)

    at_desk(home, work, working=False)


def test_a_page_of_jobs_reads_no_more_than_a_page(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[int] = []

    async def seen(*given: Any, limit: int, **more: Any) -> Any:
        limits.append(limit)
        return await list_jobs(*given, limit=limit, **more)

    list_jobs = queue.list_jobs
    monkeypatch.setattr(queue, "list_jobs", seen)

    async def work(desk: Desk) -> None:
        days = [str(on) for on in SESSIONS[:3]]
        asked = [await desk.ask(kind="cycle", on=on) for on in days]
        found: list[str] = []
        where = f"{JOBS}?state=queued&limit=1"
        cursor = ""
        while cursor is not None:
            page = (await desk.client.get(where + cursor, headers=desk.headers)).json()
            assert page["count"] == 3 and len(page["rows"]) == 1
            found += [row["id"] for row in page["rows"]]
            cursor = page["next"] and f"&cursor={page['next']}"
        assert found == [job["id"] for job in reversed(asked)] and limits == [2, 2, 2]
        for key in (("x", "y"), (1, 2), ("2025-07-24",), ("0001-01-01T00:00:00+14:00", "0" * 32)):
            url = f"{where}&cursor={write_cursor(key)}"
            answer = await desk.client.get(url, headers=desk.headers)
            assert answer.status_code == 422 and answer.json()["where"] == "cursor"
        for job in asked:
            await desk.client.delete(f"{JOBS}/{job['id']}", headers=desk.headers)

    at_desk(home, work, working=False)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"kind": "cycle", "on": "2025-07-04"}, 422, "no trading day"),
        ({"kind": "cycle", "on": "2025-7-4"}, 422, "not a date"),
        ({"kind": "cycle", "from": "2025-07-01"}, 422, "takes no 'from'"),
        ({"kind": "backfill", "from": "2025-07-02", "to": "2025-07-01"}, 422, "is after"),
        ({"kind": "backfill", "boards": ["nope"]}, 404, "unknown board"),
        ({"kind": "backfill", "boards": []}, 422, "boards"),
        ({"kind": "sing"}, 422, "kind"),
        ({"kind": "warm", "loud": True}, 422, "loud"),
        ({}, 422, "kind"),
    ],
)
def test_a_mistake_is_told_at_once(home: Settings, body: dict[str, Any], status: int, said: str) -> None:
    async def work(desk: Desk) -> None:
        answer = await desk.post(**body)
        assert answer.status_code == status and said in answer.json()["detail"]
        assert answer.headers["content-type"] == "application/problem+json"
        for method in ("GET", "DELETE"):
            answer = await desk.client.request(
                method, f"{JOBS}/00000000-0000-0000-0000-000000000000", headers=desk.headers
            )
            assert answer.status_code == 404 and "/api/v1/jobs" in answer.json()["mend"]

    at_desk(home, work)
