"""The first thing that sees a request: known host names, changes that were meant, safe headers on every
answer."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import MutableMapping
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacesetter.web.auth.credentials import (
    CSRF_HEADER,
    bearer_of,
    csrf_token,
    has_header,
    header_of,
    session_of,
)
from pacesetter.web.errors import FORBIDDEN, MISDIRECTED, answer_bug, problem

READING = ("GET", "HEAD")
LOGIN = ("POST", "/api/v1/session")  # a page that has lost its token has to be able to ask for one
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
    name is made to point here (DNS rebinding) would otherwise read everything. ``any_address``: an
    address is no such name, and others reach a server that is not on loopback by it.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: tuple[str, ...], policy: str, any_address: bool = False
    ) -> None:
        self.app = app
        self.any_address = any_address
        self.hosts = {host.casefold() for host in hosts}
        self.headers = [*HEADERS, (b"content-security-policy", policy.encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on; headers are added to every answer, also to that of a bug."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reads_head, begun = scope["method"] == "HEAD", False
        added = scope["added_headers"] = list[tuple[bytes, bytes]]()  # by layers further in, for any answer

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                add_missing(message, self.headers)
                message["headers"] += added
            elif reads_head:
                message = {**message, "body": b""}
            await send(message)

        refusal = self.refuse(scope)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            as_get = {**scope, "method": "GET", "reads_head": True}
            await self.app(as_get if reads_head else scope, receive, answer)
        except Exception as error:
            if begun:
                raise
            await answer_bug(scope["path"], error)(scope, receive, answer)

    def refuse(self, scope: Scope) -> Response | None:
        """The answer to a request that is not for this server."""
        if not self.knows(host_of(scope)):
            return problem(MISDIRECTED, "this server does not answer to that host name")
        if scope["method"] in READING:
            return None
        suspicion = suspect(scope)
        return None if suspicion is None else problem(FORBIDDEN, suspicion, instance=scope["path"])

    def knows(self, host: str) -> bool:
        """Whether a host name means this server: loopback, or listed."""
        if host in self.hosts or host == "localhost":
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return address.is_loopback or self.any_address


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


def suspect(scope: Scope) -> str | None:
    """Why a change may not have been meant by whoever's browser asks for it; None where it was.

    A browser adds a session's cookie by itself, so a page of ours proves that it is one: by the origin
    that the browser states, and by the session's token. A key is never added by a browser.
    """
    if bearer_of(scope):
        return None
    if not same_origin(scope):
        return "a page of another site asked for this"
    session = session_of(scope)
    if session is None:
        return None
    if not has_header(scope, b"origin") and not has_header(scope, b"sec-fetch-site"):
        return "a change by a session has to state its Origin; a program sends a key instead"
    if (scope["method"], scope["path"]) == LOGIN:
        return None
    given = header_of(scope, CSRF_HEADER) or ""
    if not hmac.compare_digest(given.encode(), csrf_token(session).encode()):
        return "the header X-CSRF-Token does not belong to this session: GET /api/v1/session tells it"
    return None


def same_origin(scope: Scope) -> bool:
    """Whether the origin that is stated, if any, is this server: by the name it was asked under."""
    if has_header(scope, b"sec-fetch-site") and header_of(scope, b"sec-fetch-site") != "same-origin":
        return False
    if not has_header(scope, b"origin"):
        return True
    kind, _, place = (header_of(scope, b"origin") or "").casefold().partition("://")
    kinds = ("https",) if scope.get("scheme") == "https" else ("http", "https")  # TLS may end in front
    return kind in kinds and place == (header_of(scope, b"host") or "").casefold()
