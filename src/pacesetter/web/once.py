"""The layer in front of the router that lets a change take effect once, however often it is sent.

A change that carries an Idempotency-Key claims it in the database before the router sees it; sent again, it
gets the first answer, byte for byte. Who may not make the change gets the router's refusal, whatever is kept.
Requests about accounts may hold secrets, which are kept nowhere: those routes (``SECRET``) refuse the header.
"""

from __future__ import annotations

import hashlib
import logging
import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacesetter.kernel.errors import PacesetterError
from pacesetter.store.work.request_keys import Found, Said, claim_key, free_key, keep_answer
from pacesetter.web.auth.credentials import has_header
from pacesetter.web.errors import (
    BAD_REQUEST,
    CONFLICT,
    FORBIDDEN,
    INTERNAL,
    NOT_LOGGED_IN,
    TOO_MANY,
    UNPROCESSABLE,
    answer_error,
    problem,
)
from pacesetter.web.once_rules import CHANGING, OnceRules
from pacesetter.web.workspace import OpenWorkspace

HEADER = b"idempotency-key"
REPLAYED = (b"idempotency-replayed", b"true")
SPELLING = re.compile(rb"[\x20-\x7e]{1,255}")
NO_EFFECT = frozenset({NOT_LOGGED_IN, FORBIDDEN, TOO_MANY})  # refused before anything was done
BUSY_S = 120.0  # so long a request is taken to be under way; its process may have died
LARGEST = 256 << 10  # bytes of an answer that is kept

SPELT_WRONG = "Idempotency-Key is one header of 1 to 255 printable ASCII characters"
KEPT_NOWHERE = "this request or its answer may hold a secret, which is kept nowhere, not even for a day"
OTHER = "this Idempotency-Key belongs to another request: another method, path or body"
UNDER_WAY = "the first request with this Idempotency-Key is still being done"
TOO_LARGE = "this was done; what was answered then was too large to be kept"

log = logging.getLogger("pacesetter.web")


class Once:
    """ASGI middleware, behind ``Authenticate``."""

    def __init__(self, app: ASGIApp, *, holder: OpenWorkspace) -> None:
        self.app = app
        self.holder = holder
        self._rules: OnceRules | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no change, or no request to do it once."""
        if scope["method"] not in CHANGING or not has_header(scope, HEADER):
            await self.app(scope, receive, send)
            return
        if self._rules is None:  # the application is complete by now
            self._rules = OnceRules(scope["app"].routes)
        rule = self._rules.find(scope["method"], scope["path"])
        principal = scope.get("principal")
        if rule is None or not rule.allows(principal):
            await self.app(scope, receive, send)
            return
        keys = [value.strip() for name, value in scope["headers"] if name == HEADER]
        refusal = None
        if len(keys) != 1 or not SPELLING.fullmatch(keys[0]):
            refusal = refuse(BAD_REQUEST, SPELT_WRONG, scope, mend="a random UUID is a good one")
        elif rule.secret:
            refusal = refuse(BAD_REQUEST, KEPT_NOWHERE, scope, mend="send it without the header")
        if refusal is not None:
            await refusal(scope, receive, send)
        elif principal is not None and principal.user_id is not None:
            await self._once(principal.user_id, keys[0].decode(), scope, receive, send)
        else:  # nobody may change anything, so there is no such route
            await self.app(scope, receive, send)

    async def _once(self, user_id: UUID, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        if body is None:
            return  # nobody is there any more
        try:
            ws = await self.holder.get()
            async with ws.db.write(content=False) as conn:
                asked = hash_request(scope, body)
                found = await claim_key(conn, user_id, key, asked, at=ws.now(), busy_s=BUSY_S)
        except PacesetterError as error:  # without its claim, it is not done at all
            await answer_error(Request(scope), error)(scope, receive, send)
            return
        if found.mine is None:
            await answer_again(found, scope, receive, send)
            return
        try:
            said = await self._ask(scope, body, receive)
        except Exception:  # the guard answers; when the server stops meanwhile, the claim runs out by itself
            await self._settle(found.mine, None)
            raise
        await self._settle(found.mine, said if is_kept(said) else None)
        await give(said, send)

    async def _ask(self, scope: Scope, body: bytes, receive: Receive) -> Said:
        """What the router says, taken in whole."""
        status, headers, parts, told = INTERNAL, list[tuple[bytes, bytes]](), bytearray(), False

        async def tell() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def take(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], [(bytes(n), bytes(v)) for n, v in message["headers"]]
            elif message["type"] == "http.response.body":
                parts.extend(message.get("body", b""))

        await self.app(scope, tell, take)
        return Said(status, headers, bytes(parts))

    async def _settle(self, claim: UUID, said: Said | None) -> None:
        """Keep the answer, or free the key."""
        try:
            ws = await self.holder.get()
            async with ws.db.write(content=False) as conn:
                if said is None:
                    await free_key(conn, claim)
                else:
                    large = said.body is not None and len(said.body) > LARGEST
                    await keep_answer(
                        conn, claim, Said(said.status, said.headers, None if large else said.body)
                    )
        except PacesetterError as error:
            log.warning("the answer to a change could not be kept under its Idempotency-Key: %s", error)


def is_kept(said: Said) -> bool:
    """Whether an answer is given again: it stands, and is no refusal before anything was done."""
    secret = any(name.lower() == b"set-cookie" for name, _ in said.headers)
    return said.status < INTERNAL and said.status not in NO_EFFECT and not secret


async def read_body(receive: Receive) -> bytes | None:
    """The whole body, which a layer further out bounds; None when the client left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body.extend(message.get("body", b""))
        if not message.get("more_body", False):
            return bytes(body)


def hash_request(scope: Scope, body: bytes) -> str:
    """The same for the same request."""
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], body)
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()


async def answer_again(found: Found, scope: Scope, receive: Receive, send: Send) -> None:
    """The first answer, or why there is none."""
    if not found.same:
        answer = refuse(UNPROCESSABLE, OTHER, scope, mend="use a new key for a new change")
    elif found.said is None:
        answer = refuse(CONFLICT, UNDER_WAY, scope, mend="send it again in a moment", retry=True)
    elif found.said.body is None:
        answer = refuse(CONFLICT, TOO_LARGE, scope, mend="look with GET")
    else:
        headers = [*found.said.headers, REPLAYED]
        await give(Said(found.said.status, headers, found.said.body), send)
        return
    await answer(scope, receive, send)


def refuse(status: int, detail: str, scope: Scope, *, mend: str, retry: bool = False) -> Response:
    """A refusal that names the header."""
    more = {"where": "Idempotency-Key", "mend": mend}
    return problem(
        status, detail, instance=scope["path"], headers={"Retry-After": "1"} if retry else None, **more
    )


async def give(said: Said, send: Send) -> None:
    """Send an answer."""
    await send({"type": "http.response.start", "status": said.status, "headers": list(said.headers)})
    await send({"type": "http.response.body", "body": said.body or b""})
