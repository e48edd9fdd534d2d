"""Load a panel: cached segments side by side, and growth from bar to bar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import StoreError
from pacesetter.market.calendar import day_date, day_number, session_days
from pacesetter.market.growth import count_shares, measure_growth
from pacesetter.market.panel import F8, I4, Facts, Panel
from pacesetter.store.bars.actions import list_actions
from pacesetter.store.bars.fundamentals import list_facts
from pacesetter.store.bars.known_bars import parts_at
from pacesetter.store.bars.segments import (
    COLUMNS,
    code_rows,
    database_folder,
    give_identity,
    read_segments,
    refresh,
)
from pacesetter.store.database.engine import Database
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.home import Home
from pacesetter.store.database.revisions import newest_revision
from pacesetter.store.tables.bar import market_data_cache
from pacesetter.store.tables.fact import MEASURES
from pacesetter.store.tables.symbol import symbol_universe

Column = np.ndarray
TRIES = 3
DESCRIBED = ("symbol", "name", "asset_type", "basis", "currency", "quote_unit")
PRICES = ("open", "high", "low", "close", "adj_close", "volume")


async def load_panel(
    db: Database,
    home: Home,
    *,
    sessions: Sequence[date],
    calendar: str,
    asset_types: Collection[str],
    benchmark: str | None = None,
    at: int | None = None,
) -> Panel:
    """All accepted bars up to the last of ``sessions``, as known at a data revision (None: now).

    Holds the symbols of ``asset_types`` and the benchmark, where it has bars.
    """
    async with db.read() as conn:
        known = await database_folder(conn, home.panels)
    if known is None:
        async with db.write() as conn:
            await give_identity(conn)
    async with db.read() as conn:
        return await load_with(conn, home.panels, sessions, calendar, asset_types, benchmark, at)


async def load_with(
    conn: AsyncConnection,
    panels: Path,
    sessions: Sequence[date],
    calendar: str,
    asset_types: Collection[str],
    benchmark: str | None,
    at: int | None,
) -> Panel:
    """``load_panel`` on an open connection."""
    folder = await database_folder(conn, panels)
    if folder is None:
        raise StoreError("the database has no identity", mend="open it with `pacesetter doctor` once")
    revision, parts = await read_parts(conn, folder)
    if at is not None and at < revision:
        revision, parts = at, await parts_at(conn, parts, at)
    return await build_panel(conn, revision, parts, sessions, calendar, asset_types, benchmark, at)


async def load_symbols(
    db: Database,
    symbols: Collection[str],
    *,
    sessions: Sequence[date],
    calendar: str,
    asset_types: Collection[str],
) -> Panel:
    """The panel of some symbols alone, straight from their rows: for a few, the files of all would first
    have to be brought up to date. The same bits as in ``load_panel``."""
    query = select(*(market_data_cache.c[name] for name in COLUMNS))
    async with db.read() as conn:
        revision = await newest_revision(conn)
        frame = await read_frame(conn, query.where(market_data_cache.c.symbol.in_(symbols)), COLUMNS)
        return await build_panel(
            conn, revision, [code_rows(frame)], sessions, calendar, asset_types, None, None, symbols
        )


async def build_panel(
    conn: AsyncConnection,
    revision: int,
    parts: list[tuple[list[str], pl.DataFrame]],
    sessions: Sequence[date],
    calendar: str,
    asset_types: Collection[str],
    benchmark: str | None,
    at: int | None,
    symbols: Collection[str] | None = None,
) -> Panel:
    """The panel of segments; ``symbols``: the only ones that are in ``parts`` (None: any)."""
    last = day_number(max(sessions))
    about = symbol_universe.c
    rows = await conn.execute(
        select(*(about[name] for name in DESCRIBED)).where(
            or_(about.asset_type.in_(asset_types), about.symbol == benchmark)
        )
    )
    described = {row.symbol: row for row in rows}
    wanted = sorted({s for names, _ in parts for s in names if s in described})
    offsets, columns = side_by_side(parts, wanted, last)
    owner = np.repeat(np.arange(len(wanted)), np.diff(offsets)).astype(np.int32)
    basis = [described[s].basis or "split_dividend" for s in wanted]
    actions = code_actions(await list_actions(conn, at, symbols), wanted)
    growth = measure_growth(owner, columns["date"], columns["close"], columns["adj_close"], basis, actions)
    splits = count_shares(owner, columns["date"], basis, actions)
    columns["volume"] /= splits
    first = int(columns["date"].min()) if len(owner) else last
    own_dates = [session_days(calendar, day_date(first), max(sessions))]
    return Panel(
        symbols=tuple(wanted),
        offsets=offsets,
        date=columns["date"],
        open=columns["open"],
        high=columns["high"],
        low=columns["low"],
        close=columns["close"],
        volume=columns["volume"],
        growth=growth,
        final=columns["is_final"],
        calendar=np.unique(np.concatenate(own_dates)).astype(np.int32),
        sessions=np.array([day_number(on) for on in sessions], dtype=np.int32),
        asset_type=tuple(described[s].asset_type for s in wanted),
        currency=tuple(described[s].currency for s in wanted),
        quote_unit=np.array([100.0 if described[s].quote_unit == "GBX" else 1.0 for s in wanted]),
        benchmark=wanted.index(benchmark) if benchmark in wanted else None,
        facts=code_facts(await list_facts(conn, max(sessions), at, symbols), wanted),
        names={s: described[s].name for s in wanted if described[s].name},
        revision=revision,
        splits=splits if (splits != 1.0).any() else None,
    )


async def read_parts(conn: AsyncConnection, folder: Path) -> tuple[int, list[tuple[list[str], pl.DataFrame]]]:
    """The newest data revision and its segments; anew when the folder was emptied while they were opened."""
    for _ in range(TRIES - 1):
        with suppress(FileNotFoundError):
            manifest = await refresh(conn, folder)
            return manifest.revision, read_segments(folder, manifest)
    manifest = await refresh(conn, folder)
    return manifest.revision, read_segments(folder, manifest)


def side_by_side(
    parts: list[tuple[list[str], pl.DataFrame]], wanted: list[str], last: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Bars of all periods in one array a column, symbol after symbol, oldest first.

    Each period is sorted by symbol and date, so a row's place is known without sorting.
    """
    index = {symbol: i for i, symbol in enumerate(wanted)}
    pieces = []
    for names, frame in parts:
        place = np.array([index.get(s, -1) for s in names], dtype=np.int64)
        if 2 * len(index) < len(names):  # most rows are others': left behind before they are looked at
            own = np.flatnonzero(place >= 0)
            frame = frame.filter(pl.col("code").is_in(own.tolist()))
        code = place[frame["code"].to_numpy()]
        keep = (code >= 0) & (frame["date"].to_numpy() <= last)
        pieces.append((code, keep, np.bincount(code[keep], minlength=len(wanted)), frame))
    totals = sum((counts for _, _, counts, _ in pieces), np.zeros(len(wanted), dtype=np.int64))
    offsets = np.zeros(len(wanted) + 1, dtype=np.int64)
    np.cumsum(totals, out=offsets[1:])
    columns: dict[str, np.ndarray] = {name: np.empty(offsets[-1]) for name in PRICES}
    columns["date"] = np.empty(offsets[-1], dtype=np.int32)
    columns["is_final"] = np.empty(offsets[-1], dtype=bool)
    start = offsets[:-1].copy()
    for code, keep, counts, frame in pieces:
        own = code[keep]
        before = np.zeros(len(wanted), dtype=np.int64)
        np.cumsum(counts[:-1], out=before[1:])
        place = np.arange(len(own)) + (start - before)[own]
        for name, column in columns.items():
            values = frame[name].to_numpy()
            column[place] = values if keep.all() else values[keep]
        start += counts
    return offsets, columns


def code_actions(actions: pl.DataFrame, symbols: list[str]) -> tuple[I4, I4, np.ndarray, F8]:
    """Actions as arrays: symbol index, ex-date, whether a split, value."""
    index = {symbol: i for i, symbol in enumerate(symbols)}
    known = actions.filter(pl.col("symbol").is_in(symbols))
    return (
        np.array([index[s] for s in known["symbol"]], dtype=np.int32),
        known["ex_on"].cast(pl.Int32).to_numpy(),
        (known["kind"] == "split").to_numpy(),
        known["value"].to_numpy(),
    )


def code_facts(facts: pl.DataFrame, symbols: list[str]) -> Facts:
    """Fundamentals in the panel's long form."""
    index = {symbol: i for i, symbol in enumerate(symbols)}
    known = facts.filter(pl.col("symbol").is_in(symbols)).with_columns(
        code=pl.col("symbol").replace_strict(index, return_dtype=pl.Int32)
    )
    known = known.sort("code", "known_on", "as_of")
    return Facts(
        symbol=known["code"].to_numpy(),
        known_on=known["known_on"].cast(pl.Int32).to_numpy(),
        as_of=known["as_of"].cast(pl.Int32).to_numpy(),
        values={name: known[name].to_numpy() for name in MEASURES},
        currency=tuple(known["currency"]),
    )
