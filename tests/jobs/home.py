"""A home of real data for the tests of jobs, on either database, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import text

from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.settings import Settings

T = TypeVar("T")
EVENING = datetime(2025, 7, 24, 22, 0, tzinfo=UTC)


def with_home(
    folder: Path,
    work: Callable[[Workspace], Awaitable[T]],
    *,
    url: str | None = None,
    at: datetime = EVENING,
    simulated: bool = False,
) -> T:
    """Open the home (its own SQLite file, or the database at ``url``) and work in it."""
    settings = Settings(home=folder, database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]

    async def main() -> T:
        async with open_workspace(settings, clock=VirtualClock(at), simulated=simulated) as ws:
            return await work(ws)

    return asyncio.run(main())


async def ask(ws: Workspace, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query, dates as text on both engines."""
    async with ws.db.read() as conn:
        rows = await conn.execute(text(sql), values)
        return [tuple(v.isoformat() if isinstance(v, date) else v for v in row) for row in rows]


async def count(ws: Workspace, table: str, where: str = "true") -> int:
    """How many rows a table has."""
    ((n,),) = await ask(ws, f"SELECT count(*) FROM {table} WHERE {where}")
    return int(n)


def write_csv(path: Path, rows: list[tuple[object, ...]]) -> Path:
    """A long CSV: symbol, date, close, volume; the other prices lie around the close."""
    names = ["Symbol", "Date", "Close", "Volume"]
    frame = pl.DataFrame([tuple(map(str, row)) for row in rows], schema=names, orient="row")
    close = pl.col("Close").cast(pl.Float64, strict=False)
    frame = frame.with_columns(Open=close, High=close + 1, Low=close - pl.min_horizontal(1.0, close / 2))
    frame.write_csv(path)
    return path
