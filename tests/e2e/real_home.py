"""A home of real prices: ``python -m tests.e2e.real_home HOME DATA``, a process whose memory goes with it."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.define_board import create_board
from pacesetter.jobs.boards.measure_confidence import try_measuring
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.imports.import_symbols import import_symbols
from pacesetter.jobs.workspace import open_workspace
from pacesetter.settings import Settings

FIRST, NEWEST = date(2025, 4, 25), date(2025, 7, 24)


async def make_real_home(home: Path, data: Path) -> None:
    """Eleven years of 503 stocks, a board of all of them, and three months of its ranks."""
    settings = Settings(home=home, source="none")  # type: ignore[call-arg]
    async with open_workspace(settings, simulated=False) as ws:
        await import_prices(ws, data / "prices/us_sp500_2014_2025.parquet")
        await import_symbols(ws, data / "fundamentals/sp500_constituents.csv")
        await create_board(ws, "S&P 500", rule="all")
        await backfill_ranks(ws, first=FIRST, last=NEWEST)
        assert await try_measuring(ws) is None


if __name__ == "__main__":
    asyncio.run(make_real_home(Path(sys.argv[1]), Path(sys.argv[2])))
