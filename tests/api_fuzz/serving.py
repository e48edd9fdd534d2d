"""The real application behind its real server, on loopback, in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from sqlalchemy import insert

from pacesetter.jobs.accounts.logins import begin_session
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.accounts.users import add_user
from pacesetter.store.desk.decisions import DecisionRow, decisions
from pacesetter.store.desk.watchlist import WatchRow, watchlist
from pacesetter.store.tables.portfolio import portfolios
from pacesetter.web.app import create_app
from pacesetter.web.auth.credentials import COOKIE, csrf_token
from pacesetter.web.server import answers
from tests.api_fuzz.real import REAL
from tests.homes import EVENING, SESSIONS
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
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(600)

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
        await add_desk_work(ws)
        self.app.state.door.visitors.forget()


async def add_desk_work(ws: Workspace) -> None:
    """Nights, a proposal that waits, and an entry of the watchlist."""
    for on in SESSIONS:
        await run_night(ws, on)
    proposal = DecisionRow(
        id=UUID(REAL["decision_id"]),
        symbol="NVDA",
        decided_on=SESSIONS[-1],
        action="BUY",
        mode="manual",
        bullish_share=0.8,
        conviction="medium",
        size_pct=7.0,
        quantity=Decimal(10),
        currency="USD",
        expires_on=SESSIONS[-1] + timedelta(days=30),
        entry_price=Decimal(100),
        stop_loss=Decimal(90),
        target=Decimal(120),
        reasons={"said": ["most of the weight says BUY"]},
        challenge={},
        portfolio_id=UUID(REAL["portfolio_id"]),
    )
    entry = WatchRow(
        id=UUID(REAL["watch_id"]),
        symbol="NVDA",
        trigger_type="price",
        condition={"fact": "price.close", "op": "<", "value": 1.0},
        hysteresis_pct=2.0,
    )
    async with ws.db.write() as conn:
        await decisions.add(conn, [proposal])
        await watchlist.add(conn, [entry])


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
    assert ready.wait(240)
    running = Serving(app, clock, port, loop)
    running.do(running.add_people())
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(240)
