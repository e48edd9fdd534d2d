"""A small application behind the layer, whose content, clock and routes a test holds in its hands."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from fastapi import Request, Response
from starlette.types import ASGIApp, Scope

from pacesetter.store.database.content import Content
from pacesetter.web.auth.principal import OPEN, Principal
from pacesetter.web.described.application import Application
from pacesetter.web.kept.answers import Answers
from pacesetter.web.kept.cached import Cached
from pacesetter.web.kept.kept import kept
from pacesetter.web.traffic import Traffic

NOON = 1_753_358_400.0  # 2025-07-24 12:00 UTC
PADDING = "x" * 2000


class Reply:
    """What came back."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.decode(): value.decode() for name, value in headers}
        assert len(self.headers) == len(headers), "a header stands twice"


async def ask(
    app: ASGIApp, path: str, query: str = "", *, method: str = "GET", who: Any = OPEN, **headers: str
) -> Reply:
    """One request at the ASGI level; header names with underscores."""
    messages: list[Any] = []
    names = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"127.0.0.1"), *names],
        "principal": who,
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Reply(messages[0]["status"], list(messages[0]["headers"]), body)


class House:
    """The content is ``content``, the clock stands at ``at``; ``calls`` counts what routes did."""

    def __init__(self, *, limit_bytes: int = 1 << 20) -> None:
        self.content = Content(1, "a", "c1")
        self.at = NOON
        self.fresh_until: str | None = None
        self.calls: Counter[str] = Counter()
        self.pause = asyncio.Event()
        self.pause.set()
        self.reading: Callable[[], Awaitable[None]] | None = None
        self.status, self.headers, self.error = 200, dict[str, str](), None
        self.answers = Answers(self.read, limit_bytes=limit_bytes, now=lambda: self.at)
        self.traffic = Traffic()
        self.app = Application()
        self.app.get("/thing")(self.thing)
        self.app.get("/series/{name}")(self.series)
        self.app.get("/table")(self.table)
        self.app.get("/mine")(self.mine)
        self.app.put_in_front(partial(Cached, answers=self.answers, traffic=self.traffic))

    async def read(self) -> Content:
        """The state, as a transaction of this moment would read it."""
        content = self.content
        if self.reading is not None:
            await self.reading()
        return content

    def publish(self, **more: Any) -> None:
        """A new state, which nobody is told of."""
        version = self.content.version + 1
        self.content = Content(version, str(version), more.get("cycle", f"c{version}"))

    @kept("leaderboard")
    async def thing(self, request: Request) -> Response:
        """Says of which state it is."""
        return await self.say(request)

    @kept("series")
    async def series(self, request: Request) -> Response:
        """The same, for longer."""
        return await self.say(request)

    @kept("detail", by_accept=True)
    async def table(self, request: Request) -> Response:
        """The same, and it reads Accept."""
        return await self.say(request)

    async def say(self, request: Request) -> Response:
        """The version at the beginning, as a transaction would read it."""
        self.calls[request.url.path] += 1
        version = self.content.version
        await self.pause.wait()
        if self.error is not None:
            raise self.error
        body = {
            "version": version,
            "path": request.url.path,
            "query": request.url.query,
            "accept": request.headers.get("accept"),
            "padding": PADDING,
        }
        if self.fresh_until is not None:
            body["fresh_until"] = self.fresh_until
        return Response(orjson.dumps(body), self.status, self.headers, "application/json")

    async def mine(self, request: Request) -> Response:
        """Differs from person to person."""
        self.calls["/mine"] += 1
        who: Principal = request.scope["principal"]
        return Response(orjson.dumps({"name": who.name}), media_type="application/json")

    async def ask(self, path: str = "/thing", query: str = "", **more: Any) -> Reply:
        """One request."""
        return await ask(self.app, path, query, **more)

    async def plain(self, path: str, query: str = "", **more: Any) -> Reply:
        """The same request past the layer."""
        return await ask(self.app._framework, path, query, **more)
