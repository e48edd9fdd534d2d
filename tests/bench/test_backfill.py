"""The whole history of every board by the job that users run, against the barest way to store it."""

from __future__ import annotations

from datetime import date
from time import perf_counter
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Boolean, Date, Double, Integer, Table, select, text

from pacesetter.jobs.backfill.backfill_ranks import CHUNK, backfill_ranks
from pacesetter.jobs.boards.define_board import create_board
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.base import Id, Instant
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values, ranking_results
from tests.bench.stopwatch import report
from tests.bench.test_store import opened, world

__all__ = ["world"]
pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
KINDS: dict[type, Any] = {
    Id: pl.Binary,
    Date: pl.Date,
    Integer: pl.Int64,
    Boolean: pl.Boolean,
    Double: pl.Float64,
    Instant: pl.Datetime("us", "UTC"),
}


def test_all_boards_and_a_universe_board_against_a_bare_insert(world) -> None:
    settings, engine = world

    async def measure(ws: Workspace) -> None:
        await create_board(ws, "Everything", rule="all")
        newest = date(2025, 7, 24)
        await backfill_ranks(ws, board="AI/Tech", first=newest)  # the panel is warm, the kernels compiled
        done = await backfill_ranks(ws)
        target = "≤ 1.5" if engine == "sqlite" else "≤ 2"
        frames = {
            table.name: await rows_of(ws, table)
            for table in (ranking_results, board_heads, factor_values, factor_stats)
        }
        bare = await insert_again(ws, frames)
        rows = sum(frame.height for frame in frames.values())
        what = f"{len(done.boards)} boards × {done.published} dates, {rows:,} rows ({engine})"
        report(what, done.took_s, bare, "bare insert of the same rows", target)

    opened(settings, measure)


async def rows_of(ws: Workspace, table: Table) -> pl.DataFrame:
    """A whole table as the bulk path takes it."""
    kinds = {column.name: KINDS.get(type(column.type), pl.String) for column in table.columns}
    async with ws.db.read() as conn:
        return await read_frame(conn, select(table), kinds)


async def insert_again(ws: Workspace, frames: dict[str, pl.DataFrame]) -> float:
    """Seconds to put the same rows into the same tables, emptied, in as many transactions."""
    async with ws.db.write() as conn:
        for name in ("board_heads", *(name for name in frames if name != "board_heads")):
            await conn.execute(text(f"{'DELETE FROM' if ws.db.dialect == 'sqlite' else 'TRUNCATE'} {name}"))
    dates = frames["board_heads"]["metric_date"].unique().sort()
    started = perf_counter()
    for first in range(0, len(dates), CHUNK):
        inside = pl.col("metric_date").is_in(dates[first : first + CHUNK].to_list())
        async with ws.db.write() as conn:
            for name, frame in frames.items():
                await load_frame(conn, name, frame.filter(inside))
    return perf_counter() - started
