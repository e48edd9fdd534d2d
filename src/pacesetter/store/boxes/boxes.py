"""What each source saw of a box on a day, with the data revision since when that is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import polars as pl
from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks, stage
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import known_at
from pacesetter.store.tables.box import OBSERVED, box_observations, unified_box_metrics

KEYS = ("symbol", "date", "source")
SEEN: dict[str, type[pl.DataType]] = {
    "symbol": pl.String,
    "date": pl.Date,
    "source": pl.String,
    **dict.fromkeys(OBSERVED, pl.Float64),
}
TOLD: dict[str, type[pl.DataType]] = {**SEEN, "original": pl.String, "told_as": pl.String}
FLOORS: dict[str, type[pl.DataType]] = {"symbol": pl.String, "date": pl.Date, "floor": pl.Float64}
TOUCHED: dict[str, type[pl.DataType]] = {"symbol": pl.String, "date": pl.Date}


async def upsert_observations(
    conn: AsyncConnection, frame: pl.DataFrame, *, revision: int, at: datetime
) -> Counts:
    """Store observations (``TOLD``): ``SEEN``, ``original`` (every cell as the source gave it, as JSON) and
    ``told_as`` (the joined box that the source told it of, else null), one row a box, day and source.

    Different figures end the old row, which stays; equal ones change nothing, and its first ``original``
    is kept: what a source derives itself may differ from one export to the next.
    """
    if frame.is_empty():
        return Counts()
    await stage(conn, "incoming_boxes", frame.select(*TOLD), key=KEYS)
    same = " AND ".join(f"o.{key} = i.{key}" for key in KEYS) + " AND o.known_to_revision IS NULL"
    differs = " OR ".join(f"o.{name} IS DISTINCT FROM i.{name}" for name in OBSERVED)
    ended = await conn.execute(
        text(
            "UPDATE box_observations AS o SET known_to_revision = :revision "
            "WHERE o.known_to_revision IS NULL "
            f"AND EXISTS (SELECT 1 FROM incoming_boxes i WHERE {same} AND ({differs}))"
        ),
        {"revision": revision},
    )
    columns = ", ".join(SEEN)
    cells = "i.original" if conn.dialect.name == "sqlite" else "CAST(i.original AS jsonb)"
    fresh = await conn.execute(
        text(
            f"INSERT INTO box_observations ({columns}, original, told_as, fetched_at, known_from_revision) "
            f"SELECT {', '.join('i.' + name for name in SEEN)}, {cells}, i.told_as, :at, :revision "
            f"FROM incoming_boxes i WHERE NOT EXISTS (SELECT 1 FROM box_observations o WHERE {same})"
        ).bindparams(bindparam("at", at, box_observations.c.fetched_at.type)),
        {"revision": revision},
    )
    return Counts(fresh.rowcount - ended.rowcount, ended.rowcount, frame.height - fresh.rowcount)


async def read_observations(
    conn: AsyncConnection,
    *,
    symbols: Collection[str] | None = None,
    at: int | None = None,
    until: date | None = None,
) -> pl.DataFrame:
    """Observations (``SEEN``) of all boxes or of some, up to a date, as known at a data revision (None:
    now), by symbol, date and source."""
    row = box_observations.c
    query = select(*(row[name] for name in SEEN)).where(text(known_at(at)))
    if until is not None:
        query = query.where(row.date <= until)
    if symbols is None:
        return (await read_frame(conn, query, SEEN)).sort(KEYS)
    parts = [
        await read_frame(conn, query.where(row.symbol.in_(chunk)), SEEN) for chunk in chunks(set(symbols))
    ]
    return pl.concat(parts).sort(KEYS) if parts else pl.DataFrame(schema=SEEN)


async def read_touched(conn: AsyncConnection, revision: int) -> pl.DataFrame:
    """The boxes and days (``TOUCHED``) of which a data revision wrote, replaced or removed anything."""
    query = text(
        "SELECT DISTINCT symbol, date FROM box_observations "
        "WHERE known_from_revision = :revision OR known_to_revision = :revision"
    ).bindparams(revision=revision)
    return (await read_frame(conn, query, TOUCHED)).sort("symbol", "date")


async def read_last_floor(conn: AsyncConnection, symbol: str, on: date) -> tuple[date, float] | None:
    """The floor price of a box nearest to a day, and its date: of the days before it, else of those after."""
    seen = "SELECT metric_date, floor_price_usd FROM unified_box_metrics WHERE symbol = :symbol "
    seen += "AND floor_price_usd IS NOT NULL AND metric_date {0} :on ORDER BY metric_date {1} LIMIT 1"
    for side, order in (("<", "DESC"), (">", "ASC")):
        query = text(seen.format(side, order)).bindparams(bindparam("symbol", symbol))
        query = query.bindparams(bindparam("on", on, box_observations.c.date.type))
        found = await read_frame(conn, query, {"metric_date": pl.Date, "floor_price_usd": pl.Float64})
        if not found.is_empty():
            day, floor = found.row(0)
            return day, floor
    return None


async def read_new_floors(conn: AsyncConnection, revision: int) -> pl.DataFrame:
    """The floor prices (``FLOORS``) that sources told with a data revision."""
    query = text(
        "SELECT DISTINCT symbol, date, floor_price_usd AS floor FROM box_observations "
        "WHERE known_from_revision = :revision AND floor_price_usd IS NOT NULL"
    ).bindparams(revision=revision)
    return (await read_frame(conn, query, FLOORS)).sort("symbol", "date", "floor")


async def read_floors(conn: AsyncConnection, symbols: Collection[str]) -> pl.DataFrame:
    """The floor prices (``FLOORS``) of some boxes as they stand, one a box and day."""
    of = unified_box_metrics.c
    query = select(of.symbol, of.metric_date.label("date"), of.floor_price_usd.label("floor"))
    query = query.where(of.floor_price_usd.is_not(None))
    parts = [await read_frame(conn, query.where(of.symbol.in_(one)), FLOORS) for one in chunks(set(symbols))]
    return pl.concat([pl.DataFrame(schema=FLOORS), *parts]).sort("symbol", "date")
