"""Bars: set-based writes that keep what they replace, and questions about prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Date, Row, TextClause, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.bar import BAR_SCHEMA
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.bar import market_data_cache
from pacesetter.store.tables.base import Instant

VALUES = ("open", "high", "low", "close", "adj_close", "volume", "is_final")
COMPARED = ("open", "high", "low", "close", "volume", "is_final")

# A vendor restates adj_close with every dividend; that is a revision only where it is
# the one adjustment we have, i.e. for symbols without stored splits and dividends.
DIFFERS = (
    "("
    + " OR ".join(f"b.{c} IS DISTINCT FROM i.{c}" for c in COMPARED)
    + " OR (b.adj_close IS DISTINCT FROM i.adj_close AND NOT EXISTS "
    "(SELECT 1 FROM corporate_actions a WHERE a.symbol = b.symbol AND a.known_to_revision IS NULL)))"
)
# A person's repair stands against everything but another repair.
REPAIRED = (
    "(EXISTS (SELECT 1 FROM data_revisions r WHERE r.revision = b.known_from_revision "
    "AND r.cause = 'repair') AND NOT EXISTS (SELECT 1 FROM data_revisions n "
    "WHERE n.revision = :revision AND n.cause = 'repair'))"
)


@dataclass(frozen=True)
class StoredBar:
    """A stored price of a symbol on a date."""

    symbol: str
    date: date
    close: float
    adj_close: float | None
    volume: int | None
    data_source: str
    fetched_at: datetime


def timed(sql: str) -> TextClause:
    """SQL whose ``:at`` is an instant."""
    return text(sql).bindparams(bindparam("at", type_=Instant))


async def upsert_bars(
    conn: AsyncConnection, frame: pl.DataFrame, *, source: str, revision: int, fetched_at: datetime
) -> Counts:
    """Store accepted bars (``BAR_SCHEMA`` and ``is_final``), one row a symbol and date.

    A value that replaces a different one leaves the whole old row in
    ``market_data_revisions``. A row that a person repaired stands: a conflict.
    """
    if frame.is_empty():
        return Counts()
    bars = frame.select("symbol", "date", *VALUES)
    if not await has_dates(conn, bars["date"].min(), bars["date"].max()):  # a new day: nothing to compare
        await insert_new(conn, bars, source=source, revision=revision, fetched_at=fetched_at)
        return Counts(bars.height)
    stored = await symbols_with_bars(conn, bars["symbol"].unique().to_list())
    fresh = bars.filter(~pl.col("symbol").is_in(list(stored)))
    await insert_new(conn, fresh, source=source, revision=revision, fetched_at=fetched_at)
    rest = bars.filter(pl.col("symbol").is_in(list(stored)))
    merged = await merge(conn, rest, source=source, revision=revision, fetched_at=fetched_at)
    return merged._replace(inserted=merged.inserted + fresh.height)


async def insert_new(
    conn: AsyncConnection, bars: pl.DataFrame, *, source: str, revision: int, fetched_at: datetime
) -> None:
    """Bars of symbols that have none: nothing to compare with, so straight in."""
    await load_frame(
        conn,
        market_data_cache,
        bars.with_columns(
            data_source=pl.lit(source),
            fetched_at=pl.lit(fetched_at).cast(pl.Datetime("us", "UTC")),
            known_from_revision=pl.lit(revision, pl.Int64),
        ),
    )


async def merge(
    conn: AsyncConnection, bars: pl.DataFrame, *, source: str, revision: int, fetched_at: datetime
) -> Counts:
    """Bars of symbols that have some: compare, keep what is replaced, then replace."""
    if bars.is_empty():
        return Counts()
    await stage(conn, "incoming_bars", bars, key=("symbol", "date"))
    # CROSS JOIN keeps SQLite's planner from reading all stored bars to find a few (20 s instead of 20 ms)
    joined = (
        "FROM incoming_bars i CROSS JOIN market_data_cache b WHERE b.symbol = i.symbol AND b.date = i.date"
    )
    counted = await conn.execute(
        text(
            f"SELECT count(*), coalesce(sum(CASE WHEN {DIFFERS} THEN 1 ELSE 0 END), 0), "
            f"coalesce(sum(CASE WHEN {DIFFERS} AND {REPAIRED} THEN 1 ELSE 0 END), 0) {joined}"
        ),
        {"revision": revision},
    )
    present, differing, conflicts = (int(n) for n in counted.one())
    if differing > conflicts:
        kept = ", ".join(f"b.{c}" for c in (*VALUES, "data_source", "fetched_at"))
        await conn.execute(
            text(
                "INSERT INTO market_data_revisions (symbol, date, known_to, known_from, "
                f"{', '.join(VALUES)}, data_source, fetched_at) "
                f"SELECT b.symbol, b.date, :revision, b.known_from_revision, {kept} {joined} "
                f"AND {DIFFERS} AND NOT {REPAIRED}"
            ),
            {"revision": revision},
        )
    sets = ", ".join(
        f"{c} = excluded.{c}" for c in (*VALUES, "data_source", "fetched_at", "known_from_revision")
    )
    condition = f"{DIFFERS} AND NOT {REPAIRED}".replace("i.", "excluded.")
    if present < bars.height or differing > conflicts:
        await conn.execute(
            timed(
                f"INSERT INTO market_data_cache AS b (symbol, date, {', '.join(VALUES)}, "
                "data_source, fetched_at, known_from_revision) "
                f"SELECT symbol, date, {', '.join(VALUES)}, :source, :at, :revision FROM incoming_bars "
                f"WHERE true ON CONFLICT (symbol, date) DO UPDATE SET {sets} WHERE {condition}"
            ),
            {"source": source, "at": fetched_at, "revision": revision},
        )
    changed = differing - conflicts
    return Counts(bars.height - present, changed, present - changed, conflicts)


async def has_dates(conn: AsyncConnection, first: Any, last: Any) -> bool:
    """Whether any bar is stored of a date from ``first`` to ``last``."""
    bar = market_data_cache.c
    found = select(bar.symbol).where(bar.date.between(first, last)).limit(1)
    return await conn.scalar(found) is not None


async def symbols_with_bars(conn: AsyncConnection, symbols: Sequence[str]) -> set[str]:
    """Those of ``symbols`` that have at least one stored bar."""
    await stage(conn, "asked_symbols", pl.DataFrame({"symbol": list(symbols)}, schema={"symbol": pl.String}))
    rows = await conn.execute(
        text(
            "SELECT symbol FROM asked_symbols q WHERE EXISTS "
            "(SELECT 1 FROM market_data_cache b WHERE b.symbol = q.symbol)"
        )
    )
    return {row[0] for row in rows}


async def bars_before(conn: AsyncConnection, gaps: pl.DataFrame, n: int = 12) -> pl.DataFrame:
    """The last ``n`` accepted bars inside each of ``gaps`` (symbol, after, first): of the symbol,
    newer than ``after`` and older than ``first``."""
    await stage(conn, "gaps", gaps.select("symbol", "after", "first"))
    columns = ("symbol", "date", *VALUES)
    return await read_frame(
        conn,
        text(
            f"SELECT {', '.join(columns)} FROM (SELECT b.*, row_number() OVER "
            "(PARTITION BY b.symbol, f.first ORDER BY b.date DESC) AS back FROM gaps f "
            "JOIN market_data_cache b ON b.symbol = f.symbol AND b.date < f.first "
            "AND b.date > f.after) latest "
            "WHERE back <= :n ORDER BY symbol, date"
        ).bindparams(n=n),
        BAR_FRAME,
    )


async def read_prices(
    conn: AsyncConnection, symbol: str, *, first: date | None, last: date | None, limit: int
) -> list[Row[Any]]:
    """The newest ``limit`` accepted bars of a symbol between two dates, oldest first."""
    bar = market_data_cache.c
    query = select(market_data_cache).where(bar.symbol == symbol)
    if first is not None:
        query = query.where(bar.date >= first)
    if last is not None:
        query = query.where(bar.date <= last)
    return list(await conn.execute(query.order_by(bar.date.desc()).limit(limit)))[::-1]


async def price_on(conn: AsyncConnection, symbol: str, on: date) -> StoredBar | None:
    """The bar of a symbol on exactly that date; None when there is none."""
    bar = market_data_cache.c
    row = (
        await conn.execute(
            select(
                bar.symbol, bar.date, bar.close, bar.adj_close, bar.volume, bar.data_source, bar.fetched_at
            ).where(bar.symbol == symbol, bar.date == on)
        )
    ).first()
    return None if row is None else StoredBar(*row)


async def newest_price_date(conn: AsyncConnection, symbol: str | None = None) -> date | None:
    """The newest date with a stored price; None when there is none (never today's date)."""
    query = select(func.max(market_data_cache.c.date))
    if symbol is not None:
        query = query.where(market_data_cache.c.symbol == symbol)
    newest: date | None = await conn.scalar(query)
    return newest


async def first_price_date(conn: AsyncConnection) -> date | None:
    """The oldest date with a stored price; None when there is none."""
    oldest: date | None = await conn.scalar(select(func.min(market_data_cache.c.date)))
    return oldest


async def bar_sources(conn: AsyncConnection, until: date) -> list[str]:
    """Who gave the bars of the newest date on or before ``until``."""
    bar = market_data_cache.c
    newest = select(func.max(bar.date)).where(bar.date <= until).scalar_subquery()
    rows = await conn.scalars(select(bar.data_source).where(bar.date == newest).distinct())
    return sorted(rows)


async def bars_between(conn: AsyncConnection, symbol: str, first: date, last: date) -> pl.DataFrame:
    """A symbol's accepted bars from ``first`` to ``last``, both included."""
    return await read_frame(
        conn,
        text(
            f"SELECT symbol, date, {', '.join(VALUES)} FROM market_data_cache "
            "WHERE symbol = :symbol AND date BETWEEN :first AND :last ORDER BY date"
        ).bindparams(
            bindparam("symbol", symbol), bindparam("first", first, Date), bindparam("last", last, Date)
        ),
        BAR_FRAME,
    )


BAR_FRAME: dict[str, type[pl.DataType]] = {**BAR_SCHEMA, "is_final": pl.Boolean}
