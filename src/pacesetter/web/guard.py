"""The first thing that sees a request: known host names, reading only, safe headers on every answer."""

from __future__ import annotations

import ipaddress
from collections.abc import MutableMapping
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacesetter.web.errors import METHOD_NOT_ALLOWED, MISDIRECTED, answer_bug, problem

READING = ("GET", "HEAD")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """ASGI middleware. Only loopback names and ``hosts`` are answered: a page of another site whose
    name is made to point here (DNS rebinding) would otherwise read everything."""

    def __init__(self, app: ASGIApp, *, hosts: tuple[str, ...], policy: str) -> None:
        self.app = app
        self.hosts = {host.casefold() for host in hosts}
        self.headers = [*HEADERS, (b"content-security-policy", policy.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on; headers are added to every answer, also to that of a bug."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reads_head, begun = scope["method"] == "HEAD", False

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                add_missing(message, self.headers)
            elif reads_head:
                message = {**message, "body": b""}
            await send(message)

        refusal = self.refuse(scope)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            await self.app({**scope, "method": "GET"} if reads_head else scope, receive, answer)
        except Exception as error:
            if begun:
                raise
            await answer_bug(scope["path"], error)(scope, receive, answer)

    def refuse(self, scope: Scope) -> Response | None:
        """The answer to a request that is not for this server."""
        if not self.knows(host_of(scope)):
            return problem(MISDIRECTED, "this server does not answer to that host name")
        if scope["method"] not in READING:
            allow = {"Allow": ", ".join(READING)}
            return problem(METHOD_NOT_ALLOWED, "this API is for reading", headers=allow)
        return None

    def knows(self, host: str) -> bool:
        """Whether a host name means this server: loopback, or listed."""
        if host in self.hosts or host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def host_of(scope: Scope) -> str:
    """The request's host without port and brackets; empty unless there is exactly one."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    text = given[0].decode("latin-1").casefold().strip() if len(given) == 1 else ""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def add_missing(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    """Add headers that the answer does not set itself."""
    own = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *(pair for pair in headers if pair[0] not in own)]
