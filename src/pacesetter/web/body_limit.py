"""How large a request may be: more is refused before it is taken in."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pacesetter.web.auth.credentials import header_of
from pacesetter.web.errors import TOO_LARGE, problem

READING = ("GET", "HEAD")


class BodyLimit:
    """ASGI middleware: ``most`` bytes of a body are taken, whatever its Content-Length says."""

    def __init__(self, app: ASGIApp, *, most: int) -> None:
        self.app = app
        self.most = most
        self.said = f"the body has more than {most:,} bytes, which is the most that is taken"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and count."""
        if scope["type"] != "http" or scope["method"] in READING:
            await self.app(scope, receive, send)
            return
        stated = header_of(scope, b"content-length") or ""
        if stated.isdecimal() and float(stated) > self.most:
            await self.refuse(scope, receive, send)
            return
        taken, begun = 0, False

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.most:  # routes and layers alike let the framework's own error through
                raise HTTPException(TOO_LARGE, self.said)
            return message

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, count, answer)
        except HTTPException as error:
            if begun or error.status_code != TOO_LARGE:
                raise
            await self.refuse(scope, receive, send)

    async def refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say what the limit is."""
        mend = "send it in parts: a board takes more symbols by PATCH, prices by `pacesetter import`"
        answer = problem(TOO_LARGE, self.said, instance=scope["path"], where="body", mend=mend)
        await answer(scope, receive, send)
