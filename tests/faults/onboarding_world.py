"""The queue of symbols under four processes that are killed and stalled, and what the database itself saw.

The database keeps an append-only record by triggers, which no code of the product knows of: a row for each
end of a job that was written, and for each job that was taken from under a lease that still held.
"""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import text

from pacesetter.jobs.onboarding import onboard_symbol
from pacesetter.jobs.runner import onboarding_worker
from pacesetter.jobs.symbols import ask_symbols as onboarding
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import Clock, VirtualClock
from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.providers.base import FetchRequest, FetchResult
from pacesetter.settings import Settings
from pacesetter.store.database.engine import Database

CLOCK = VirtualClock(datetime(2025, 7, 24, 22, 0, tzinfo=UTC))
DAYS = [date(2025, 7, day) for day in (21, 22, 23, 24)]
LEASE_S = 2.0
MEASURED_S = 0.01

RECORD = """
CREATE TABLE ended_record (job {id}, symbol varchar(32), status varchar(10));
CREATE TABLE stolen_record (job {id}, symbol varchar(32), fence integer)
"""
ON_SQLITE = """
CREATE TRIGGER record_end AFTER UPDATE OF status ON symbol_onboarding_queue
  WHEN NEW.status IN ('completed', 'failed')
  BEGIN INSERT INTO ended_record VALUES (NEW.id, NEW.symbol, NEW.status); END
--
CREATE TRIGGER record_theft AFTER UPDATE OF fence ON symbol_onboarding_queue
  WHEN OLD.status = 'processing' AND OLD.lease_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
  BEGIN INSERT INTO stolen_record VALUES (NEW.id, NEW.symbol, NEW.fence); END
"""
ON_POSTGRESQL = """
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.status IN ('completed', 'failed') THEN
      INSERT INTO ended_record VALUES (NEW.id, NEW.symbol, NEW.status);
    END IF;
    IF NEW.fence <> OLD.fence AND OLD.status = 'processing' AND OLD.lease_until > clock_timestamp() THEN
      INSERT INTO stolen_record VALUES (NEW.id, NEW.symbol, NEW.fence);
    END IF;
    RETURN NEW;
  END $$
--
CREATE TRIGGER record_change AFTER UPDATE ON symbol_onboarding_queue
  FOR EACH ROW EXECUTE FUNCTION record_change()
"""


class FewBars:
    """A provider that knows every symbol, with four bars of each."""

    name = "files"

    def symbols(self) -> tuple[str, ...]:
        return ()

    def fetch(self, request: FetchRequest, clock: Clock) -> FetchResult:
        frames = [
            pl.DataFrame({"date": DAYS, "close": [10.0, 11.0, 10.5, 10.8], "volume": [1000] * 4})
            .with_columns(symbol=pl.lit(symbol), **{c: "close" for c in ("open", "high", "low", "adj_close")})
            .select([pl.col(name).cast(kind) for name, kind in BAR_SCHEMA.items()])
            for symbol in request.symbols
        ]
        return FetchResult(pl.concat(frames), self.name, clock.now(), basis="raw")


def settings_for(home: Path, url: str | None) -> Settings:
    return Settings(home=home, database_url=url, source="files", _env_file=None)


async def prepare(home: Path, url: str | None) -> None:
    """An empty queue with the record beside it."""
    async with open_workspace(settings_for(home, url), clock=CLOCK, simulated=False) as ws:
        sqlite = ws.db.dialect == "sqlite"
        parts = RECORD.format(id="blob" if sqlite else "uuid").split(";")
        parts += (ON_SQLITE if sqlite else ON_POSTGRESQL).split("--")
        async with ws.db.write(content=False) as conn:
            for part in parts:
                await conn.exec_driver_sql(part)


def run_asker(home: str, url: str | None, symbols: list[str], breakage: str | None) -> None:
    """The body of a process that asks for all symbols at once, in its own order."""
    break_build(breakage)

    async def main() -> None:
        async with open_workspace(settings_for(Path(home), url), clock=CLOCK, simulated=False) as ws:
            for start in range(0, len(symbols), 50):
                await onboarding.ask_symbols(ws, symbols[start : start + 50], by=f"p{os.getpid()}")

    asyncio.run(main())


def run_worker(home: str, url: str | None, breakage: str | None, listening: Any) -> None:
    """The body of a process that works on the queue until SIGTERM; ``listening``: it hears it."""
    break_build(breakage)
    quicken()

    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        listening.set()
        async with open_workspace(settings_for(Path(home), url), clock=CLOCK, simulated=False) as ws:
            await onboarding_worker.work_queue(ws, stop)

    asyncio.run(main())


def break_build(breakage: str | None) -> None:
    if breakage:
        from tests.faults.onboarding_broken import BREAK

        global MEASURED_S
        MEASURED_S = 0.2  # whoever is stalled then is mostly in the middle of a symbol, and in no transaction
        BREAK[breakage]()


def quicken() -> None:
    """Short leases, prices from ``FewBars``, and nothing to compute."""

    async def measured(_ws: Any, _symbol: str) -> None:
        await asyncio.sleep(MEASURED_S)

    onboarding_worker.LEASE_S, onboarding_worker.RENEW_S = LEASE_S, LEASE_S / 4
    onboarding_worker.LOOK_EVERY_S = 0.05
    onboarding_worker.choose_providers = lambda _ws: [FewBars()]
    onboard_symbol.measure = measured
    onboard_symbol.tell_portfolios = measured


async def look(home: Path, url: str | None, *questions: str) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, asked from outside."""
    db = Database(url or f"sqlite:///{home}/pacesetter.db")
    try:
        async with db.read() as conn:
            return [[tuple(row) for row in await conn.execute(text(sql))] for sql in questions]
    finally:
        await db.close()
