"""Portfolios at scale: all refreshed, none refreshed, one imported, one summed; and the symbol snapshot."""

from __future__ import annotations

import asyncio
import tracemalloc
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pytest

from pacesetter.jobs.imports.import_portfolio import import_portfolio
from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios
from pacesetter.jobs.symbols import symbol_snapshot
from pacesetter.jobs.symbols.symbol_snapshot import current_snapshot
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.ids import new_id
from pacesetter.portfolio.aggregate import aggregate_exposures
from pacesetter.settings import Settings
from tests.bench.portfolio_world import NOW, fill_market, fill_portfolios
from tests.bench.stopwatch import best_of
from tests.bench.test_store import execute

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
SYMBOLS, SESSIONS, PORTFOLIOS, HOLDINGS = 5_000, 300, 10_000, 20


def tell(what: str, took: float, target: str) -> None:
    print(f"{what:<62} {took:10.3f}   target {target}")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_portfolios_at_scale(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = None
    if engine == "postgresql":
        server = request.getfixturevalue("postgres_url")
        name = f"bench_{new_id().hex}"
        asyncio.run(execute(server, f"CREATE DATABASE {name}"))
        url = server.rsplit("/", 1)[0] + f"/{name}"
    settings = Settings(home=tmp_path, database_url=url, source="none", _env_file=None)

    async def main() -> None:
        async with open_workspace(settings, clock=VirtualClock(NOW), simulated=False) as ws:
            names = await fill_market(ws, symbols=SYMBOLS, sessions=SESSIONS, seed=1)
            await measure_snapshot(ws, engine)
            await fill_portfolios(ws, names, count=PORTFOLIOS, holdings=HOLDINGS, sessions=SESSIONS, seed=2)
            begun = process_time()
            report = await refresh_portfolios(ws)
            worked = process_time() - begun  # what others on the machine take from us is no part of it
            assert (report.asked, report.refreshed, report.partial) == (PORTFOLIOS, PORTFOLIOS, 0)
            tell(
                f"{PORTFOLIOS:,} portfolios × {HOLDINGS} positions refreshed ({engine}), s",
                report.took_s,
                "≤ 60 s",
            )
            tell(f"of that processor time of ours ({engine}), s", worked, "≤ 60 s")
            again = await refresh_portfolios(ws)
            assert (again.refreshed, again.unchanged) == (0, PORTFOLIOS)
            tell(f"the same again: nothing has changed ({engine}), s", again.took_s, "")
            await measure_one(ws, names, engine)

    asyncio.run(main())


async def measure_snapshot(ws: Workspace, engine: str) -> None:
    """The bytes of a snapshot of all symbols, and the sum of 50 of them."""
    await current_snapshot(ws)  # what is imported and compiled on the way is no part of it
    symbol_snapshot._held.clear()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    snapshot = await current_snapshot(ws)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(snapshot.symbols) > SYMBOLS
    tell(f"snapshot of {SYMBOLS:,} symbols held ({engine}), MB", (held - before) / 1e6, "≤ 65 MB")
    tell(f"the most while it is made ({engine}), MB", (peak - before) / 1e6, "≤ 65 MB")
    rows = np.arange(0, 5_000, 100)
    weights = np.full(50, 0.02)
    took = best_of(
        20, lambda: aggregate_exposures(weights, snapshot.beta[rows], snapshot.standard_error[rows])
    )
    tell(f"exposures of 50 positions summed ({engine}), ms", took * 1e3, "≤ 5 ms")


async def measure_one(ws: Workspace, names: list[str], engine: str) -> None:
    """A portfolio of known symbols, from its file to all of its figures."""
    lines = [f"{symbol},10,50.25,2024-09-03" for symbol in names[:50]]
    data = "\n".join(["Symbol,Quantity,Entry Price,Entry Date", *lines]).encode()
    took = []
    for n in range(3):
        made = await create_portfolio(ws, f"imported {n}", user_id=None)
        started = perf_counter()
        done = await import_portfolio(ws, made.id, data, "file.csv")
        took.append(perf_counter() - started)
        assert (done.state, done.rows_added) == ("complete", 50)
    tell(f"50 known positions imported and complete ({engine}), s", min(took), "≤ 1 s")
