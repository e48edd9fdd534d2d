"""The intervals of published ranks: kept once, read with the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import Row, and_, exists, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.interval import rank_intervals
from pacesetter.store.tables.ranking import ranking_results

KEY = ("domain_id", "method_version_id", "metric_date", "evidence_cycle_id")
INTERVAL_SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("domain_id", "method_version_id"), pl.Binary),
    "metric_date": pl.Date,
    "evidence_cycle_id": pl.Binary,
    "symbol": pl.String,
    "low_rank": pl.Int64,
    "high_rank": pl.Int64,
    "n_ranked": pl.Int64,
    "n_draws": pl.Int64,
    "flip_share": pl.Float64,
}


def of_head(head: Any) -> Any:
    """The condition that rows are those of a head's evidence."""
    return and_(*(rank_intervals.c[key] == getattr(head, key) for key in KEY))


async def without_intervals(conn: AsyncConnection, heads: Sequence[Any]) -> list[Any]:
    """The heads with ranks that have no intervals yet."""
    result = ranking_results.c
    missing = []
    for head in heads:
        ranked = select(result.symbol).where(
            *(result[key] == getattr(head, key) for key in (*KEY[:3], "cycle_id")),
            result.current_rank.is_not(None),
        )
        measured = select(rank_intervals.c.symbol).where(of_head(head))
        if await conn.scalar(select(and_(exists(ranked), ~exists(measured)))):
            missing.append(head)
    return missing


async def keep_intervals(conn: AsyncConnection, heads: Sequence[Any], rows: pl.DataFrame) -> int:
    """Store ``rows`` (``INTERVAL_SCHEMA``) of those heads that have none; returns how many were stored."""
    if conn.dialect.name == "postgresql":  # two processes may have measured the same board
        await conn.execute(text("LOCK TABLE rank_intervals IN SHARE ROW EXCLUSIVE MODE"))
    missing = await without_intervals(conn, heads)
    boards = {key: [getattr(head, key).bytes for head in missing] for key in KEY if key != "metric_date"}
    wanted = pl.DataFrame(boards, schema=dict.fromkeys(boards, pl.Binary))
    return await load_frame(conn, rank_intervals, rows.join(wanted, on=list(boards), how="semi"))


async def read_intervals(
    conn: AsyncConnection, head: Any, symbols: Sequence[str] | None = None
) -> dict[str, Row[Any]]:
    """The intervals of a head's ranks by symbol (of ``symbols``, where given); none where they were
    not measured."""
    query = select(*(rank_intervals.c[name] for name in INTERVAL_SCHEMA if name not in KEY)).where(
        of_head(head)
    )
    if symbols is not None:
        query = query.where(rank_intervals.c.symbol.in_(symbols))
    return {row.symbol: row for row in (await conn.execute(query)).all()}


async def interval_rows(conn: AsyncConnection, heads: Sequence[Any]) -> pl.DataFrame:
    """The intervals of several heads (``INTERVAL_SCHEMA``)."""
    frames = [
        await read_frame(
            conn,
            select(*[rank_intervals.c[name] for name in INTERVAL_SCHEMA]).where(of_head(head)),
            INTERVAL_SCHEMA,
        )
        for head in heads
    ]
    return pl.concat([pl.DataFrame(schema=INTERVAL_SCHEMA), *frames])
