"""Final published ranks of dates, of every board that is ranked by an exchange's sessions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import polars as pl
from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import of_head
from pacesetter.store.boards.boards import head_at, of_exchange
from pacesetter.store.database.bulk import chunks
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.domain import domains
from pacesetter.store.tables.ranking import board_heads, ranking_results

RESULT = ranking_results.c
SCHEMA: dict[str, type[pl.DataType]] = {
    "on": pl.Date,
    "board": pl.String,
    "board_name": pl.String,
    "symbol": pl.String,
    "rank": pl.Int64,
    "previous_rank": pl.Int64,
    "previous_on": pl.Date,
    "rank_change": pl.Int64,
    "score": pl.Float64,
}


async def newest_final_date(conn: AsyncConnection, until: date | None = None) -> date | None:
    """The newest date (on or before ``until``) with final ranks of a board in use; boxes have days of
    their own."""
    query = select(func.max(board_heads.c.metric_date)).where(*_final())
    newest: date | None = await conn.scalar(
        query if until is None else query.where(board_heads.c.metric_date <= until)
    )
    return newest


async def first_final(conn: AsyncConnection, on: date) -> datetime | None:
    """When an exchange's board had final ranks of a date for the first time; None where none has."""
    head = board_heads.c
    query = select(func.min(head.head_from)).where(
        head.metric_date == on, ~head.is_provisional, of_exchange()
    )
    first: datetime | None = await conn.scalar(query)
    return first


async def final_dates(conn: AsyncConnection, first: date) -> list[date]:
    """The dates from ``first`` on with final ranks of a board in use, oldest first; boxes apart, as above."""
    on = board_heads.c.metric_date
    dates = await conn.scalars(select(on).where(on >= first, *_final()).distinct().order_by(on))
    return list(dates)


async def final_ranks(
    conn: AsyncConnection,
    first: date,
    last: date,
    symbols: Collection[str] | None = None,
    *,
    at: datetime | None = None,
) -> pl.DataFrame:
    """The rows (``SCHEMA`` and ``n_ranked``, how many the board ranks) of all boards from ``first`` to
    ``last``, of some symbols where they are given, as published at an instant (None: now).

    Of several methods of a board and date the one that was published last counts.
    """
    heads = _heads(first, last, at)
    columns = (
        heads.c.metric_date.label("on"),
        domains.c.slug.label("board"),
        domains.c.name.label("board_name"),
        RESULT.symbol,
        RESULT.current_rank.label("rank"),
        RESULT.previous_rank,
        RESULT.previous_on,
        RESULT.rank_change,
        RESULT.score,
    )
    query = (
        select(*columns)
        .join_from(heads, ranking_results, of_head(heads.c))
        .join(domains, domains.c.id == heads.c.domain_id)
    )
    if symbols is None:
        rows = await read_frame(conn, query, SCHEMA)
        counts = rows.group_by("on", "board").agg(n_ranked=pl.col("rank").count().cast(pl.Int64))
    else:
        found = [
            await read_frame(conn, query.where(RESULT.symbol.in_(some)), SCHEMA)
            for some in chunks(sorted(set(symbols)))
        ]
        rows = pl.concat([pl.DataFrame(schema=SCHEMA), *found])
        counts = await _count_ranked(conn, heads)
    return rows.join(counts, on=["on", "board"], how="left").sort("on", "board", "symbol")


async def _count_ranked(conn: AsyncConnection, heads: Subquery) -> pl.DataFrame:
    query = (
        select(heads.c.metric_date, domains.c.slug, func.count(RESULT.current_rank))
        .join_from(heads, ranking_results, of_head(heads.c))
        .join(domains, domains.c.id == heads.c.domain_id)
        .group_by(heads.c.metric_date, domains.c.slug)
    )
    return await read_frame(conn, query, {"on": pl.Date, "board": pl.String, "n_ranked": pl.Int64})


def _heads(first: date, last: date, at: datetime | None) -> Subquery:
    head = board_heads.c
    turn = func.row_number().over(
        partition_by=(head.domain_id, head.metric_date),
        order_by=(head.head_from.desc(), head.method_version_id.desc()),
    )
    current = (
        select(head.domain_id, head.method_version_id, head.metric_date, head.cycle_id, turn.label("turn"))
        .where(head.metric_date.between(first, last), *_final(at))
        .subquery("current")
    )
    return select(current).where(current.c.turn == 1).subquery("heads")


def _final(at: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """The heads that counted at an instant (None: now): final, of an exchange's board that is in use."""
    head = board_heads.c
    in_use = select(domains.c.id).where(domains.c.is_active)
    return head_at(at), ~head.is_provisional, of_exchange(), head.domain_id.in_(in_use)
