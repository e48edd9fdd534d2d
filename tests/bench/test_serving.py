"""A server as a user starts it, under load: against a bare function, without its cache, with a bad Redis,
and while it computes. ``make bench-serving`` runs it alone; about five minutes."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from pacesetter.jobs.runner.queue import ask_job
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.ids import new_id
from pacesetter.settings import Settings
from tests.bench.large_board import SLUG, SYMBOLS, add_large_board
from tests.bench.serving import MISS_S, Table, compare_with_bare, load, row_of, serving, verdict
from tests.bench.test_store import execute
from tests.homes import SESSIONS, make_simulated_home
from tests.servers import RedisServer, SlowProxy, free_port, start_redis

pytestmark = [pytest.mark.bench, pytest.mark.serving, pytest.mark.timeout(900)]

BOARD = f"/api/v1/rankings/{SLUG}?limit=50"
CASES = {
    "top 10 leaders": "/api/v1/rankings?top=10",
    "board, 50 rows": BOARD,
    "symbol": "/api/v1/symbols/NVDA",
    "rank history": "/api/v1/history/NVDA",
}
REPLY_S = 0.2  # what the slow Redis takes for each reply
Home = tuple[Path, str | None]


@pytest.fixture(scope="module")
def plain_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated home, as it is after three cycles."""
    home = tmp_path_factory.mktemp("serving") / "home"
    make_simulated_home(home)
    return home


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def large(request: pytest.FixtureRequest, plain_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a board of ten thousand symbols besides, on each engine."""
    home, url = tmp_path_factory.mktemp("large") / "home", None
    if request.param == "sqlite":
        shutil.copytree(plain_home, home)
    else:
        server, name = request.getfixturevalue("postgres_url"), f"serving_{new_id().hex}"
        asyncio.run(execute(server, f"CREATE DATABASE {name}"))
        url = server.rsplit("/", 1)[0] + f"/{name}"
        make_simulated_home(home, url)
    with_workspace(home, url, lambda ws: add_large_board(ws, SESSIONS[-1]))
    return home, url


def with_workspace(home: Path, url: str | None, work: Callable[[Workspace], Any]) -> Any:
    """Run ``work`` over a home from this process."""

    async def main() -> Any:
        settings = Settings(home=home, database_url=url, source="simulated", _env_file=None)
        async with open_workspace(settings, simulated=True) as ws:
            return await work(ws)

    return asyncio.run(main())


def engine_of(home: Home) -> str:
    """The name of its engine."""
    return "SQLite" if home[1] is None else "PostgreSQL"


def test_from_bytes_against_a_bare_function(table: Table, large: Home, tmp_path: Path) -> None:
    engine = engine_of(large)
    with serving(large[0], database_url=large[1]) as address:
        for case, path in CASES.items():
            compare_with_bare(table, address, case, path, engine, tmp_path)


def test_without_the_cache(table: Table, large: Home) -> None:
    engine = engine_of(large)
    with serving(large[0], database_url=large[1], PACESETTER_CACHE_MB="0") as address:
        pages = [BOARD, *walk(address, 39)]
        for case, path in CASES.items():
            one = load(address, [path], MISS_S, connections=1)
            target = f"p99 {verdict(one.p99, 25)}" if path == BOARD else "–"
            symbols = f" of {SYMBOLS:,} symbols" if path == BOARD else ""
            table.add(f"{case}{symbols}, not cached, 1 connection, {engine}", *row_of(one), "–", target)
            many = load(address, [path], MISS_S)
            target = f"p99 {verdict(many.p99, 25)}" if path == BOARD else "–"
            table.add(f"{case}, not cached, 16 connections, {engine}", *row_of(many), "–", target)
        each = load(address, pages, MISS_S)
        table.add(
            f"40 pages of the board in turn, not cached, 16 connections, {engine}", *row_of(each), "–", "–"
        )


def walk(address: str, pages: int) -> list[str]:
    """The paths of the board's next pages."""
    paths, path = list[str](), BOARD
    for _ in range(pages):
        path = f"{BOARD}&cursor={httpx.get(address + path, timeout=60).json()['next']}"
        paths.append(path)
    return paths


@pytest.mark.parametrize("state", ["none", "up", "refused", "hung", "slow"])
def test_with_redis_behind_the_process(table: Table, large: Home, state: str, request: Any) -> None:
    if large[1] is not None:
        pytest.skip("once is enough: Redis stands in front of either engine")
    with ExitStack() as stack:
        more = {"PACESETTER_CACHE_MB": "0"}  # so that every request has to ask Redis
        if state == "refused":
            more["PACESETTER_REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
        elif state != "none":
            redis: RedisServer = stack.enter_context(start_redis())
            port = redis.port
            if state == "slow":
                port = stack.enter_context(SlowProxy(redis.port, REPLY_S)).port
            more["PACESETTER_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
            if state == "hung":
                redis.freeze()
                stack.callback(redis.freeze, False)
        address = stack.enter_context(serving(large[0], **more))
        told = load(address, [BOARD], MISS_S)
        stored = request.config.stash.setdefault(WITHOUT, {})
        target = "–"
        if state == "none":
            stored["p99"] = told.p99
        elif "p99" in stored:
            target = f"p99 {verdict(told.p99, round(stored['p99'] + 10, 1))}"
        table.add(f"board, nothing kept in the process, Redis: {state}", *row_of(told), "–", target)


WITHOUT = pytest.StashKey[dict[str, float]]()


@pytest.mark.parametrize("kind", ["cycle", "backfill"])
def test_cached_reads_while_it_computes(table: Table, plain_home: Path, tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(plain_home, home)
    given = {"cycle": {}, "backfill": {"from": date(2023, 1, 3), "to": date(2025, 6, 30)}}[kind]
    path = CASES["top 10 leaders"]
    with serving(home, source="simulated") as address:
        quiet = load(address, [path], 4)
        table.add(f"cached reads, quiet (before a {kind})", *row_of(quiet), "–", "–")
        asked = with_workspace(home, None, lambda ws: ask_job(ws, kind, given, by="bench"))
        health = Health(address)
        wait_for(address, asked.id, {"running", "done"})
        windows = []
        while not windows or (state_of(address, asked.id) == "running" and len(windows) < 6):
            windows.append(load(address, [path], 3))
        health.stop()
        assert state_of(address, asked.id) in ("running", "done")
        worst = max(windows, key=lambda one: one.p99)
        table.add(
            f"cached reads during a {kind}, the worst of {len(windows)} times 3 s",
            *row_of(worst),
            "–",
            f"p99 {verdict(worst.p99, round(2 * quiet.p99, 2))} (twice quiet)",
        )
        took = 1000 * np.array(health.took)
        p50, p99 = np.percentile(took, [50, 99])
        table.add(
            f"`/health/live` during a {kind}, {len(took)} asked beside them, the worst {took.max():.1f} ms",
            "–",
            f"{p50:.2f} ms",
            f"{p99:.2f} ms",
            "–",
            f"worst {verdict(took.max(), 50)}",
        )


def state_of(address: str, job: Any) -> str:
    """What a job is at."""
    return str(httpx.get(f"{address}/api/v1/jobs/{job}", timeout=30).json()["state"])


def wait_for(address: str, job: Any, states: set[str]) -> None:
    """Until a job is in one of ``states``."""
    deadline = time.monotonic() + 30
    while state_of(address, job) not in states:
        assert time.monotonic() < deadline, "nobody takes the job"
        time.sleep(0.05)


class Health:
    """Asks for the health of a server twenty times a second, on a connection of its own."""

    def __init__(self, address: str) -> None:
        self.took: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(address,), daemon=True)
        self._thread.start()

    def _ask(self, address: str) -> None:
        with httpx.Client(base_url=address) as client:
            client.get("/api/v1/health/live")
            while not self._ended.wait(0.05):
                began = time.perf_counter()
                assert client.get("/api/v1/health/live").status_code == 200
                self.took.append(time.perf_counter() - began)

    def stop(self) -> None:
        """Ask no more."""
        self._ended.set()
        self._thread.join(10)
