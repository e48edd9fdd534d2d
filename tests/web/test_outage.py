"""The database goes away and comes back under the application."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from pacesetter.kernel.clock import VirtualClock
from pacesetter.web.app import create_app
from tests.conftest import _execute, run
from tests.homes import EVENING, make_simulated_home, settings_for
from tests.servers import start_postgres
from tests.web.conftest import ask_app, get

READS = ["/api/v1/health/ready", "/api/health", "/api/v1/rankings", "/api/v1/rankings/ev", "/api/v1/domains"]

PATIENT_S = 120.0  # for what comes in a moment, on a machine that does much beside


def assert_away(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == "application/problem+json"
    assert "pace@" not in answer.text and "127.0.0.1" not in answer.text


async def wait_until_ready(client: httpx.AsyncClient) -> float:
    started = time.monotonic()
    while (await client.get("/api/v1/health/ready")).status_code != 200:
        assert time.monotonic() - started < PATIENT_S
        await asyncio.sleep(0.05)
    return time.monotonic() - started


@pytest.mark.faults
def test_killed_database_comes_back(tmp_path: Path) -> None:
    with start_postgres() as server:
        run(_execute(server.url, "CREATE DATABASE pace"))
        settings = make_simulated_home(tmp_path, server.url.rsplit("/", 1)[0] + "/pace")
        app = create_app(settings, simulated=True, clock=VirtualClock(EVENING))

        async def live_through(client: httpx.AsyncClient) -> Any:
            before = (await client.get("/api/v1/rankings/ev")).content
            for _ in range(2):
                server.stop(kill=True)
                for path in READS:
                    assert_away(await client.get(path))
                page = await client.get("/")
                assert page.status_code == 503 and page.headers["retry-after"]
                assert "does not answer" in page.text
                assert (await client.get("/api/v1/health/live")).status_code == 200
                await asyncio.to_thread(server.start)
                print(f"ready {await wait_until_ready(client):.2f} s after its return")
                assert (await client.get("/api/v1/rankings/ev")).content == before

        ask_app(app, live_through)


@pytest.mark.faults
def test_started_without_its_database(tmp_path: Path) -> None:
    with start_postgres() as server:
        server.stop()
        app = create_app(settings_for(tmp_path, server.url), simulated=False, clock=VirtualClock(EVENING))

        async def come_up(client: httpx.AsyncClient) -> None:
            assert (await client.get("/api/v1/health/live")).status_code == 200
            for path in READS:
                assert_away(await client.get(path))
            await asyncio.to_thread(server.start)
            await wait_until_ready(client)
            assert len((await client.get("/api/v1/domains")).json()["domains"]) == 12

        ask_app(app, come_up)


def test_an_unexpected_error_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("pacesetter.web.routes.rankings.view_leaders", broken)
    app = create_app(settings_for(tmp_path), clock=VirtualClock(EVENING))
    answer = get(app, "/api/v1/rankings")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
