"""Read published boards: rows, dates, histories, and the evidence behind a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.board_pages import by_symbol, of_head
from pacesetter.store.cycles import newest_first
from pacesetter.store.tables.cycle import cycles
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.method import factor_versions
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values, ranking_results
from pacesetter.store.tables.symbol import symbol_universe

HEADED = of_head(board_heads.c)  # results that a head names


def head_at(at: datetime | None, heads: FromClause = board_heads) -> ColumnElement[bool]:
    """The heads that counted at an instant (None: now)."""
    head = heads.c
    if at is None:
        return head.head_to.is_(None)
    return and_(head.head_from <= at, or_(head.head_to.is_(None), head.head_to > at))


async def newest_published_date(
    conn: AsyncConnection,
    domain_id: UUID | None = None,
    until: date | None = None,
    at: datetime | None = None,
) -> date | None:
    """The newest date with a published board (of ``domain_id``) on or before ``until``, as it was
    at an instant (None: now)."""
    query = select(func.max(board_heads.c.metric_date)).where(head_at(at))
    if domain_id is not None:
        query = query.where(board_heads.c.domain_id == domain_id)
    if until is not None:
        query = query.where(board_heads.c.metric_date <= until)
    newest: date | None = await conn.scalar(query)
    return newest


async def published_dates(conn: AsyncConnection, first: date) -> list[date]:
    """Dates from ``first`` on with a board of final ranks, oldest first."""
    head = board_heads.c
    dates = await conn.scalars(
        select(head.metric_date)
        .where(head.metric_date >= first, head.head_to.is_(None), ~head.is_provisional)
        .distinct()
        .order_by(head.metric_date)
    )
    return list(dates)


async def published_before(conn: AsyncConnection, domain_id: UUID, on: date) -> date | None:
    """The newest date before ``on`` with final ranks of a board."""
    head = board_heads.c
    newest: date | None = await conn.scalar(
        select(func.max(head.metric_date)).where(
            head.domain_id == domain_id, head.metric_date < on, head_at(None), ~head.is_provisional
        )
    )
    return newest


async def slug_of(conn: AsyncConnection, domain_id: UUID) -> str:
    """A board's slug."""
    return str(await conn.scalar(select(domains.c.slug).where(domains.c.id == domain_id)))


async def find_head(
    conn: AsyncConnection,
    domain_id: UUID,
    on: date | None,
    *,
    method_version_id: UUID | None = None,
    at: datetime | None = None,
) -> Any:
    """The head of a board and date (None: its newest), with its cycle's published_at, data_revision and
    metric_date (as cycle_date), and the data_source of the cycle that published last (as newest_source);
    None where there is none.

    Of several methods the one that was published last, unless one is asked for; ``at``: as
    it was at an instant.
    """
    head = board_heads.c
    newest = board_heads.alias()
    dated = head.metric_date == (
        on
        or select(func.max(newest.c.metric_date))
        .where(newest.c.domain_id == domain_id, head_at(at, newest))
        .scalar_subquery()
    )
    last = cycles.alias()
    newest_source = newest_first(select(last.c.data_source), last).scalar_subquery().label("newest_source")
    query = (
        select(
            board_heads,
            cycles.c.published_at,
            cycles.c.data_revision,
            cycles.c.metric_date.label("cycle_date"),
            newest_source,
        )
        .join(cycles, cycles.c.id == head.cycle_id)
        .where(head.domain_id == domain_id, dated, head_at(at))
        .order_by(head.head_from.desc())
        .limit(1)
    )
    if method_version_id is not None:
        query = query.where(head.method_version_id == method_version_id)
    found: Any = (await conn.execute(query)).first()
    return found


async def read_board(conn: AsyncConnection, head: Any) -> list[Row[Any]]:
    """The rows that a head names: ranked first, ties and unranked ones by symbol."""
    result = ranking_results.c
    return list(
        await conn.execute(
            select(ranking_results, symbol_universe.c.name)
            .join(symbol_universe, symbol_universe.c.symbol == result.symbol)
            .where(of_head(head))
            .order_by(result.current_rank.is_(None), result.current_rank, by_symbol(conn, result.symbol))
        )
    )


async def ranked_symbols(conn: AsyncConnection, head: Any) -> list[str]:
    """The symbols of the rows that a head names, in the order of ``read_board``."""
    result = ranking_results.c
    return list(
        await conn.scalars(
            select(result.symbol)
            .where(of_head(head))
            .order_by(result.current_rank.is_(None), result.current_rank, by_symbol(conn, result.symbol))
        )
    )


async def read_day(conn: AsyncConnection, on: date) -> list[Row[Any]]:
    """The rows of every board on a date, each under the method that it was published with last."""
    result = ranking_results.c
    rows = list(
        await conn.execute(
            select(
                ranking_results,
                symbol_universe.c.name,
                domains.c.name.label("board"),
                domains.c.slug,
                board_heads.c.is_provisional,
                board_heads.c.head_from,
            )
            .join(board_heads, HEADED)
            .join(domains, domains.c.id == result.domain_id)
            .join(symbol_universe, symbol_universe.c.symbol == result.symbol)
            .where(result.metric_date == on, domains.c.is_active, head_at(None))
            .order_by(
                domains.c.position,
                result.current_rank.is_(None),
                result.current_rank,
                by_symbol(conn, result.symbol),
            )
        )
    )
    newest = {row.domain_id: row.method_version_id for row in sorted(rows, key=lambda row: row.head_from)}
    return [row for row in rows if row.method_version_id == newest[row.domain_id]]


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
