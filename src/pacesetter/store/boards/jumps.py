"""The published past of a board's changes of rank, all at once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.boards import HEADED, head_at
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.cycle import cycles
from pacesetter.store.tables.ranking import board_heads, ranking_results

JUMP_SCHEMA: dict[str, type[pl.DataType]] = {
    "metric_date": pl.Date,
    "symbol": pl.String,
    "rank_change": pl.Int64,
}


async def jump_rows(
    conn: AsyncConnection, domain_id: UUID, method_version_id: UUID, until: date, up: int, down: int
) -> pl.DataFrame:
    """The changes of rank (``JUMP_SCHEMA``, in no order) of a board under one version of a method, on
    dates of final ranks up to ``until``, by at least ``up`` places upwards or ``down`` downwards."""
    result = ranking_results.c
    # EXISTS, not a join: with a bound on the dates SQLite joins every head with every row up to there
    counts = exists().where(HEADED, head_at(None), ~board_heads.c.is_provisional)
    query = select(*[result[name] for name in JUMP_SCHEMA]).where(
        result.domain_id == domain_id,
        result.method_version_id == method_version_id,
        result.metric_date <= until,
        or_(result.rank_change >= up, result.rank_change <= -down),
        counts.correlate(ranking_results),
    )
    return await read_frame(conn, query, JUMP_SCHEMA)


async def previous_on(conn: AsyncConnection, head: Any) -> date | None:
    """The newest date of final ranks before a head's, of its board under its version of the method."""
    own = board_heads.c
    found: date | None = await conn.scalar(
        select(func.max(own.metric_date)).where(
            own.domain_id == head.domain_id,
            own.method_version_id == head.method_version_id,
            own.metric_date < head.metric_date,
            head_at(None),
            ~own.is_provisional,
        )
    )
    return found


async def evidence_fingerprint(conn: AsyncConnection, head: Any) -> str | None:
    """The fingerprint of the cycle that a head's evidence comes from, where it kept one."""
    found: str | None = await conn.scalar(
        select(cycles.c.fingerprint).where(cycles.c.id == head.evidence_cycle_id)
    )
    return found
