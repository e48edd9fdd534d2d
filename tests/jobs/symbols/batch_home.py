"""Homes for tests of the nightly batch: the factors' funds and a few companies, over half a year and more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl

from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.market.calendar import sessions_before
from pacesetter.portfolio.exposure import load_definitions
from pacesetter.settings import Settings
from pacesetter.store.bars.bars import BAR_FRAME, upsert_bars
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.portfolios.daily_metrics import list_metrics
from pacesetter.store.portfolios.exposures import exposures_on
from pacesetter.store.symbols.symbols import set_basis, set_last_dates, upsert_symbols
from tests.jobs.home import ask

T = TypeVar("T")
LAST = date(2025, 7, 24)
DAYS = sessions_before("XNYS", LAST, 300)
FUNDS = ("SPY", "TLT", "VTV", "VUG", "MTUM", "QUAL", "IWM", "USMV")
COMPANIES = ("AAA", "BBB", "CCC")
NIGHT = datetime(2025, 7, 25, 1, 30, tzinfo=UTC)  # half past nine in New York
DEFINITIONS = load_definitions()
FACTORS = [one.name for one in DEFINITIONS]
EVERYONE = sorted({*FUNDS, *COMPANIES})


def at_night(on: date) -> datetime:
    """After the batch of a session is due."""
    return datetime.combine(on, time(23, 59), UTC).replace(tzinfo=UTC)


def bars_of(symbol: str, seed: int, days: Sequence[date] = DAYS, *, moves: float = 0.01) -> pl.DataFrame:
    """A random walk on ``days``."""
    steps = np.random.default_rng([seed, *symbol.encode()]).standard_normal(len(DAYS)) * moves
    path = dict(zip(DAYS, 100 * np.exp(np.cumsum(steps)), strict=True))
    close = [round(float(path[day]), 4) for day in days]
    return pl.DataFrame(
        {
            "symbol": [symbol] * len(days),
            "date": list(days),
            "open": close,
            "high": [one * 1.01 for one in close],
            "low": [one * 0.99 for one in close],
            "close": close,
            "adj_close": [None] * len(days),
            "volume": [1000] * len(days),
            "is_final": [True] * len(days),
        },
        schema=BAR_FRAME,
    )


async def store_bars(ws: Workspace, frame: pl.DataFrame, *, kind: str | None = None) -> int:
    """Bars as a fetch would store them; the revision."""
    symbols = frame["symbol"].unique().to_list()
    async with ws.db.write() as conn:
        await upsert_symbols(conn, symbols, asset_type=kind, source="admin")
        await set_basis(conn, symbols, "raw")
        revision = await new_revision(conn, "fetch", ws.now())
        await upsert_bars(conn, frame, source="test", revision=revision, fetched_at=ws.now())
        await set_last_dates(conn, symbols)
    return revision


async def fill(ws: Workspace, seed: int = 7, days: Sequence[date] = DAYS) -> int:
    """The funds and companies with a price on each of ``days``; the revision."""
    return await store_bars(ws, pl.concat([bars_of(s, seed, days) for s in (*FUNDS, *COMPANIES)]))


def in_home(
    folder: Path,
    database_url: str | None,
    work: Callable[[Workspace], Awaitable[T]],
    *,
    at: datetime = NIGHT,
    **over: Any,
) -> T:
    """Work in a home of its own: SQLite's own file, or the database at the address."""
    url = database_url if database_url and database_url.startswith("postgresql") else None
    given: dict[str, Any] = {"source": "none", **over}
    settings = Settings(home=folder, database_url=url, _env_file=None, **given)  # type: ignore[call-arg]

    async def main() -> T:
        async with open_workspace(settings, clock=VirtualClock(at), simulated=False) as ws:
            return await work(ws)

    return asyncio.run(main())


async def rows_on(ws: Workspace, on: Any = LAST) -> pl.DataFrame:
    async with ws.db.read() as conn:
        return await exposures_on(conn, on)


async def everything(ws: Workspace) -> tuple[Any, ...]:
    """What a batch leaves, without the times of its making."""
    async with ws.db.read() as conn:
        metrics = await list_metrics(conn)
    exposures = pl.concat([await rows_on(ws, day) for day in DAYS[-4:]]).drop("computed_at")
    phases = await ask(
        ws, "SELECT metric_date, phase, state, done, total, data_revision FROM batch_phases ORDER BY 1, 2"
    )
    return exposures.rows(), [tuple(row)[:-1] for row in metrics], phases
