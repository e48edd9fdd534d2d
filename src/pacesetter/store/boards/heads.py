"""Heads: which cycle's rows of a board and date count now, and since when."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import polars as pl
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.ranking.publication import BOARD, RESULT_SCHEMA
from pacesetter.store.bars.bars import timed
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.base import Id
from pacesetter.store.tables.ranking import board_heads

HEAD = (*BOARD, "metric_date")
STORED: dict[str, type[pl.DataType]] = {
    **RESULT_SCHEMA,
    "previous_rank": pl.Int64,
    "previous_on": pl.Date,
    "rank_change": pl.Int64,
}
HEAD_SCHEMA: dict[str, type[pl.DataType]] = {
    "domain_id": pl.Binary,
    "method_version_id": pl.Binary,
    "metric_date": pl.Date,
    "cycle_id": pl.Binary,
    "evidence_cycle_id": pl.Binary,
    "is_provisional": pl.Boolean,
}


async def current_heads(conn: AsyncConnection, dates: pl.DataFrame) -> pl.DataFrame:
    """The heads that publishing ``dates`` (``HEAD``) can concern.

    For each board: from the last final date before the first of ``dates`` to the first
    final one after the last of them; nothing beyond refers to what lies between.
    """
    asked = dates.group_by(BOARD).agg(first=pl.col("metric_date").min(), last=pl.col("metric_date").max())
    await stage(conn, "asked_boards", asked, key=BOARD)
    final = (
        "SELECT {0}(f.metric_date) FROM board_heads f WHERE f.domain_id = q.domain_id "
        "AND f.method_version_id = q.method_version_id AND f.head_to IS NULL "
        "AND NOT f.is_provisional AND f.metric_date {1}"
    )
    return await read_frame(
        conn,
        text(
            f"SELECT {', '.join('h.' + name for name in HEAD_SCHEMA)} "
            "FROM asked_boards q JOIN board_heads h ON h.domain_id = q.domain_id "
            "AND h.method_version_id = q.method_version_id AND h.head_to IS NULL "
            f"AND h.metric_date >= coalesce(({final.format('max', '< q.first')}), q.first) "
            f"AND h.metric_date <= coalesce(({final.format('min', '> q.last')}), '9999-12-31')"
        ),
        HEAD_SCHEMA,
    )


async def head_rows(conn: AsyncConnection, heads: pl.DataFrame) -> pl.DataFrame:
    """The stored rows (``STORED``) that ``heads`` point to."""
    if heads.is_empty():
        return pl.DataFrame(schema=STORED)
    await stage(conn, "asked_heads", heads.select(*HEAD, "cycle_id"))
    same = " AND ".join(f"r.{key} = q.{key}" for key in (*HEAD, "cycle_id"))
    return await read_frame(
        conn,
        text(
            f"SELECT {', '.join('r.' + name for name in STORED)} "
            f"FROM asked_heads q CROSS JOIN ranking_results r WHERE {same}"
        ),
        STORED,
    )


async def is_taken(conn: AsyncConnection, cycle_id: UUID, moved: pl.DataFrame) -> bool:
    """Whether this cycle has written rows of any of ``moved`` before."""
    await stage(conn, "moved_heads", moved.select(HEAD), key=HEAD)
    same = " AND ".join(f"r.{key} = m.{key}" for key in HEAD)
    query = text(
        f"SELECT 1 FROM moved_heads m WHERE EXISTS (SELECT 1 FROM ranking_results r WHERE {same} "
        "AND r.cycle_id = :cycle) LIMIT 1"
    )
    return await conn.scalar(query.bindparams(bindparam("cycle", cycle_id, Id))) is not None


async def move_heads(conn: AsyncConnection, moved: pl.DataFrame, at: datetime) -> None:
    """Let ``moved`` (``HEAD_SCHEMA``) count from now on; the former heads end at that instant."""
    await stage(conn, "moved_heads", moved.select(HEAD), key=HEAD)
    same = " AND ".join(f"h.{key} = m.{key}" for key in HEAD)
    newest = await conn.scalar(
        text(
            f"SELECT max(h.head_from) AS newest FROM moved_heads m CROSS JOIN board_heads h WHERE {same}"
        ).columns(newest=board_heads.c.head_from.type)
    )
    since = at if newest is None else max(at, newest + timedelta(microseconds=1))
    await conn.execute(
        timed(
            "UPDATE board_heads AS h SET head_to = :at WHERE head_to IS NULL "
            f"AND EXISTS (SELECT 1 FROM moved_heads m WHERE {same})"
        ),
        {"at": since},
    )
    stamp = pl.lit(since).cast(pl.Datetime("us", "UTC"))
    await load_frame(conn, board_heads, moved.select(list(HEAD_SCHEMA)).with_columns(head_from=stamp))
