"""Answers kept in Redis, for several processes: bounded in time, sealed, and never needed.

Whatever Redis does, a caller gets a value that this database's own servers stored under
that very key, or None, within ``DEADLINE_S``. After a failure nobody asks Redis any more
until one prober, in the background, found it answering.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable
from contextlib import suppress
from hashlib import blake2b
from time import monotonic
from typing import Any, Literal, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from pacesetter.kernel.errors import ConfigError
from pacesetter.store.database.engine import Database
from pacesetter.store.database.revisions import add_meta, get_meta

DEADLINE_S = 0.05
PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0  # so long without a failure, and the next pause is a short one again
CONNECTIONS = 16
LARGEST = 8 << 20  # bytes of a value; a larger one is not worth its way

MAGIC = b"pace1"
MAC_BYTES = 32
SECRET = "cache_secret"  # noqa: S105 - the name of the note that holds it

State = Literal["closed", "open"]
Value = TypeVar("Value")

log = logging.getLogger("pacesetter.cache")


def seal(secret: bytes, key: str, payload: bytes) -> bytes:
    """The payload behind a keyed BLAKE2b of it and of the key that it is stored under."""
    return MAGIC + _mac(secret, key, payload) + payload


def unseal(secret: bytes, key: str, value: bytes) -> bytes | None:
    """The payload; None for whatever was not sealed with this secret for this key."""
    start = len(MAGIC) + MAC_BYTES
    mac, payload = value[len(MAGIC) : start], value[start:]
    whole = value.startswith(MAGIC) and hmac.compare_digest(mac, _mac(secret, key, payload))
    return payload if whole else None


def _mac(secret: bytes, key: str, payload: bytes) -> bytes:
    name = key.encode()
    mac = blake2b(len(name).to_bytes(4, "big"), key=secret, digest_size=MAC_BYTES)
    mac.update(name)
    mac.update(payload)
    return mac.digest()


async def cache_secret(db: Database) -> bytes:
    """The database's own secret for sealing, made at the first call: 32 bytes."""
    async with db.read() as conn:
        found = await get_meta(conn, SECRET)
    if found is None:
        async with db.write(content=False) as conn:
            found = await add_meta(conn, SECRET, secrets.token_hex(32))
    return bytes.fromhex(found)


class RedisCache:
    """Values in Redis under keys of one database (whose ``secret`` it is).

    After a failure nobody asks for ``pause_s`` seconds; each further one doubles that, up to
    ``longest_pause_s``. ``ConfigError`` for an address that cannot be read. Nothing else raises.
    """

    def __init__(
        self,
        url: str,
        secret: bytes,
        *,
        deadline_s: float = DEADLINE_S,
        pause_s: float = PAUSE_S,
        longest_pause_s: float = LONGEST_PAUSE_S,
    ) -> None:
        try:
            pool = BlockingConnectionPool.from_url(
                url,
                max_connections=CONNECTIONS,
                timeout=deadline_s,
                protocol=2,
                driver_info=None,  # one round trip fewer at connecting
                retry=Retry(NoBackoff(), 0),
            )
        except (ValueError, TypeError):
            raise ConfigError(
                "the address of Redis cannot be read",
                where="PACESETTER_REDIS_URL",
                mend="write redis://user:password@host:6379/0",
            ) from None
        self._redis: Any = Redis(connection_pool=pool)
        self._pool = pool
        self._secret = secret
        self._prefix = f"pacesetter:{blake2b(secret, digest_size=8).hexdigest()}:"
        self._deadline_s = deadline_s
        self._first_pause_s = self._pause_s = pause_s
        self._longest_pause_s = longest_pause_s
        self._closed_at: float | None = None
        self._prober: asyncio.Task[None] | None = None
        self.state: State = "closed"
        self.counts = dict.fromkeys(
            ("hits", "misses", "foreign", "stored", "errors", "skipped", "opened", "probes"), 0
        )

    async def get(self, key: str) -> bytes | None:
        """The value; None when there is none, when it is not ours, and when Redis does not answer."""
        name = self._prefix + key
        found = await self._call(lambda: self._redis.getrange(name, 0, LARGEST))
        if not found:
            self.counts["misses"] += 1
            return None
        payload = unseal(self._secret, name, found)
        self.counts["foreign" if payload is None else "hits"] += 1
        return payload

    async def put(self, key: str, payload: bytes, ttl_s: float) -> bool:
        """Store a value for ``ttl_s`` seconds; whether Redis took it."""
        name, milliseconds = self._prefix + key, int(ttl_s * 1000)
        value = seal(self._secret, name, payload)
        if milliseconds <= 0 or len(value) > LARGEST:
            return False
        stored = bool(await self._call(lambda: self._redis.set(name, value, px=milliseconds)))
        self.counts["stored"] += stored
        return stored

    async def ping(self) -> bool:
        """Whether Redis answers; the breaker is asked first, as for every call."""
        return bool(await self._call(lambda: self._redis.ping()))

    async def close(self) -> None:
        """Give the connections back."""
        if self._prober is not None:
            self._prober.cancel()
            self._prober = None
        with suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(self._deadline_s):
                await self._redis.aclose()
                await self._pool.disconnect()

    async def _call(self, ask: Any) -> Any:
        if self.state == "open":
            self.counts["skipped"] += 1
            return None
        try:
            return await self._in_time(ask())
        except ResponseError as error:  # it answers, only not with what was asked for
            self.counts["errors"] += 1
            log.warning("Redis refuses: %s", error)
        except (RedisError, OSError, TimeoutError, ValueError) as error:
            self.counts["errors"] += 1
            self._open(error)
        return None

    async def _in_time(self, asked: Awaitable[Value]) -> Value:
        async with asyncio.timeout(self._deadline_s):
            return await asked

    def _open(self, error: Exception) -> None:
        """Stop asking; the next pause is longer unless Redis had been well for a while."""
        if self.state == "open":  # a call of the same moment was first
            return
        now = monotonic()
        steady = self._closed_at is None or now - self._closed_at > STEADY_S
        self._pause_s = self._first_pause_s if steady else self._longer_pause_s()
        self.state = "open"
        self.counts["opened"] += 1
        log.warning("Redis does not answer (%s): answers are made without it", type(error).__name__)
        self._prober = asyncio.create_task(self._probe())

    def _longer_pause_s(self) -> float:
        return min(2 * self._pause_s, self._longest_pause_s)

    async def _probe(self) -> None:
        """Ask again after each pause, alone, until there is an answer."""
        while True:
            await asyncio.sleep(self._pause_s)
            self.counts["probes"] += 1
            try:
                await self._in_time(self._redis.ping())
            except (RedisError, OSError, TimeoutError, ValueError):
                self._pause_s = self._longer_pause_s()
                continue
            self._closed_at = monotonic()
            self.state, self._prober = "closed", None
            log.warning("Redis answers again")
            return
