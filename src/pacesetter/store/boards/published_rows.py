"""Everything that was published for a date, as frames to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.ranking.publication import STAT_SCHEMA, VALUE_SCHEMA
from pacesetter.store.boards.boards import head_at
from pacesetter.store.boards.heads import head_rows
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.cycle import cycles
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values

HEAD_COLUMNS: dict[str, type[pl.DataType]] = {
    "domain_id": pl.Binary,
    "method_version_id": pl.Binary,
    "metric_date": pl.Date,
    "cycle_id": pl.Binary,
}


async def heads_of(conn: AsyncConnection, on: date) -> list[Row[Any]]:
    """The current heads of a date, with slug, name and asset_type of the board, and what is kept of the cycle
    that their evidence comes from: data_revision, cycle_date, fingerprint, progress."""
    evidence = cycles.c
    return list(
        await conn.execute(
            select(
                board_heads,
                domains.c.slug,
                domains.c.name,
                domains.c.asset_type,
                evidence.data_revision,
                evidence.metric_date.label("cycle_date"),
                evidence.fingerprint,
                evidence.progress,
            )
            .join(domains, domains.c.id == board_heads.c.domain_id)
            .join(cycles, evidence.id == board_heads.c.evidence_cycle_id)
            .where(board_heads.c.metric_date == on, head_at(None), domains.c.is_active)
            .order_by(domains.c.position, domains.c.name)
        )
    )


async def result_rows(conn: AsyncConnection, heads: Sequence[Any]) -> pl.DataFrame:
    """The rows of boards that heads name (``STORED``)."""
    frame = pl.DataFrame(
        {
            name: [v.bytes if isinstance(v := getattr(head, name), UUID) else v for head in heads]
            for name in HEAD_COLUMNS
        },
        schema=HEAD_COLUMNS,
    )
    return await head_rows(conn, frame)


async def previous_rows(conn: AsyncConnection, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, now, of the previous dates that published rows refer to."""
    asked = rows.select("domain_id", "method_version_id", "previous_on").unique().drop_nulls()
    head = board_heads.c
    keys = [(UUID(bytes=d), UUID(bytes=m), on) for d, m, on in asked.iter_rows()]
    heads = await conn.execute(
        select(board_heads).where(
            tuple_(head.domain_id, head.method_version_id, head.metric_date).in_(keys), head_at(None)
        )
    )
    return await result_rows(conn, list(heads))


async def value_rows(conn: AsyncConnection, cycle_id: UUID, on: date) -> pl.DataFrame:
    """The factor values that a cycle wrote for a date (``VALUE_SCHEMA``)."""
    value = factor_values.c
    query = select(*[value[name] for name in VALUE_SCHEMA])
    query = query.where(value.cycle_id == cycle_id, value.metric_date == on)
    return await read_frame(conn, query, VALUE_SCHEMA)


async def stat_rows(conn: AsyncConnection, cycle_id: UUID, on: date) -> pl.DataFrame:
    """The statistics that a cycle wrote for a date (``STAT_SCHEMA``)."""
    stat = factor_stats.c
    query = select(*[stat[name] for name in STAT_SCHEMA])
    return await read_frame(conn, query.where(stat.cycle_id == cycle_id, stat.metric_date == on), STAT_SCHEMA)
