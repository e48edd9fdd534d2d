"""Where answers are made and kept: the process's shelf, Redis behind it, one maker per answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from pacesetter import __version__
from pacesetter.kernel.errors import PacesetterError
from pacesetter.store.database.cache import RedisCache
from pacesetter.store.database.content import Content
from pacesetter.web.kept.answer import Answer, Headers, make_answer, may_keep, pack, unpack
from pacesetter.web.kept.kept import Found, Kept
from pacesetter.web.kept.newest import Newest
from pacesetter.web.kept.shelf import Key, Shelf

TRIES = 5  # when the content moves while an answer is made, it is made again
LARGE = 64 << 10  # bytes that are compressed beside the event loop
WAITING = 64  # calls of Redis that may be under way
PATIENCE_S = 0.01  # so long a request waits for Redis before its answer is made anyway
LEFT_OUT = frozenset({b"accept", b"accept-encoding", b"authorization", b"cookie", b"if-none-match", b"range"})

log = logging.getLogger("pacesetter.cache")


@dataclass(frozen=True)
class Made:
    """What the application said. ``content_key`` is None when the content moved meanwhile;
    ``answer`` is None for what is no success and for what must not be kept."""

    content_key: str | None
    status: int
    headers: Headers
    body: bytes
    answer: Answer | None = None


class Answers:
    """Kept answers of one process. ``now`` tells seconds since 1970 by the application's clock."""

    def __init__(
        self,
        read: Callable[[], Awaitable[Content]],
        *,
        limit_bytes: int,
        now: Callable[[], float],
        redis: RedisCache | None = None,
    ) -> None:
        self.newest = Newest(read)
        self.newest.watchers.append(self._clear)
        self.shelf = Shelf(limit_bytes)
        self.now = now
        self.redis = redis
        self.front: ASGIApp | None = None  # the layer that answers from here
        self.flights: dict[tuple[str, Key], asyncio.Task[Made]] = {}
        self.counts = dict.fromkeys(
            ("hits", "not_modified", "misses", "stale", "waits", "made", "moved", "dropped"), 0
        )
        self._tasks: set[asyncio.Task[Any]] = set()
        self._late: set[asyncio.Task[Any]] = set()

    def _clear(self) -> None:
        self.counts["stale"] += len(self.shelf)
        self.shelf.clear()

    def holds(self, answer: Answer) -> bool:
        """Whether an answer may be given now without asking anybody."""
        content = self.newest.content
        return content is not None and monotonic() < self.newest.trusted_until and self.is_of(answer, content)

    def is_of(self, answer: Answer, content: Content) -> bool:
        """Whether an answer says what a state of the content says, and is not too old."""
        return answer.content_key == content.key and answer.dies_at > self.now()

    async def find(self, app: ASGIApp, scope: Scope, route: Found, rule: Kept, key: Key) -> Made | Answer:
        """The answer for the newest content, from wherever it is had first.

        ``DatabaseUnreachable`` and the like when the state of the content cannot be read.
        """
        made: Made | None = None
        for _ in range(TRIES):
            before = await self.newest.recall()
            held = self.shelf.get(key)
            if held is not None and before == self.newest.content and self.is_of(held, before):
                self.counts["hits"] += 1  # also while the state is doubted: it was asked for just now
                return held
            make = partial(self._make, app, scope, route, rule, key, before)
            made = await self._share((before.key, key), make)
            content = self.newest.content
            if made.content_key is not None and content is not None and made.content_key == content.key:
                return made.answer or made
            self.counts["moved"] += 1
        assert made is not None  # noqa: S101
        return made  # written to all the time; no older than this request, and not kept

    async def _share(self, flight: tuple[str, Key], make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """One maker for all who ask the same at the same time; it outlives those who give up."""
        task = self.flights.get(flight)
        if task is None:
            self.counts["misses"] += 1
            task = self.flights[flight] = asyncio.create_task(make())
            task.add_done_callback(lambda done: self._landed(flight, done))
        else:
            self.counts["waits"] += 1
        return await asyncio.shield(task)

    def _landed(self, flight: tuple[str, Key], task: asyncio.Task[Made]) -> None:
        self.flights.pop(flight, None)
        if not task.cancelled():
            task.exception()  # whoever still waits raises it; nobody may be left

    async def _make(
        self, app: ASGIApp, scope: Scope, route: Found, rule: Kept, key: Key, before: Content
    ) -> Made:
        name = redis_key(before, rule, key)
        if self.redis is not None and not self._late:
            payload = await self._soon(self.redis.get(name))
            found = None if payload is None else unpack(payload)
            if found is not None and found.content_key == before.key and found.dies_at > self.now():
                self._keep(key, found, route)
                return Made(before.key, 200, [], b"", found)
        made_at = self.now()
        status, headers, body = await collect(app, scope, accept=key[2])
        self.counts["made"] += 1
        after = await self.newest.see()
        at = before.key if after == before else None
        if not may_keep(status, headers):
            return Made(at, status, headers, body)
        parts = (before.key, made_at, rule.ttl_s, headers, body)
        answer = await asyncio.to_thread(make_answer, *parts) if len(body) >= LARGE else make_answer(*parts)
        if at is not None and answer.dies_at > self.now():
            self._keep(key, answer, route)
            self._put_later(name, answer)
        return Made(at, status, headers, body, answer)

    async def _soon(self, asked: Coroutine[Any, Any, bytes | None]) -> bytes | None:
        """What Redis has, if it says so at once: its deadline bounds the call, not the request."""
        task = asyncio.create_task(asked)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait({task}, timeout=PATIENCE_S)
        if task.done():
            return task.result()
        self._late.add(task)  # as long as one is late, nobody else asks
        task.add_done_callback(self._late.discard)
        return None

    def _keep(self, key: Key, answer: Answer, route: Found) -> None:
        content = self.newest.content
        if content is not None and content.key == answer.content_key:
            self.shelf.put(key, answer, route.template)

    def _put_later(self, name: str, answer: Answer) -> None:
        """Hand an answer to Redis without anybody waiting for that."""
        if self.redis is None or self._late:
            return
        if len(self._tasks) >= WAITING:
            self.counts["dropped"] += 1
            return
        task = asyncio.create_task(self.redis.put(name, pack(answer), answer.dies_at - self.now()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for nobody; what is kept in the process stays."""
        tasks = [*self._tasks, *self.flights.values()]
        for task in tasks:
            task.cancel()
        with suppress(PacesetterError):
            await asyncio.gather(*tasks, return_exceptions=True)
        self.flights.clear()
        if self.redis is not None:
            await self.redis.close()
            self.redis = None


def redis_key(content: Content, rule: Kept, key: Key) -> str:
    """The name of an answer for other processes of the same version; contains the cycle's id."""
    digest = blake2b(repr((__version__, key)).encode(), digest_size=16).hexdigest()
    return f"{content.key}:{rule.kind}:{digest}"


async def collect(app: ASGIApp, scope: Scope, *, accept: bytes) -> tuple[int, Headers, bytes]:
    """Ask the application for everybody: without what belongs to one person's request."""
    status, headers, body = 500, list[tuple[bytes, bytes]](), bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], [(bytes(n), bytes(v)) for n, v in message["headers"]]
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    asked = [pair for pair in scope["headers"] if pair[0] not in LEFT_OUT]
    asked += [(b"accept", accept)] if accept else []
    state = dict(scope.get("state", {}))
    await app({**scope, "method": "GET", "headers": asked, "state": state}, receive, send)
    return status, headers, bytes(body)
