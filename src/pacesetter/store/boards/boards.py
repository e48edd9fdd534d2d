"""Read published boards: their heads, dates and rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box_day import LOOK_BACK, choose_day
from pacesetter.market.symbol import BOX
from pacesetter.store.boards.board_pages import by_symbol, of_head
from pacesetter.store.database.content import newest_first
from pacesetter.store.tables.cycle import cycles
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads, ranking_results
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
    """The newest date with a published board (of ``domain_id``; None: of any but of boxes, which have days
    of their own) on or before ``until``, as it was at an instant (None: now)."""
    query = select(func.max(board_heads.c.metric_date)).where(head_at(at))
    if domain_id is not None:
        query = query.where(board_heads.c.domain_id == domain_id)
    else:
        query = query.where(of_exchange())
    if until is not None:
        query = query.where(board_heads.c.metric_date <= until)
    newest: date | None = await conn.scalar(query)
    return newest


def of_exchange() -> ColumnElement[bool]:
    """Heads of boards that are ranked by an exchange's sessions: all but those of boxes."""
    of_boxes = select(domains.c.id).where(domains.c.asset_type == BOX)
    return board_heads.c.domain_id.not_in(of_boxes)


async def newest_ranked_date(
    conn: AsyncConnection, domain: Row[Any], at: datetime | None = None
) -> date | None:
    """The newest published date of a board; of a board of boxes the one that stands for their market."""
    if domain.asset_type != BOX:
        return await newest_published_date(conn, domain.id, at=at)
    return choose_day(await count_ranked(conn, domain.id, at=at))


async def count_ranked(
    conn: AsyncConnection, domain_id: UUID, *, until: date | None = None, at: datetime | None = None
) -> list[tuple[date, int]]:
    """The newest ``LOOK_BACK`` published days (up to ``until``) on which a board ranks anybody, newest first,
    and how many are ranked on each, as it was at an instant (None: now)."""
    on, rank = board_heads.c.metric_date, ranking_results.c.current_rank
    shown = [board_heads.c.domain_id == domain_id, head_at(at)] + ([on <= until] if until else [])
    led = select(on).distinct().join_from(board_heads, ranking_results, HEADED).where(*shown, rank == 1)
    days = list(await conn.scalars(led.order_by(on.desc()).limit(LOOK_BACK)))
    counted = select(on, board_heads.c.method_version_id, func.count()).join_from(
        board_heads, ranking_results, HEADED
    )
    counted = counted.where(*shown, on.in_(days), rank.is_not(None))
    ranked: dict[date, int] = {}  # by the method that ranks the most, where there are several
    for day, _, boxes in await conn.execute(counted.group_by(on, board_heads.c.method_version_id)):
        ranked[day] = max(boxes, ranked.get(day, 0))
    return sorted(ranked.items(), reverse=True)


async def published_dates(conn: AsyncConnection, first: date) -> list[date]:
    """Dates from ``first`` on with an exchange's board of final ranks, oldest first."""
    head = board_heads.c
    dates = await conn.scalars(
        select(head.metric_date)
        .where(head.metric_date >= first, head.head_to.is_(None), ~head.is_provisional, of_exchange())
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
    same_days = last.c.calendar == cycles.c.calendar
    published = newest_first(select(last.c.data_source).where(same_days), last)
    newest_source = published.scalar_subquery().label("newest_source")
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
    """The rows of every board of an exchange on a date, each under the method that it was published
    with last."""
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
            .where(result.metric_date == on, domains.c.is_active, of_exchange(), head_at(None))
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
