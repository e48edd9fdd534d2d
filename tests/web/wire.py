"""The Python client at an application in this process: what it asks goes to the application's own loop."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from pacesetter.client import Client


class Wire(httpx.BaseTransport):
    """Hands requests to an asynchronous client, one after the other."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.loop = asyncio.get_running_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() != "host"}
        path = request.url.raw_path.decode()
        asked = self.client.request(request.method, path, content=request.read(), headers=headers)
        got = asyncio.run_coroutine_threadsafe(asked, self.loop).result(120)
        return httpx.Response(
            got.status_code, content=got.content, headers={"content-type": got.headers["content-type"]}
        )


async def use_client(client: httpx.AsyncClient, key: str, use: Any, *more: Any) -> None:
    """Call ``use(client, …)`` in a thread, with the key and without anybody's session."""
    client.cookies.clear()
    await asyncio.to_thread(use, Client(key=key, transport=Wire(client)), *more)
