"""Splits and dividends: current state, with what each revision knew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import polars as pl
from sqlalchemy import Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import known_at
from pacesetter.store.tables.action import corporate_actions

ACTIONS = {"symbol": pl.String, "ex_on": pl.Date, "kind": pl.String, "value": pl.Float64}


async def upsert_actions(
    conn: AsyncConnection, frame: pl.DataFrame, *, source: str, revision: int, known_at: datetime
) -> int:
    """Store actions (``ACTION_SCHEMA``); one with another value ends the old row. Returns new rows."""
    if frame.is_empty():
        return 0
    keys = ("symbol", "ex_on", "kind")
    await stage(conn, "incoming_actions", frame.unique(keys, keep="last"), key=keys)
    same = "a.symbol = i.symbol AND a.ex_on = i.ex_on AND a.kind = i.kind AND a.known_to_revision IS NULL"
    await conn.execute(
        text(
            "UPDATE corporate_actions AS a SET known_to_revision = :revision WHERE known_to_revision IS NULL "
            f"AND EXISTS (SELECT 1 FROM incoming_actions i WHERE {same} AND i.value <> a.value)"
        ),
        {"revision": revision},
    )
    fresh = await read_frame(
        conn,
        text(
            "SELECT i.symbol, i.ex_on, i.kind, i.value, i.currency FROM incoming_actions i "
            f"WHERE NOT EXISTS (SELECT 1 FROM corporate_actions a WHERE {same})"
        ),
        {
            "symbol": pl.String,
            "ex_on": pl.Date,
            "kind": pl.String,
            "value": pl.Float64,
            "currency": pl.String,
        },
    )
    return await load_frame(
        conn,
        corporate_actions,
        fresh.with_columns(
            data_source=pl.lit(source),
            known_at=pl.lit(known_at).cast(pl.Datetime("us", "UTC")),
            known_from_revision=pl.lit(revision, pl.Int64),
        ),
    )


async def list_actions(
    conn: AsyncConnection, at: int | None = None, symbols: Collection[str] | None = None
) -> pl.DataFrame:
    """All actions (of some symbols) as known at a data revision (None: now): symbol, ex_on, kind, value."""
    only = "" if symbols is None else "AND symbol IN :symbols "
    query = text(
        "SELECT symbol, ex_on, kind, value FROM corporate_actions "
        f"WHERE {known_at(at)} {only}ORDER BY symbol, ex_on, kind"
    )
    if symbols is not None:
        query = query.bindparams(bindparam("symbols", list(symbols), expanding=True))
    return await read_frame(conn, query, ACTIONS)


async def actions_within(
    conn: AsyncConnection, symbols: Sequence[str], first: date, last: date
) -> pl.DataFrame:
    """What growth from ``first`` to ``last`` needs of ``list_actions``: the actions in these days, and those
    of each symbol's earliest ex-date, because that a symbol has any at all decides what its closes are
    compared by (``measure_growth``)."""
    if not symbols:
        return pl.DataFrame(schema=ACTIONS)
    known = known_at(None)
    query = text(
        "SELECT symbol, ex_on, kind, value FROM corporate_actions "
        f"WHERE symbol IN :symbols AND ex_on BETWEEN :first AND :last AND {known} "
        "UNION SELECT a.symbol, a.ex_on, a.kind, a.value FROM symbol_universe u "
        "JOIN corporate_actions a ON a.symbol = u.symbol AND a.ex_on = (SELECT min(ex_on) "
        f"FROM corporate_actions WHERE symbol = u.symbol AND {known}) "
        "WHERE u.symbol IN :symbols AND a.known_to_revision IS NULL ORDER BY 1, 2, 3"
    ).bindparams(
        bindparam("symbols", list(symbols), expanding=True),
        bindparam("first", first, Date),
        bindparam("last", last, Date),
    )
    return await read_frame(conn, query, ACTIONS)


async def splits_of(conn: AsyncConnection, symbols: Sequence[str]) -> pl.DataFrame:
    """Splits of those symbols whose prices are stored unadjusted: symbol, ex_on, value (new
    shares per old one). Prices that are adjusted already do not jump on a split."""
    raw = await read_frame(
        conn, text("SELECT symbol FROM symbol_universe WHERE basis = 'raw'"), {"symbol": pl.String}
    )
    actions = (await list_actions(conn)).filter(pl.col("kind") == "split").drop("kind")
    return actions.join(raw, on="symbol", how="semi").filter(pl.col("symbol").is_in(list(symbols)))
