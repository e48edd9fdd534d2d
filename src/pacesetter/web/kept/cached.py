"""The layer in front of the router that answers from bytes.

A request whose answer is on the shelf costs one lookup. Everything else goes to the
router, and is kept only if its route says so, it succeeded, and the content did not
move while it was made. An answer is given only for exactly the newest content known.
"""

from __future__ import annotations

from functools import lru_cache
from time import monotonic, perf_counter
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacesetter.kernel.errors import PacesetterError
from pacesetter.web.bodies.present import preferred
from pacesetter.web.kept.answer import Answer
from pacesetter.web.kept.answers import Answers, Made
from pacesetter.web.kept.kept import NOTHING, Found, RouteTable
from pacesetter.web.kept.negotiation import accepts, still_has
from pacesetter.web.kept.shelf import Alias, Key
from pacesetter.web.traffic import Traffic

LONGEST = 1024  # bytes of query and Accept of a request that is worth keeping
UNAVAILABLE = 503
READING = ("GET", "HEAD")


@lru_cache(maxsize=256)
def form_of(accept: bytes) -> bytes:
    """The form that an Accept header asks for; empty for JSON."""
    return (preferred(accept.decode("latin-1")) or "").encode()


class Cached:
    """ASGI middleware, behind ``Authenticate``: who may not read gets the router's refusal."""

    def __init__(self, app: ASGIApp, *, answers: Answers, traffic: Traffic) -> None:
        self.app = app
        self.answers = answers
        answers.front = self
        self.newest = answers.newest
        self.shelf = answers.shelf
        self.counts = answers.counts
        self.now = answers.now
        self.traffic = traffic
        self._routes: RouteTable | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        method = scope["method"]
        if method != "GET" and method != "HEAD":
            await self._pass(scope, receive, send, self._find(scope), started)
            return
        accept = encoding = match = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                encoding = encoding + b"," + value if encoding else value
            elif name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"if-none-match":
                match = match + b"," + value if match else value
        alias = (scope["path"], scope["query_string"], accept, encoding)
        found = self.shelf.fast.get(alias)
        if found is not None and self.may(scope):
            slot, gzip = found
            answer = slot.answer
            # the shelf is emptied when the content moves, so what is on it is of the newest
            if answer.dies_at > self.now() and monotonic() < self.newest.trusted_until:
                self.counts["hits"] += 1
                self.shelf.slots.move_to_end(slot.key)
                status = await self._send(answer, gzip, match, method, send)
                self.traffic.note(slot.template, method, status, perf_counter() - started)
                return
        await self._slowly(scope, receive, send, alias, match, started)

    def may(self, scope: Scope) -> bool:
        """Whether the one who asks may read what is published."""
        principal = scope.get("principal")
        return principal is not None and bool(principal.may("read"))

    async def _slowly(
        self, scope: Scope, receive: Receive, send: Send, alias: Alias, match: bytes, started: float
    ) -> None:
        route = self._find(scope)
        path, query, accept, encoding = alias
        rule = route.kept
        if rule is None or len(query) + len(accept) + len(encoding) > LONGEST or not self.may(scope):
            await self._pass(scope, receive, send, route, started)
            return
        key: Key = (path, query, form_of(accept) if rule.by_accept else b"")
        try:
            made = await self.answers.find(self.app, scope, route, rule, key)
        except PacesetterError:  # the state of the content cannot be read: the router has the words for that
            await self._pass(scope, receive, send, route, started)
            return
        method, gzip = scope["method"], accepts(encoding, b"gzip")
        if isinstance(made, Made) and made.answer is not None:
            made = made.answer
        if isinstance(made, Answer):
            self.shelf.link(alias, key, gzip=gzip)
            status = await self._send(made, gzip, match, method, send)
        else:
            status = made.status
            await send({"type": "http.response.start", "status": status, "headers": list(made.headers)})
            body = b"" if method == "HEAD" else made.body
            await send({"type": "http.response.body", "body": body})
        self.traffic.note(route.template, method, status, perf_counter() - started)

    async def _send(self, answer: Answer, gzip: bool, match: bytes, method: str, send: Send) -> int:
        variant = answer.packed if gzip and answer.packed is not None else answer.plain
        age = (b"age", b"%d" % max(0, int(self.now() - answer.made_at)))
        if match and still_has(match, variant.etag):
            self.counts["not_modified"] += 1
            await send({"type": "http.response.start", "status": 304, "headers": [*variant.headers_304, age]})
            await send({"type": "http.response.body", "body": b""})
            return 304
        await send({"type": "http.response.start", "status": 200, "headers": [*variant.headers, age]})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else variant.body})
        return 200

    async def _pass(self, scope: Scope, receive: Receive, send: Send, route: Found, started: float) -> None:
        """Let the router answer; only the status is looked at."""
        status, changes = 500, scope["method"] not in READING

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                done = (
                    status < 400 or status >= 500
                )  # perhaps: who changes something reads it in the next answer
                if status == UNAVAILABLE or (changes and done):
                    self.newest.doubt()
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            self.traffic.note(route.template, scope["method"], status, perf_counter() - started)

    def _find(self, scope: Scope) -> Found:
        """The route of a request; the table is made when the application is complete."""
        if self._routes is None:
            app: Any = scope.get("app")
            if not isinstance(app, Starlette):
                return NOTHING
            self._routes = RouteTable(app.routes)
        return self._routes.find(scope["method"], scope["path"])
