"""A workspace in one transaction that is never committed, so that many sequences share a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings
from pacesetter.store.symbols.symbols import upsert_symbols
from tests.jobs.home import EVENING


class Taken(Exception):
    """Ends a transaction without its changes."""


@dataclass(frozen=True)
class Held:
    """A database whose readers and writers all get the one connection; what fails is taken back alone."""

    conn: AsyncConnection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        yield self.conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self.conn.begin_nested():
            yield self.conn


Sequence = Callable[[Workspace, AsyncConnection, VirtualClock], Coroutine[Any, Any, None]]


@contextmanager
def sequences(folder: Path, url: str, symbols: list[str]) -> Iterator[Callable[[Sequence], None]]:
    """A function that plays a sequence in a database with these symbols, and forgets it."""
    settings = Settings(home=folder, database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]
    clock = VirtualClock(EVENING)
    with asyncio.Runner() as runner:
        opened = open_workspace(settings, clock=clock, simulated=False)
        ws = runner.run(opened.__aenter__())

        async def prepare() -> None:
            async with ws.db.write() as conn:
                await upsert_symbols(conn, symbols, asset_type="equity", source="admin")

        async def play(sequence: Sequence) -> None:
            clock.at = EVENING
            try:
                async with ws.db.write() as conn:
                    held: Any = Held(conn)
                    await sequence(replace(ws, db=held), conn, clock)
                    raise Taken
            except Taken:
                pass

        try:
            runner.run(prepare())
            yield lambda sequence: runner.run(play(sequence))
        finally:
            runner.run(opened.__aexit__(None, None, None))
