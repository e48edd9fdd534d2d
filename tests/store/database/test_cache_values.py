"""Values in Redis: what comes back is what this database stored under that very key, or nothing."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest
from redis.asyncio import Redis

from pacesetter.kernel.errors import ConfigError
from pacesetter.store.database.cache import LARGEST, RedisCache, cache_secret, seal, unseal
from pacesetter.store.database.content import read_content
from pacesetter.store.database.engine import Database
from tests.servers import RedisServer, start_redis
from tests.store.database.caches import PATIENT_S, SECRET, with_cache


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with start_redis() as running:
        yield running


def test_up(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.ping()
        assert await cache.get("a") is None
        assert await cache.put("a", b"\x00one\n", 60) and await cache.get("a") == b"\x00one\n"
        assert await cache.put("b", b"", 60) and await cache.get("b") == b""
        assert not await cache.put("c", b"dead already", 0) and await cache.get("c") is None
        assert not await cache.put("d", bytes(LARGEST), 60)
        counts = cache.counts
        assert (counts["hits"], counts["misses"], counts["stored"], counts["errors"]) == (2, 2, 2, 0)

    with_cache(server.url, work, deadline_s=PATIENT_S)


def test_values_die_when_they_are_told_to(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.put("long", b"1", 600)
        plain = Redis.from_url(server.url)
        (name,) = await plain.keys("*")
        assert 500_000 < await plain.pttl(name) <= 600_000
        await plain.aclose()
        assert await cache.put("short", b"2", 0.05)
        await asyncio.sleep(0.1)
        assert await cache.get("short") is None and await cache.get("long") == b"1"

    with_cache(server.url, work, deadline_s=PATIENT_S)


def test_many_at_once_share_the_connections(server: RedisServer) -> None:
    async def work(cache: RedisCache) -> None:
        assert await cache.ping()
        await cache.put("k", b"v" * 2000, 60)
        for _ in range(10):
            assert await asyncio.gather(*(cache.get("k") for _ in range(16))) == [b"v" * 2000] * 16

    with_cache(server.url, work, deadline_s=PATIENT_S)


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

    with_cache(server.url, work, deadline_s=PATIENT_S)


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
        await asyncio.to_thread(with_cache, server.url, other, secret=b"t" * 32, deadline_s=PATIENT_S)
        assert await cache.get("a") == b"ours"

    with_cache(server.url, work, deadline_s=PATIENT_S)


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
