"""Which sessions have published ranks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.boards import head_at, of_exchange
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads

HEAD = board_heads.c


async def published_sessions(
    conn: AsyncConnection, *, domain_id: UUID | None, before: date | None, limit: int
) -> list[Row[Any]]:
    """At most ``limit`` sessions (of a board of boxes, days) older than ``before`` (None: any), newest
    first: ``on``, how many ``boards`` have ranks, and whether any of them is ``provisional``."""
    query = select(
        HEAD.metric_date.label("on"),
        func.count(HEAD.domain_id.distinct()).label("boards"),
        func.max(case((HEAD.is_provisional, 1), else_=0)).label("provisional"),
    ).where(*published(domain_id))
    if before is not None:
        query = query.where(HEAD.metric_date < before)
    return list(
        await conn.execute(query.group_by(HEAD.metric_date).order_by(HEAD.metric_date.desc()).limit(limit))
    )


async def count_sessions(conn: AsyncConnection, domain_id: UUID | None) -> int:
    """How many sessions have ranks (of a board)."""
    query = select(func.count(HEAD.metric_date.distinct())).where(*published(domain_id))
    return int(await conn.scalar(query) or 0)


def published(domain_id: UUID | None) -> list[ColumnElement[bool]]:
    """The heads that count now, of one board or of all of an exchange's that are in use."""
    if domain_id is not None:
        return [head_at(None), HEAD.domain_id == domain_id]
    in_use = select(domains.c.id).where(domains.c.is_active)
    return [head_at(None), HEAD.domain_id.in_(in_use), of_exchange()]
