"""Kept answers over real databases: publications, concurrent readers, two processes, Redis, metrics."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import text

from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.database.cache import RedisCache
from pacesetter.store.database.content import read_content
from pacesetter.store.database.engine import Database
from pacesetter.web.app import create_app
from pacesetter.web.kept import upkeep as upkeep_module
from pacesetter.web.kept.upkeep import Upkeep
from tests.conftest import _execute, run
from tests.homes import EVENING, make_simulated_home
from tests.servers import RedisServer, free_port, start_redis
from tests.web.conftest import ask_app
from tests.web.kept_house import ask

PATHS = ["/api/v1/rankings", "/api/v1/rankings/ev", "/api/v1/rankings/ai-tech", "/api/v1/domains"]
PATHS += ["/api/v1/history/NVDA", "/api/rankings/ev", "/api/v1/rankings/nothing"]
PATIENT_S = 120.0  # for what comes in a moment, on a machine that does much beside
QUERIES = ["", "top=3", "on=2025-07-23", "on=never", "limit=2"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a ranked home of this module's own, which is written to."""
    home = tmp_path_factory.mktemp(f"kept-{request.param}")
    if request.param == "sqlite":
        yield make_simulated_home(home)
        return
    server = request.getfixturevalue("postgres_url")
    run(_execute(server, "CREATE DATABASE kept_pages"))
    yield make_simulated_home(home, server.rsplit("/", 1)[0] + "/kept_pages")
    run(_execute(server, "DROP DATABASE kept_pages WITH (FORCE)"))


def app_of(settings: Settings, at: datetime = EVENING, **over: Any) -> Any:
    return create_app(settings.model_copy(update=over), simulated=True, clock=VirtualClock(at))


def upkeep_of(app: Any) -> Upkeep:
    found: Upkeep = app.state.upkeep
    return found


def address(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.home}/simulated.db"


async def publish(db: Database, n: int) -> None:
    """Change what every answer shows: names, descriptions and the figures themselves."""
    async with db.write() as conn:
        await conn.execute(text("UPDATE domains SET description = :n"), {"n": str(n)})
        await conn.execute(text("UPDATE ranking_results SET score = score / 2 + :n"), {"n": n % 7})


def version_in(body: bytes) -> int:
    return int(orjson.loads(body)["domains"][0]["description"])


STEP = st.one_of(
    st.just("publish"),
    st.tuples(
        st.sampled_from(PATHS), st.sampled_from(QUERIES), st.sampled_from(["", "gzip"]), st.integers(1, 4)
    ),
)


@profile(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=3, max_size=12))
def test_kept_bytes_are_those_of_the_router(house: Settings, steps: list[Any]) -> None:
    app = app_of(house)

    async def work(client: httpx.AsyncClient) -> None:
        db = Database(address(house))
        try:
            for n, step in enumerate(steps):
                if step == "publish":
                    await publish(db, n)
                    await upkeep_of(app).answers.newest.see()
                    continue
                path, query, encoding, times = step
                asked = (
                    client.get(f"{path}?{query}", headers={"accept-encoding": encoding}) for _ in range(times)
                )
                replies = await asyncio.gather(*asked)
                plain = await ask(app._framework, path, query)
                for reply in replies:
                    assert (reply.status_code, reply.content) == (plain.status, plain.body)
                    assert ("etag" in reply.headers) == (reply.status_code == 200)
        finally:
            await db.close()

    ask_app(app, work)


async def read_on(app: Any, until: asyncio.Event, seen: list[tuple[int, int, int]]) -> None:
    """Ask again and again; notes (before, after, version), the instants as counts of all that was noted."""
    while not until.is_set():
        began = len(seen)
        if random.random() < 0.02:
            upkeep_of(app).answers.shelf.clear()  # as where room is short: the router is asked
        reply = await ask(app, "/api/v1/domains")
        assert reply.status == 200
        seen.append((began, len(seen), version_in(reply.body)))
        await asyncio.sleep(random.random() * 0.003)


def assert_never_back(seen: list[tuple[int, int, int]]) -> None:
    """What began after an answer had come is never of an older state."""
    newest = [0]
    for _, _, version in seen:
        newest.append(max(newest[-1], version))
    back = [(began, version) for began, _, version in seen if version < newest[began]]
    assert not back, back[:5]


def test_nobody_sees_an_older_state_after_a_newer_one(house: Settings, seed: int) -> None:
    random.seed(seed)
    app = app_of(house)
    seen: list[tuple[int, int, int]] = []

    async def work(_: httpx.AsyncClient) -> None:
        db, ended = Database(address(house)), asyncio.Event()
        await publish(db, 1000)
        counts, newest = upkeep_of(app).answers.counts, upkeep_of(app).answers.newest
        readers = [asyncio.create_task(read_on(app, ended, seen)) for _ in range(8)]
        last = 1000
        # a busy machine may take more publications until so many of them were seen
        while last < 1040 or len({version for _, _, version in seen}) < 10:
            enough = len(seen) + random.randrange(12)
            await asyncio.sleep(random.random() * 0.06)
            while len(seen) < enough:
                await asyncio.sleep(0.005)
            last += 1
            await publish(db, last)
        async with db.read() as conn:
            stored = await read_content(conn)
        while newest.content != stored:  # until the task that looks has seen the last of them
            await asyncio.sleep(0.01)
        began = len(seen)
        while sum(start > began for start, _, _ in seen) < 20 or counts["hits"] <= counts["made"]:
            await asyncio.sleep(0.01)
        ended.set()
        await asyncio.gather(*readers)
        await db.close()
        print(f"{len(seen)} answers over {last - 1000} publications: {counts}")
        assert {version for start, _, version in seen if start > began} == {last}

    ask_app(app, work)
    assert_never_back(seen)


def test_the_check_finds_a_step_back() -> None:
    assert_never_back([(0, 0, 1), (0, 1, 2), (0, 2, 1), (1, 3, 2)])
    with pytest.raises(AssertionError):
        assert_never_back([(0, 0, 1), (1, 1, 2), (2, 2, 1)])


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with start_redis() as server:
        yield server


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis is waited for, and nothing is warmed: a busy machine must not look like a fault."""
    monkeypatch.setattr("pacesetter.web.kept.answers.PATIENCE_S", PATIENT_S)
    monkeypatch.setattr(upkeep_module, "RedisCache", partial(RedisCache, deadline_s=PATIENT_S))
    monkeypatch.setattr(upkeep_module, "QUIET_S", 1e9)


@pytest.mark.usefixtures("patient")
def test_another_process_answers_from_redis(house: Settings, redis: RedisServer) -> None:
    first, second = (app_of(house, redis_url=redis.url) for _ in range(2))
    replies: list[httpx.Response] = []

    async def work(client: httpx.AsyncClient) -> None:
        app = first if not replies else second
        while upkeep_of(app).answers.redis is None:
            await asyncio.sleep(0.01)
        replies.append(await client.get(PATHS[1], headers={"accept-encoding": "gzip"}))
        answers = upkeep_of(app).answers
        while answers._tasks:
            await asyncio.sleep(0.01)
        assert answers.redis is not None
        assert (answers.counts["made"], answers.redis.counts["hits"]) == ((1, 0) if app is first else (0, 1))

    ask_app(first, work)
    ask_app(second, work)
    assert replies[0].content == replies[1].content
    assert replies[0].headers["etag"] == replies[1].headers["etag"]
    assert int(replies[1].headers["age"]) >= 0


async def names_in(redis: RedisServer) -> list[str]:
    plain = Redis.from_url(redis.url)
    names = [name.decode() for name in await plain.keys("*")]
    await plain.aclose()
    return names


@pytest.mark.usefixtures("patient")
def test_keys_contain_the_cycle(house: Settings, redis: RedisServer) -> None:
    app = app_of(house, redis_url=redis.url)

    async def work(client: httpx.AsyncClient) -> None:
        while upkeep_of(app).answers.redis is None:
            await asyncio.sleep(0.01)
        await client.get(PATHS[0])
        while upkeep_of(app).answers._tasks:
            await asyncio.sleep(0.01)
        content = upkeep_of(app).answers.newest.content
        assert content is not None and content.cycle != "none"
        names = await names_in(redis)
        assert any(f":{content.key}:leaderboard:" in name and content.cycle in name for name in names)
        assert all(re.fullmatch(r"pacesetter:\w+:[0-9a-f]{32}\.\d+\.\w+:\w+:\w+", name) for name in names)

    ask_app(app, work)


@pytest.mark.faults
@pytest.mark.parametrize("fault", ["none", "refused", "hung", "flapping", "flushed", "poisoned"])
def test_whatever_redis_does_answers_are_right(
    house: Settings, fault: str, seed: int, full_counts: bool, request: pytest.FixtureRequest
) -> None:
    """No kept answer in the process helps here (its room is 0): every request goes to Redis, or would."""
    if fault in ("none", "flushed", "poisoned"):  # Redis answers
        request.getfixturevalue("patient")
    draw, requests = random.Random(seed), 1000 if full_counts else 100
    took: dict[str, list[float]] = {"with": [], "without": []}

    with start_redis() as server:
        app = app_of(house, redis_url=server.url, cache_mb=0)

        async def spoil(n: int) -> None:
            if fault == "refused" and n == 5:
                server.stop()
            elif fault in ("hung", "flapping") and n % 20 == 5:
                server.freeze(n % 40 == 5 or fault == "hung")
            elif fault in ("flushed", "poisoned") and n % 5 == 0:
                plain = Redis.from_url(server.url)
                names = await plain.keys("*")
                if fault == "flushed":
                    await plain.flushall()
                for name, other in zip(names, names[1:] + names[:1], strict=True):
                    if fault == "poisoned" and draw.random() < 0.7:
                        value = bytearray(await plain.get(other if draw.random() < 0.5 else name) or b"?")
                        value[draw.randrange(len(value))] ^= draw.randrange(256)
                        await plain.set(name, bytes(value))
                await plain.aclose()

        async def work(client: httpx.AsyncClient) -> None:
            while upkeep_of(app).answers.redis is None:
                await asyncio.sleep(0.01)
            wrong = errors = 0
            for n in range(requests):
                await spoil(n)
                path = draw.choice(PATHS[:5])
                clock = asyncio.get_running_loop().time
                started = clock()
                reply = await client.get(path, headers={"accept-encoding": draw.choice(["gzip", ""])})
                took["with"].append(clock() - started)
                started = clock()
                plain = await ask(app._framework, path)
                took["without"].append(clock() - started)
                errors += reply.status_code != 200
                wrong += reply.content != plain.body
            counts = upkeep_of(app).answers.redis.counts  # type: ignore[union-attr]
            p99 = {
                name: round(sorted(times)[requests * 99 // 100 - 1] * 1e3, 1) for name, times in took.items()
            }
            print(f"{fault}: {errors} errors, {wrong} wrong of {requests}; p99 {p99} ms; {counts}")
            assert (errors, wrong) == (0, 0)
            assert counts["errors"] <= 2 * counts["opened"]  # a put may be under way beside a get
            if fault == "none":
                assert counts["hits"] > 60 and counts["errors"] == counts["opened"] == 0
            elif fault in ("refused", "hung", "flapping"):
                assert counts["opened"] >= 1
            elif fault == "poisoned":
                assert counts["foreign"] > 5
            if server.process is not None:
                server.freeze(False)

        ask_app(app, work)


def test_a_publication_is_warm_before_anybody_asks(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep_module, "QUIET_S", 0.05)
    app = app_of(house)

    async def warmed(paths: int) -> None:
        until = monotonic() + PATIENT_S
        while upkeep_of(app).warmed is None or len(upkeep_of(app).answers.shelf) != paths:
            assert monotonic() < until, upkeep_of(app).describe()
            await asyncio.sleep(0.01)

    async def work(client: httpx.AsyncClient) -> None:
        await warmed(14)  # boards, leaders, and each of 12 boards
        made = upkeep_of(app).answers.counts["made"]
        for path in PATHS[:4]:
            reply = await client.get(path, headers={"accept": "*/*", "accept-encoding": "gzip"})
            assert reply.status_code == 200
        assert upkeep_of(app).answers.counts["made"] == made
        upkeep_of(app).warmed = None
        db = Database(address(house))
        await publish(db, 5)
        await db.close()
        await warmed(14)
        status = (await client.get("/api/v1/cache/status")).json()
        assert status["process"]["entries"] == status["warmed"]["answers"] == status["warmed"]["of"] == 14
        assert status["cycle"] == status["warmed"]["cycle"] and status["redis"] is None
        assert (await client.post("/api/v1/cache/warm")).json()["answers"] == 14

    ask_app(app, work)


def test_metrics_count_and_name_nobody(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep_module, "QUIET_S", 1e9)  # nothing is warmed
    monkeypatch.setattr(upkeep_module, "RedisCache", partial(RedisCache, pause_s=1e9, longest_pause_s=1e9))
    app = app_of(house, EVENING + timedelta(hours=1), redis_url=f"redis://127.0.0.1:{free_port()}/0")

    async def work(client: httpx.AsyncClient) -> None:
        while upkeep_of(app).answers.redis is None:
            await asyncio.sleep(0.01)
        for _ in range(3):
            reply = await client.get("/api/v1/rankings/ev?top=2")
        await client.get("/api/v1/rankings/ev?top=2", headers={"if-none-match": reply.headers["etag"]})
        await client.get("/api/v1/rankings/private-name")
        await client.get("/no/such/path")
        answer = await client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
        board = 'method="GET",route="/api/v1/rankings/{board:path}"'
        assert lines[f'pacesetter_requests_total{{{board},status="200"}}'] == "3.0"
        assert lines[f'pacesetter_requests_total{{{board},status="304"}}'] == "1.0"
        assert lines[f"pacesetter_request_seconds_count{{{board}}}"] == "5.0"
        assert lines['pacesetter_cache_hits_total{tier="process"}'] == "3.0"
        assert lines["pacesetter_cache_not_modified_total"] == "1.0"
        assert lines["pacesetter_redis_breaker_open"] == lines["pacesetter_redis_errors_total"] == "1.0"
        assert lines["pacesetter_newest_cycle_age_seconds"] == "3597.0"  # the third of the cycles
        assert float(lines["pacesetter_cache_bytes"]) > 0 and lines["pacesetter_cache_entries"] == "1.0"
        labels = {name for line in lines for name in re.findall(r'(\w+)="', line)}
        assert labels <= {"route", "method", "status", "le", "tier"}
        assert "private-name" not in answer.text and "no/such" not in answer.text

    ask_app(app, work)
