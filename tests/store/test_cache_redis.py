"""Redis behind a deadline and a breaker: real servers that are up, gone, hung, slow, flapping and lying."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from redis.asyncio import Redis

from pacesetter.kernel.errors import ConfigError
from pacesetter.store.cache import DEADLINE_S, LARGEST, RedisCache, cache_secret, seal, unseal
from pacesetter.store.content import read_content
from pacesetter.store.engine import Database
from tests.servers import RedisServer, free_port, start_redis

SECRET = b"s" * 32
LOOSE_S = 0.5  # far above the deadline, far below what a plain client hangs for


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with start_redis() as running:
        yield running


def with_cache(url: str, work: Callable[[RedisCache], Awaitable[Any]], **options: Any) -> Any:
    async def main() -> Any:
        cache = RedisCache(url, options.pop("secret", SECRET), **options)
        try:
            return await work(cache)
        finally:
            await cache.close()

    return asyncio.run(main())


async def timed(call: Awaitable[Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return await call, time.monotonic() - started


async def wait_until_closed(cache: RedisCache) -> None:
    for _ in range(500):
        if cache.state == "closed":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the breaker never closed")


def test_up(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.ping()
        assert await cache.get("a") is None
        assert await cache.put("a", b"\x00one\n", 60) and await cache.get("a") == b"\x00one\n"
        assert await cache.put("b", b"", 60) and await cache.get("b") == b""
        assert not await cache.put("c", b"dead already", 0) and await cache.get("c") is None
        assert not await cache.put("d", bytes(LARGEST), 60)
        assert await cache.put("e", b"short", 0.05) and await cache.get("e") == b"short"
        await asyncio.sleep(0.1)
        assert await cache.get("e") is None
        counts = cache.counts
        assert (counts["hits"], counts["misses"], counts["stored"], counts["errors"]) == (3, 3, 3, 0)

    with_cache(server.url, work)


def test_many_at_once_share_the_connections(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.ping()
        await cache.put("k", b"v" * 2000, 60)
        for _ in range(10):
            assert await asyncio.gather(*(cache.get("k") for _ in range(16))) == [b"v" * 2000] * 16

    with_cache(server.url, work)


def test_refused() -> None:
    async def work(cache: RedisCache) -> None:
        for _ in range(50):
            found, took = await timed(cache.get("a"))
            assert found is None and took < LOOSE_S
        assert not await cache.put("a", b"1", 60) and not await cache.ping()
        assert (cache.state, cache.counts["opened"], cache.counts["errors"]) == ("open", 1, 1)
        assert cache.counts["skipped"] == 51

    with_cache(f"redis://127.0.0.1:{free_port()}/0", work, pause_s=60)


def test_hung_costs_one_deadline(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.put("a", b"1", 60)
        server.freeze()
        times = [await timed(cache.get("a")) for _ in range(200)]
        assert all(found is None for found, _ in times)
        slow = [took for _, took in times if took > DEADLINE_S / 2]
        print(f"hung: slow calls {slow}, the others at most {sorted(t for _, t in times)[-2] * 1e3:.2f} ms")
        assert len(slow) == 1 and slow[0] < LOOSE_S
        assert (cache.state, cache.counts["errors"], cache.counts["opened"]) == ("open", 1, 1)
        server.freeze(False)
        await wait_until_closed(cache)
        assert await cache.get("a") == b"1"

    with_cache(server.url, work, pause_s=0.2)


def test_a_hung_connection_that_wakes_gives_nobody_a_late_answer(server: RedisServer) -> None:
    """Answers that come after their deadline must not be taken for those of later questions."""

    async def work(cache: RedisCache) -> None:
        keys = [f"k{n}" for n in range(12)]
        for key in keys:
            assert await cache.put(key, key.encode(), 60)
        for _ in range(5):
            server.freeze()
            late = await asyncio.gather(*(cache.get(key) for key in keys))
            assert set(late) <= {None, *(key.encode() for key in keys)}
            server.freeze(False)
            await wait_until_closed(cache)
            found = await asyncio.gather(*(cache.get(key) for key in keys))
            assert found == [key.encode() for key in keys]
        assert cache.counts["foreign"] == 0

    with_cache(server.url, work, pause_s=0.05)


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
            cache = RedisCache(f"redis://127.0.0.1:{port}/0", SECRET, pause_s=0.1)
            times = []
            for _ in range(100):
                found, took = await timed(cache.get("a"))
                assert found is None
                times.append(took)
                await asyncio.sleep(0.01)
            slow = [took for took in times if took > DEADLINE_S / 2]
            print(f"slow: {len(slow)} of 100 calls waited, {cache.counts}")
            assert len(slow) == cache.counts["opened"] == 1 and cache.counts["probes"] >= 1
            await cache.close()

    asyncio.run(main())


def test_flapping_costs_one_call_a_period(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        times = []
        for _ in range(4):
            assert await cache.put("a", b"1", 60)
            server.freeze()
            times += [await timed(cache.get("a")) for _ in range(50)]
            server.freeze(False)
            await wait_until_closed(cache)
        slow = [took for _, took in times if took > DEADLINE_S / 2]
        assert len(slow) <= cache.counts["opened"] == 4
        assert cache.counts["errors"] == 4  # probes are nobody's calls

    with_cache(server.url, work, pause_s=0.05)


def test_pauses_grow_while_it_flaps() -> None:
    async def work(cache: RedisCache) -> None:
        await cache.get("a")
        await asyncio.sleep(0.5)
        assert cache.state == "open" and 2 <= cache.counts["probes"] <= 5  # 0.02, 0.04, 0.08, 0.16 s ...
        assert cache.counts["errors"] == 1

    with_cache(f"redis://127.0.0.1:{free_port()}/0", work, pause_s=0.02)


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

    with_cache(server.url, work, pause_s=0.05)


def test_poisoned_values_are_misses(server: RedisServer, seed: int) -> None:
    draw = random.Random(seed)

    async def work(cache: RedisCache) -> None:
        plain = Redis.from_url(server.url)
        for n in range(60):
            assert await cache.put(f"k{n}", draw.randbytes(draw.randrange(1, 400)), 600)
        names = sorted(await plain.keys("*"))
        values = {name: await plain.get(name) for name in names}
        spoilt: dict[bytes, bytes] = {}
        for name, other in zip(names, names[1:] + names[:1], strict=True):
            value, place = bytearray(values[name]), draw.randrange(len(values[name]))
            match draw.randrange(5):
                case 0:
                    value[place] ^= draw.randrange(1, 256)
                case 1:
                    value = value[:place]
                case 2:
                    value += b"more"
                case 3:
                    value = bytearray(values[other])  # whole and sealed, for another key
                case 4:
                    value = bytearray(seal(b"x" * 32, name.decode(), b"another house's"))
            spoilt[name] = bytes(value)
            await plain.set(name, spoilt[name])
        for n in range(60):
            assert await cache.get(f"k{n}") is None
        await plain.delete(names[0])
        await plain.lpush(names[0], "a list")
        kept = [await cache.get(f"k{n}") for n in range(60)]
        assert kept == [None] * 60 and cache.state == "closed"
        await plain.aclose()

    with_cache(server.url, work)


def test_a_seal_binds_secret_key_and_payload() -> None:
    sealed = seal(SECRET, "k", b"payload")
    assert unseal(SECRET, "k", sealed) == b"payload"
    assert unseal(SECRET, "kp", seal(SECRET, "k", b"payload")) is None
    assert unseal(b"t" * 32, "k", sealed) is None
    for place in range(len(sealed)):
        broken = bytearray(sealed)
        broken[place] ^= 1
        assert unseal(SECRET, "k", bytes(broken)) is None
        assert unseal(SECRET, "k", sealed[:place]) is None


def test_two_databases_share_a_redis_without_meeting(server: RedisServer) -> None:
    async def other(cache: RedisCache) -> None:
        assert await cache.get("a") is None and cache.counts["foreign"] == 0
        assert await cache.put("a", b"theirs", 60)

    async def work(cache: RedisCache) -> None:
        assert await cache.put("a", b"ours", 60)
        await asyncio.to_thread(with_cache, server.url, other, secret=b"t" * 32)
        assert await cache.get("a") == b"ours"

    with_cache(server.url, work)


@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1:6379", "redis://127.0.0.1:port/0"])
def test_an_address_that_cannot_be_read(url: str) -> None:
    with pytest.raises(ConfigError, match="PACESETTER_REDIS_URL"):
        RedisCache(url, SECRET)


def test_the_secret_is_made_once(with_database: Any) -> None:
    async def work(db: Database) -> None:
        async with db.read() as conn:
            before = await read_content(conn)
        made = await asyncio.gather(*(cache_secret(db) for _ in range(4)))
        assert len(set(made)) == 1 and len(made[0]) == 32
        assert await cache_secret(db) == made[0]
        async with db.read() as conn:
            assert await read_content(conn) == before  # nobody reads other answers for that

    with_database(work)
