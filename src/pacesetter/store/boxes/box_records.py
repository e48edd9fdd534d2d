"""Boxes and what was recorded of them: every source's figures, the replaced ones among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import by_symbol
from pacesetter.store.boxes.box_pages import FACTS, box_rows
from pacesetter.store.tables.box import OBSERVED, box_observations, boxes, unified_box_metrics
from pacesetter.store.tables.import_ import data_revisions, imports
from pacesetter.store.tables.symbol import symbol_universe

RecordPlace = tuple[date, str, int]  # (date, source, known_from_revision) of a record
_of = box_observations.c


@dataclass(frozen=True)
class Observed:
    """When a box was observed, and on which day it was ranked last."""

    first_on: date | None
    last_on: date | None
    days: int
    ranked_on: date | None = None


async def find_box(conn: AsyncConnection, symbol: str) -> Row[Any] | None:
    """The facts of a box with its name, and what it is ``joined_to``."""
    found: Row[Any] | None = (await conn.execute(_facts().where(boxes.c.symbol == symbol))).first()
    return found


async def list_boxes(conn: AsyncConnection) -> list[Row[Any]]:
    """The facts of all boxes with their names."""
    return list(await conn.execute(_facts()))


def _facts() -> Select[Any]:
    facts = [boxes.c[name] for name in FACTS]
    return select(boxes.c.symbol, boxes.c.joined_to, symbol_universe.c.name, *facts).join(
        symbol_universe, symbol_universe.c.symbol == boxes.c.symbol
    )


async def find_box_figures(conn: AsyncConnection, symbol: str, on: date) -> Row[Any] | None:
    """The facts and figures of a box on a date; None where it was not observed then."""
    of = unified_box_metrics.c
    query = box_rows(of.current_rank.label("place")).where(of.symbol == symbol, of.metric_date == on)
    found: Row[Any] | None = (await conn.execute(query)).first()
    return found


async def when_observed(conn: AsyncConnection, symbol: str) -> Observed:
    """The first and last day of a box, how many there are, and the last with a rank."""
    of = unified_box_metrics.c
    ranked = func.max(case((of.current_rank.is_not(None), of.metric_date)))
    days = select(func.min(of.metric_date), func.max(of.metric_date), func.count(), ranked)
    return Observed(*(await conn.execute(days.where(of.symbol == symbol))).one())


async def page_records(
    conn: AsyncConnection,
    symbol: str,
    *,
    on: date | None = None,
    current: bool = False,
    after: RecordPlace | None = None,
    limit: int,
) -> list[Row[Any]]:
    """At most ``limit`` records of a box behind the place ``after``: newest date first, then by source, the
    newest version first. ``current``: without those that were replaced or taken back."""
    known, replaced = data_revisions.alias("known"), data_revisions.alias("replaced")
    brought, brought_later = imports.alias("brought"), imports.alias("brought_later")
    source = by_symbol(conn, _of.source)
    columns = [_of[name] for name in ("date", "source", *OBSERVED, "original", "fetched_at", "told_as")]
    query = (
        select(
            *columns,
            _of.known_from_revision,
            _of.known_to_revision,
            known.c.recorded_at,
            known.c.import_id,
            brought.c.file_name,
            brought.c.kind,
            brought.c.options,
            replaced.c.recorded_at.label("replaced_at"),
            replaced.c.cause.label("replaced_by"),
            replaced.c.import_id.label("replaced_by_import"),
            brought_later.c.options.label("replaced_options"),
        )
        .join(known, known.c.revision == _of.known_from_revision)
        .outerjoin(brought, brought.c.id == known.c.import_id)
        .outerjoin(replaced, replaced.c.revision == _of.known_to_revision)
        .outerjoin(brought_later, brought_later.c.id == replaced.c.import_id)
        .where(_of.symbol == symbol)
    )
    if on is not None:
        query = query.where(_of.date == on)
    if current:
        query = query.where(_of.known_to_revision.is_(None))
    if after is not None:
        day, name, revision = after
        behind = and_(source == name, _of.known_from_revision < revision)
        query = query.where(or_(_of.date < day, and_(_of.date == day, or_(source > name, behind))))
    order = (_of.date.desc(), source, _of.known_from_revision.desc())
    return list(await conn.execute(query.order_by(*order).limit(limit)))


async def count_records(conn: AsyncConnection, symbol: str) -> int:
    """How many records of a box there are, the replaced ones among them."""
    query = select(func.count()).select_from(box_observations).where(_of.symbol == symbol)
    return int(await conn.scalar(query) or 0)
