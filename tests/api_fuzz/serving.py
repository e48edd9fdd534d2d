"""The real application behind its real server, on loopback, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from sqlalchemy import insert

from pacesetter.jobs.logins import begin_session
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.tables.portfolio import portfolios
from pacesetter.store.users import add_user
from pacesetter.web.app import create_app
from pacesetter.web.credentials import COOKIE, csrf_token
from pacesetter.web.server import answers
from tests.api_fuzz.real import REAL
from tests.homes import EVENING
from tests.servers import free_port

OWNER = "the owner of this house"


@dataclass
class Serving:
    """A running application, and a session of its owner."""

    app: FastAPI
    clock: VirtualClock
    port: int
    loop: asyncio.AbstractEventLoop
    token: str | None = field(default=None)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Have something done on the server's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def headers(self) -> dict[str, str]:
        """What a page of the owner sends."""
        if self.token is None:
            self.token = self.do(self._enter())
        session = {"Cookie": f"{COOKIE}={self.token}", "X-CSRF-Token": csrf_token(self.token)}
        return {**session, "Origin": self.url}

    async def _enter(self) -> str:
        ws: Workspace = await self.app.state.workspace.get()
        async with ws.db.write(content=False) as conn:
            return (await begin_session(conn, OWNER, ws.now())).token

    async def add_people(self) -> None:
        """The owner, and somebody whom requests may change."""
        ws: Workspace = await self.app.state.workspace.get()
        async with ws.db.write(content=False) as conn:
            await add_user(conn, OWNER, "owner", None)
            await add_user(conn, "viewer", "viewer", None)
            mine = {"id": UUID(REAL["portfolio_id"]), "name": "Here", "base_currency": "USD"}
            await conn.execute(insert(portfolios).values(mine))
        self.app.state.door.visitors.forget()


@contextmanager
def started(settings: Settings) -> Iterator[Serving]:
    """A running server over a home, ended with the block. Jobs are taken in and wait: how they are done
    is no part of the API, and one of them may last minutes."""
    clock, port = VirtualClock(EVENING), free_port()
    app = create_app(settings, simulated=True, clock=clock)
    app.state.job_runner.start = app.state.onboarding_runner.start = lambda: None
    server = Server(
        app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        serving = asyncio.create_task(server.serve())
        assert await answers("127.0.0.1", port, serving)
        ready.set()
        await serving

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    running = Serving(app, clock, port, loop)
    running.do(running.add_people())
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(30)
