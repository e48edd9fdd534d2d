"""A home of real prices on which the desk works night by night, in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from pacesetter.agents.evidence import known_until
from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.boards.define_board import create_board
from pacesetter.jobs.decisions.agent_settings import change_agent
from pacesetter.jobs.decisions.answer_decision import approve
from pacesetter.jobs.desk.watch_terms import WatchTerms
from pacesetter.jobs.desk.watchlist import add_watch
from pacesetter.jobs.imports.import_fundamentals import import_fundamentals
from pacesetter.jobs.imports.import_prices import import_prices
from pacesetter.jobs.imports.import_symbols import import_symbols
from pacesetter.jobs.night.fingerprint import without_ids
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.clock import VirtualClock
from pacesetter.kernel.hash_chain import spell
from pacesetter.kernel.plain import plain_json
from pacesetter.research.proposal import WAITING
from pacesetter.store.database.records import Records
from pacesetter.store.desk.analyses import analyses
from pacesetter.store.desk.convergences import convergences
from pacesetter.store.desk.decisions import decisions
from pacesetter.store.desk.desk_reports import reports
from pacesetter.store.desk.nights import nights
from pacesetter.store.desk.research_queue import research_queue
from pacesetter.store.desk.signals import signals
from pacesetter.store.desk.watchlist import watchlist

BOARD = "Large"
IDEAS = ("ALL", "CVX", "DASH", "DUK", "EXE", "TKO")  # of which the desk thinks something in that spring
RANKED_BEFORE = timedelta(days=20)  # before the first night: ranks to compare with
MADE: dict[str, tuple[Records, tuple[str, ...]]] = {  # by what their rows are told apart
    "signals": (signals, ("symbol", "signal_type", "source", "signal_on")),
    "convergences": (convergences, ("symbol", "converged_on")),
    "research_queue": (research_queue, ("symbol", "entered_on")),
    "watchlist": (watchlist, ("symbol", "trigger_value")),
    "analyses": (analyses, ("symbol", "analyst", "analysed_on")),
    "decisions": (decisions, ("symbol", "decided_on")),
    "reports": (reports, ("date", "version")),
    "nights": (nights, ("night_on",)),
}


@dataclass(frozen=True)
class Source:
    """What a home is filled with. ``bars_until``: later bars are left out; ``bent``: bars after ``last`` are
    three times as high."""

    data: Path
    every: int  # the n-th symbol of the file, and so on; 1: all
    first: date
    last: date
    bars_from: date = date(2023, 7, 3)
    bars_until: date | None = None
    bent: bool = False


async def fill(ws: Workspace, source: Source, folder: Path) -> None:
    """Prices, names, fundamentals, a board of all ranked over the span, the desk on paper, watches."""
    bars = pl.scan_parquet(source.data / "prices/us_sp500_2014_2025.parquet")
    bars = bars.filter(pl.col("date").cast(pl.Date) >= source.bars_from)
    names = sorted(bars.select(pl.col("symbol").unique()).collect()["symbol"])
    bars = bars.filter(pl.col("symbol").is_in({*names[:: source.every], *IDEAS}))
    funds = pl.scan_parquet(source.data / "factors/us_etfs_2014_2026.parquet").filter(
        pl.col("symbol") == "SPY",
        pl.col("date").cast(pl.Date).is_between(source.bars_from, date(2025, 7, 24)),
    )
    for name, lazy in (("stocks", bars), ("funds", funds)):
        frame = lazy.collect()
        later = pl.col("date").cast(pl.Date) > source.last
        if source.bars_until is not None:
            frame = frame.filter(pl.col("date").cast(pl.Date) <= source.bars_until)
        if source.bent:
            prices = [c for c in ("open", "high", "low", "close", "adj_close") if c in frame.columns]
            frame = frame.with_columns(
                pl.when(later).then(pl.col(c) * 3).otherwise(pl.col(c)) for c in prices
            )
        frame.write_parquet(folder / f"{name}.parquet")
        await import_prices(ws, folder / f"{name}.parquet")
    await import_symbols(ws, source.data / "fundamentals/sp500_constituents.csv")
    known = source.data / "fundamentals/sp500_constituents_financials.csv"
    await import_fundamentals(ws, known, known_on=date(2024, 1, 2))
    listed = frame_symbols(folder / "stocks.parquet")
    await create_board(ws, BOARD, symbols=listed)
    await backfill_ranks(ws, first=source.first - RANKED_BEFORE, last=source.last)
    await change_agent(ws, "desk", parameters={"mode": "paper"})
    for symbol in listed[:3]:
        await add_watch(
            ws, symbol, WatchTerms(condition="price.change_1d_pct < -3 or rank.change >= 20", thesis="a dip")
        )


def frame_symbols(path: Path) -> list[str]:
    """The symbols of a file, sorted."""
    return sorted(pl.read_parquet(path, columns=["symbol"])["symbol"].unique())


async def work_nights(ws: Workspace, dates: Sequence[date]) -> None:
    """Night after night at its own morning; every purchase that is proposed is approved then."""
    clock = ws.clock
    assert isinstance(clock, VirtualClock)
    for on in dates:
        clock.at = known_until(on)
        assert (await run_night(ws, on)).status == "done"
        async with ws.db.read() as conn:
            rows = await decisions.find(conn, decisions.table.c.decided_on == on)
        for row in sorted(rows, key=lambda one: one.symbol):
            if row.action in ("BUY", "SELL") and row.status in WAITING and row.quantity is not None:
                await approve(ws, row.id)


async def read_made(ws: Workspace) -> dict[str, bytes]:
    """All that the desk has made, by table, as bytes: the same in every home that was filled alike."""
    found = {}
    async with ws.db.read() as conn:
        for name, (records, keys) in MADE.items():
            rows = [without_ids(row) for row in await records.find(conn)]
            rows.sort(key=lambda row: tuple(str(row[key]) for key in keys))
            found[name] = "\n".join(spell(plain_json(row)) for row in rows).encode()
    return found


def morning(on: date) -> datetime:
    """The instant at which a home begins, for a first night of ``on``."""
    return known_until(on) - timedelta(days=1)
