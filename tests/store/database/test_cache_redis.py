"""Redis behind a deadline and a breaker: real servers that are up, gone, hung, slow, flapping and lying."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from pacesetter.store.database.cache import DEADLINE_S, RedisCache
from tests.servers import RedisServer, free_port, start_redis
from tests.store.database.caches import PATIENT_S, SECRET, impatient, with_cache

LOOSE_S = 10.0  # far above the deadline, far below what a plain client hangs for
QUICK = {"pause_s": 0.05, "longest_pause_s": 0.2}


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with start_redis() as running:
        yield running


async def timed(call: Awaitable[Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return await call, time.monotonic() - started


async def wait_until_closed(cache: RedisCache) -> None:
    async with asyncio.timeout(PATIENT_S):
        while cache.state != "closed":
            await asyncio.sleep(0.02)


def test_refused() -> None:
    async def work(cache: RedisCache) -> None:
        for _ in range(50):
            found, took = await timed(cache.get("a"))
            assert found is None and took < LOOSE_S
        assert not await cache.put("a", b"1", 60) and not await cache.ping()
        assert (cache.state, cache.counts["opened"], cache.counts["errors"]) == ("open", 1, 1)
        assert cache.counts["skipped"] == 51

    with_cache(f"redis://127.0.0.1:{free_port()}/0", work, pause_s=60)


def judge_waits(cache: RedisCache, times: list[float], opened: int) -> None:
    """Each opening of the breaker cost one call its deadline, and the others nothing."""
    waited = [took for took in times if took > DEADLINE_S / 2]
    print(f"{len(waited)} of {len(times)} calls took more than {DEADLINE_S / 2} s; {cache.counts}")
    assert cache.counts["opened"] == cache.counts["errors"] == opened  # probes are nobody's calls
    assert cache.counts["skipped"] == len(times) - opened
    assert sorted(times)[len(times) * 9 // 10] < DEADLINE_S / 2 and max(times) < LOOSE_S


def test_hung_costs_one_deadline(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.put("a", b"1", 60)
        server.freeze()
        with impatient(cache):
            times = [await timed(cache.get("a")) for _ in range(200)]
        assert all(found is None for found, _ in times)
        judge_waits(cache, [took for _, took in times], 1)
        assert cache.state == "open"
        server.freeze(False)
        await wait_until_closed(cache)
        assert await cache.get("a") == b"1"

    with_cache(server.url, work, **QUICK, deadline_s=PATIENT_S)


def test_the_deadline_is_short_unless_another_is_asked_for(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        server.freeze()
        found, took = await timed(cache.get("a"))
        assert found is None and DEADLINE_S * 0.9 < took < LOOSE_S

    with_cache(server.url, work)


def test_a_hung_connection_that_wakes_gives_nobody_a_late_answer(server: RedisServer) -> None:
    """Answers that come after their deadline must not be taken for those of later questions."""
    keys = [f"k{n}" for n in range(12)]

    async def ask_all(cache: RedisCache) -> bool:
        found = await asyncio.gather(*(cache.get(key) for key in keys))
        assert all(value in (None, key.encode()) for key, value in zip(keys, found, strict=True)), found
        assert cache.counts["foreign"] == 0, "an answer to another question came, and only the seal told"
        return None not in found

    async def work(cache: RedisCache) -> None:
        for key in keys:
            assert await cache.put(key, key.encode(), 600)
        for _ in range(5):
            server.freeze()
            with impatient(cache, DEADLINE_S):
                assert not await ask_all(cache)
            server.freeze(False)
            await wait_until_closed(cache)
            assert await ask_all(cache)
        assert cache.counts["opened"] == 5

    with_cache(server.url, work, **QUICK, deadline_s=PATIENT_S)


@asynccontextmanager
async def slow_proxy(port: int, delay_s: float) -> AsyncIterator[int]:
    """A server in front of another one that hands every block on late."""
    tasks: set[asyncio.Task[None]] = set()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(65536):
            await asyncio.sleep(delay_s)
            writer.write(block)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        for ends in ((reader, inner_writer), (inner_reader, writer)):
            task = asyncio.create_task(pipe(*ends))
            tasks.add(task)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_slow_is_left_alone(server: RedisServer) -> None:
    async def main() -> None:
        async with slow_proxy(server.port, 0.2) as port:
            cache = RedisCache(f"redis://127.0.0.1:{port}/0", SECRET, pause_s=0.1, longest_pause_s=0.2)
            times = []
            for _ in range(100):
                found, took = await timed(cache.get("a"))
                assert found is None
                times.append(took)
                await asyncio.sleep(0.01)
            judge_waits(cache, times, 1)
            assert cache.counts["probes"] >= 1
            await cache.close()

    asyncio.run(main())


def test_flapping_costs_one_call_a_period(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        times = []
        for _ in range(4):
            assert await cache.put("a", b"1", 60)
            server.freeze()
            with impatient(cache):
                times += [await timed(cache.get("a")) for _ in range(50)]
            server.freeze(False)
            await wait_until_closed(cache)
        judge_waits(cache, [took for _, took in times], 4)

    with_cache(server.url, work, **QUICK, deadline_s=PATIENT_S)


@pytest.mark.parametrize(
    ("options", "pauses_s"),
    [
        ({}, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]),
        ({"pause_s": 0.02, "longest_pause_s": 0.1}, [0.02, 0.04, 0.08, 0.1, 0.1]),
    ],
)
def test_pauses_grow_while_it_is_away(
    options: dict[str, float], pauses_s: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept_s: list[float] = []
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept_s.append(seconds)
        if len(slept_s) >= len(pauses_s):
            enough.set()
            await asyncio.Event().wait()

    async def work(cache: RedisCache) -> None:
        monkeypatch.setattr("pacesetter.store.database.cache.asyncio.sleep", sleep)
        assert await cache.get("a") is None
        async with asyncio.timeout(PATIENT_S):
            await enough.wait()
        assert slept_s == pauses_s and cache.state == "open"
        assert (cache.counts["errors"], cache.counts["probes"]) == (1, len(pauses_s) - 1)

    with_cache(f"redis://127.0.0.1:{free_port()}/0", work, **options)


def test_pauses_go_on_growing_while_it_flaps(server: RedisServer) -> None:
    """Answering once in between is not being well."""

    async def work(cache: RedisCache) -> None:
        pauses_s = []
        for _ in range(4):
            server.stop()
            assert await cache.get("a") is None
            pauses_s.append(cache._pause_s)
            server.start()
            await wait_until_closed(cache)
        assert pauses_s[0] == 0.02 and pauses_s == sorted(pauses_s) and pauses_s[-1] == 0.1

    with_cache(server.url, work, pause_s=0.02, longest_pause_s=0.1, deadline_s=PATIENT_S)


def test_restarted_and_flushed(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.put("a", b"1", 60)
        server.stop()
        assert await cache.get("a") is None and cache.state == "open"
        server.start()
        await wait_until_closed(cache)
        assert await cache.get("a") is None  # it came back empty
        assert await cache.put("a", b"2", 60) and await cache.get("a") == b"2"
        plain = Redis.from_url(server.url)
        await plain.flushall()
        await plain.aclose()
        assert await cache.get("a") is None and cache.state == "closed"

    with_cache(server.url, work, **QUICK, deadline_s=PATIENT_S)
