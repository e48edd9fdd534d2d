"""The evidence behind published scores: raw values, and the statistics that z was taken with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.method import factor_versions
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values


def _evidence(cycle_id: UUID, on: date, domain_id: UUID | None) -> Select[tuple[UUID]]:
    head = board_heads.c
    query = select(head.evidence_cycle_id).where(head.cycle_id == cycle_id, head.metric_date == on)
    return query if domain_id is None else query.where(head.domain_id == domain_id)


async def read_stats(
    conn: AsyncConnection, cycle_id: UUID, method_version_id: UUID, on: date, domain_id: UUID | None = None
) -> dict[tuple[str, str], Row[Any]]:
    """Statistics behind z by (scope, factor), of the head ``cycle_id`` (of a board) on a date."""
    stat = factor_stats.c
    rows = await conn.execute(
        select(factor_stats)
        .where(
            stat.method_version_id == method_version_id,
            stat.metric_date == on,
            stat.cycle_id.in_(_evidence(cycle_id, on, domain_id)),
        )
        .order_by(stat.cycle_id)
    )
    return {(row.scope, row.factor): row for row in rows}


async def read_values(
    conn: AsyncConnection,
    cycle_id: UUID,
    on: date,
    domain_id: UUID | None = None,
    symbols: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> dict[tuple[str, str], Row[Any]]:
    """Raw values by (symbol, factor), of the head ``cycle_id`` (of a board) on a date; where given, of
    some symbols, and of the factors of some names."""
    value = factor_values.c
    query = (
        select(value.symbol, factor_versions.c.name, value.raw, value.missing_reason, value.n_obs)
        .join(factor_versions, factor_versions.c.id == value.factor_version_id)
        .where(value.metric_date == on, value.cycle_id.in_(_evidence(cycle_id, on, domain_id)))
        .order_by(value.cycle_id)
    )
    if symbols is not None:
        query = query.where(value.symbol.in_(symbols))
    if names is not None:  # the key begins with date and factor: without one a whole date is read
        versions = select(factor_versions.c.id).where(factor_versions.c.name.in_(names))
        query = query.where(value.factor_version_id.in_(versions))
    rows: Iterable[Any] = (await conn.execute(query)).all()
    found: dict[tuple[str, str], Any] = {(row.symbol, row.name): row for row in rows}
    return found


async def universe_boards(conn: AsyncConnection, on: date) -> set[UUID]:
    """Boards whose published scores of a date are on the scale of their kind's universe."""
    head, stat = board_heads.c, factor_stats.c
    return set(
        await conn.scalars(
            select(head.domain_id)
            .join(domains, domains.c.id == head.domain_id)
            .join(
                factor_stats,
                and_(
                    stat.cycle_id == head.evidence_cycle_id,
                    stat.method_version_id == head.method_version_id,
                    stat.metric_date == head.metric_date,
                ),
            )
            .where(
                head.metric_date == on,
                head.head_to.is_(None),
                stat.scope == "universe:" + domains.c.asset_type,
            )
            .distinct()
        )
    )
