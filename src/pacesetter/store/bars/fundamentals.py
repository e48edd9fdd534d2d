"""Fundamentals: dated snapshots with the date since when each was known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import polars as pl
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import known_at
from pacesetter.store.tables.fact import MEASURES, fundamentals

KEYS = ("symbol", "as_of", "known_on")


async def upsert_fundamentals(
    conn: AsyncConnection,
    frame: pl.DataFrame,
    *,
    known_on: date | None,
    revision: int,
    fetched_at: datetime,
    source: str,
) -> Counts:
    """Store snapshots: symbol, any of the measures, optionally as_of, known_on and currency.

    ``known_on`` fills a missing column of that name; as_of is the day it was known when
    the source gives none. A different value ends the old row, an equal one changes nothing.
    """
    if frame.is_empty():
        return Counts()
    rows = complete(frame, known_on)
    await stage(conn, "incoming_facts", rows, key=KEYS)
    same = " AND ".join(f"f.{k} = i.{k}" for k in KEYS) + " AND f.known_to_revision IS NULL"
    differs = " OR ".join(f"f.{c} IS DISTINCT FROM i.{c}" for c in (*MEASURES, "currency"))
    ended = await conn.execute(
        text(
            "UPDATE fundamentals AS f SET known_to_revision = :revision WHERE f.known_to_revision IS NULL "
            f"AND EXISTS (SELECT 1 FROM incoming_facts i WHERE {same} AND ({differs}))"
        ),
        {"revision": revision},
    )
    fresh = await read_frame(
        conn,
        text(
            f"SELECT {', '.join('i.' + c for c in KEYS)} FROM incoming_facts i "
            f"WHERE NOT EXISTS (SELECT 1 FROM fundamentals f WHERE {same})"
        ),
        {"symbol": pl.String, "as_of": pl.Date, "known_on": pl.Date},
    )
    await load_frame(
        conn,
        fundamentals,
        rows.join(fresh, on=list(KEYS)).with_columns(
            data_source=pl.lit(source),
            fetched_at=pl.lit(fetched_at).cast(pl.Datetime("us", "UTC")),
            known_from_revision=pl.lit(revision, pl.Int64),
        ),
    )
    return Counts(fresh.height - ended.rowcount, ended.rowcount, rows.height - fresh.height)


def complete(frame: pl.DataFrame, known_on: date | None) -> pl.DataFrame:
    """All columns, in the table's types, one row a key (the last one counts)."""
    if "known_on" not in frame.columns:
        frame = frame.with_columns(known_on=pl.lit(known_on, pl.Date))
    if "as_of" not in frame.columns:
        frame = frame.with_columns(as_of=pl.col("known_on"))
    absent = [pl.lit(None, pl.Float64).alias(m) for m in MEASURES if m not in frame.columns]
    if "currency" not in frame.columns:
        absent.append(pl.lit(None, pl.String).alias("currency"))
    whole = frame.with_columns(absent, as_of=pl.col("as_of").fill_null(pl.col("known_on")))
    return whole.select(*KEYS, *MEASURES, "currency").unique(KEYS, keep="last", maintain_order=True)


async def list_facts(
    conn: AsyncConnection, until: date, at: int | None = None, symbols: Collection[str] | None = None
) -> pl.DataFrame:
    """All snapshots (of some symbols) known on or before ``until``, as stored at a data revision (None:
    now), by symbol, known_on and as_of."""
    schema: dict[str, type[pl.DataType]] = {"symbol": pl.String, "as_of": pl.Date, "known_on": pl.Date}
    schema |= dict.fromkeys(MEASURES, pl.Float64) | {"currency": pl.String}
    only = "" if symbols is None else "AND symbol IN :symbols "
    query = text(
        f"SELECT {', '.join(schema)} FROM fundamentals WHERE {known_at(at)} {only}"
        "ORDER BY symbol, known_on, as_of"
    )
    if symbols is not None:
        query = query.bindparams(bindparam("symbols", list(symbols), expanding=True))
    frame = await read_frame(conn, query, schema)
    return frame.filter(pl.col("known_on") <= until)
