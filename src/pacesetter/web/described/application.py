"""The framework's application with layers of ours in front of everything that it does itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from pacesetter.web.described.openapi import describe


class Application(FastAPI):
    """A layer added as the framework's middleware sees a request behind six others, which cost more
    than answering from bytes does; these see it first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._front: ASGIApp = self._framework

    def openapi(self) -> dict[str, Any]:
        """The API's description; made once."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self)
        return self.openapi_schema

    def put_in_front(self, *layers: Callable[[ASGIApp], ASGIApp]) -> None:
        """Add layers, the outermost first."""
        for layer in reversed(layers):
            self._front = layer(self._front)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, through the layers; whatever is no request goes to the framework."""
        if scope["type"] == "http":
            scope["app"] = self
            await self._front(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Without the framework's own answer to a bug: the guard has one, and adds its headers to it."""
        stack = super().build_middleware_stack()
        return stack.app if isinstance(stack, ServerErrorMiddleware) else stack
