"""What goes on behind kept answers: looking for newer content, opening Redis, warming."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from time import monotonic, time
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.types import Scope

from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings
from pacesetter.store.database.cache import RedisCache, cache_secret
from pacesetter.store.database.content import Content, read_content
from pacesetter.store.symbols.domains import list_domains
from pacesetter.web.auth.principal import OPEN
from pacesetter.web.kept.answers import Answers, collect
from pacesetter.web.traffic import Traffic
from pacesetter.web.workspace import OpenWorkspace

LOOK_EVERY_S = 0.25
QUIET_S = 1.0  # a publication is followed by smaller changes: warming waits until they are over
WARMED = ("/domains", "/rankings")  # and every board

log = logging.getLogger("pacesetter.cache")


class Upkeep:
    """The answers of an application, and the task that looks after them while it runs."""

    def __init__(
        self, settings: Settings, holder: OpenWorkspace, *, prefix: str, clock: Clock | None = None
    ) -> None:
        if settings.redis_url is not None:
            RedisCache(settings.redis_url, b"")  # an address that cannot be read is said at the start
        self.settings = settings
        self.holder = holder
        self.prefix = prefix
        self.traffic = Traffic()
        now = time if clock is None else lambda: clock.now().timestamp()
        self.answers = Answers(self._read, limit_bytes=settings.cache_mb << 20, now=now)
        self.warmed: dict[str, Any] | None = None  # what was warmed last
        self.app: FastAPI | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._warming = asyncio.Lock()

    async def _read(self) -> Content:
        ws = await self.holder.get()
        async with ws.db.read() as conn:
            return await read_content(conn)

    def start(self, app: FastAPI) -> None:
        """Begin to look."""
        self.app, self._ended, self._warming = app, asyncio.Event(), asyncio.Lock()
        self._task = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """End the task, in the middle of nothing if it can."""
        self._ended.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=1.0)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self.answers.close()

    async def _look(self) -> None:
        moved_at, seen, warmed = 0.0, None, None
        while not self._ended.is_set():
            try:
                await self._open_redis()
                content = await self.answers.newest.see()
                if content != seen:
                    seen, moved_at = content, monotonic()
                if seen != warmed and monotonic() - moved_at >= QUIET_S:
                    warmed = seen
                    await self.warm()
            except PacesetterError:
                self.answers.newest.doubt()
            except Exception:
                self.answers.newest.doubt()
                log.exception("looking for newer content failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), LOOK_EVERY_S)

    async def _open_redis(self) -> None:
        """The second tier, as soon as the database can tell its secret."""
        if self.settings.redis_url is None or self.answers.redis is not None:
            return
        ws = await self.holder.get()
        self.answers.redis = RedisCache(self.settings.redis_url, await cache_secret(ws.db))

    async def warm(self) -> dict[str, Any]:
        """Ask for what is asked for most, one after the other, behind those who really ask."""
        async with self._warming:
            started, asked = monotonic(), 0
            ws = await self.holder.get()
            async with ws.db.read() as conn:
                slugs = [row.slug for row in await list_domains(conn)]
            paths = [*WARMED, *(f"/rankings/{slug}" for slug in slugs)]
            for path in paths:
                if self.answers.flights:
                    await asyncio.wait(set(self.answers.flights.values()))
                if self._ended.is_set() or self.app is None or self.answers.front is None:
                    break
                scope = scope_for(self.prefix + path, self.app)
                status, _, _ = await collect(self.answers.front, scope, accept=b"")
                asked += status == 200
            content = self.answers.newest.content
            self.warmed = {
                "answers": asked,
                "of": len(paths),
                "took_s": round(monotonic() - started, 3),
                "cycle": None if content is None else content.cycle,
            }
            return self.warmed

    def describe(self) -> dict[str, Any]:
        """The state of every tier, for people."""
        answers = self.answers
        content, redis = answers.newest.content, answers.redis
        return {
            "cycle": None if content is None else content.cycle,
            "version": None if content is None else content.version,
            "process": {
                "entries": len(answers.shelf),
                "bytes": answers.shelf.bytes,
                "limit_bytes": answers.shelf.limit_bytes,
                "evicted": answers.shelf.evicted,
                **answers.counts,
            },
            "redis": None if redis is None else {"state": redis.state, **redis.counts},
            "warmed": self.warmed,
        }


def scope_for(path: str, app: FastAPI) -> Scope:
    """A request of the server to itself, by somebody who may read and nothing else."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": None,
        "server": None,
        "principal": OPEN,
        "app": app,
        "state": {},
    }
