"""Publish ranks: append rows, move heads, keep every later date's previous rank right.

``ranking_results`` is only ever added to. ``board_heads`` says which cycle's rows of a
board and date count, and since when. A date published between two others gives the
later one a new version with its new previous rank, in the same transaction, so any
order of publishing ends in the same current rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.ranking.publication import BOARD, RESULT_SCHEMA, Publication, previous_dates
from pacesetter.store.bars import timed
from pacesetter.store.bulk import load_frame, stage
from pacesetter.store.cycles import Claim, advance, mark_published
from pacesetter.store.frames import read_frame
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values, ranking_results

HEAD = (*BOARD, "metric_date")
PREVIOUS = ("previous_rank", "previous_on", "rank_change")
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
    "is_provisional": pl.Boolean,
}


@dataclass(frozen=True)
class PublishCounts:
    """Rows computed, rows written as new versions, and boards × dates whose head moved."""

    rows: int
    written: int
    changed: int


async def publish(
    conn: AsyncConnection,
    claim: Claim,
    publication: Publication,
    *,
    at: datetime,
    provisional: bool = False,
    code_version: str = "",
    source: str | None = None,
    close: bool = True,
) -> PublishCounts:
    """Publish in the caller's transaction, which fails as a whole when the claim was lost.

    ``close``: the tick is done with this call (a backfill publishes in several).
    """
    if close:
        await mark_published(
            conn,
            claim,
            at=at,
            is_provisional=provisional,
            fingerprint=publication.fingerprint,
            code_version=code_version,
            data_source=source,
        )
    else:
        await advance(conn, claim, stage="publish", lease_s=300.0)
    results = publication.results
    if results.is_empty():
        return PublishCounts(0, 0, 0)
    heads = await current_heads(conn, results.select(BOARD).unique())
    candidates = await complete_previous(conn, results, heads, provisional)
    fresh = await drop_equal(conn, candidates, heads)
    moved = fresh.select(HEAD).unique()
    if not moved.is_empty():
        await write_version(conn, claim, fresh, moved, at)
        dates = moved["metric_date"].unique().to_list()
        await write_evidence(conn, claim, publication, dates)
    return PublishCounts(results.height, fresh.height, moved.height)


async def current_heads(conn: AsyncConnection, boards: pl.DataFrame) -> pl.DataFrame:
    """The current head of every published date of ``boards``."""
    await stage(conn, "asked_boards", boards)
    return await read_frame(
        conn,
        text(
            "SELECT h.domain_id, h.method_version_id, h.metric_date, h.cycle_id, c.is_provisional "
            "FROM board_heads h JOIN asked_boards q ON q.domain_id = h.domain_id "
            "AND q.method_version_id = h.method_version_id "
            "JOIN cycles c ON c.id = h.cycle_id WHERE h.head_to IS NULL"
        ),
        HEAD_SCHEMA,
    )


async def complete_previous(
    conn: AsyncConnection, results: pl.DataFrame, heads: pl.DataFrame, provisional: bool
) -> pl.DataFrame:
    """``results`` with their previous ranks, and the stored later dates whose previous may change."""
    new = results.select(HEAD).unique().with_columns(is_provisional=pl.lit(provisional))
    known = heads.drop("cycle_id").join(new, on=HEAD, how="anti")
    dated = previous_dates(pl.concat([known, new.select(known.columns)]))
    follows = dated.join(new.select(HEAD), left_on=(*BOARD, "previous_on"), right_on=HEAD, how="semi")
    later = follows.join(new, on=HEAD, how="anti")
    own = dated.join(new.select(HEAD), on=HEAD, how="semi")
    before = own.select(*BOARD, metric_date="previous_on").join(new.select(HEAD), on=HEAD, how="anti")
    stored = await head_rows(
        conn, heads.join(pl.concat([later.select(HEAD), before.select(HEAD)]).unique(), on=HEAD, how="semi")
    )
    base = pl.concat([results, stored.drop(PREVIOUS).join(later, on=HEAD, how="semi").select(results.columns)])
    ranks = pl.concat(
        [frame.select(*HEAD, "symbol", "current_rank") for frame in (results, stored)]
    ).rename({"metric_date": "previous_on", "current_rank": "previous_rank"})
    return (
        base.join(dated.drop("is_provisional"), on=HEAD, how="left")
        .join(ranks, on=[*BOARD, "previous_on", "symbol"], how="left")
        .with_columns(rank_change=pl.col("previous_rank") - pl.col("current_rank"))
        .select(list(STORED))
    )


async def head_rows(conn: AsyncConnection, heads: pl.DataFrame) -> pl.DataFrame:
    """The stored rows that ``heads`` point to."""
    if heads.is_empty():
        return pl.DataFrame(schema=STORED)
    await stage(conn, "asked_heads", heads.select(*HEAD, "cycle_id"))
    columns = ", ".join(f"r.{name}" for name in STORED)
    return await read_frame(
        conn,
        text(
            f"SELECT {columns} FROM asked_heads q JOIN ranking_results r ON r.domain_id = q.domain_id "
            "AND r.method_version_id = q.method_version_id AND r.metric_date = q.metric_date "
            "AND r.cycle_id = q.cycle_id"
        ),
        STORED,
    )


async def drop_equal(conn: AsyncConnection, rows: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """Only boards and dates that differ from what their head holds now."""
    asked = heads.join(rows.select(HEAD).unique(), on=HEAD, how="semi")
    stored = await head_rows(conn, asked)
    if stored.is_empty():
        return rows
    unmatched = [
        one.join(other, on=list(STORED), how="anti", nulls_equal=True).select(HEAD)
        for one, other in ((rows, stored), (stored, rows))
    ]
    new = rows.select(HEAD).unique().join(heads, on=HEAD, how="anti")
    return rows.join(pl.concat([*unmatched, new]).unique(), on=HEAD, how="semi")


async def write_version(
    conn: AsyncConnection, claim: Claim, rows: pl.DataFrame, moved: pl.DataFrame, at: datetime
) -> None:
    """Append ``rows`` under this cycle and move the heads of ``moved`` to it."""
    cycle = pl.lit(claim.cycle_id.bytes)
    stamp = pl.lit(at).cast(pl.Datetime("us", "UTC"))
    await stage(conn, "moved_heads", moved)
    same = " AND ".join(f"m.{key} = board_heads.{key}" for key in HEAD)
    newest = await conn.scalar(
        text(
            "SELECT max(head_from) AS newest FROM board_heads "
            f"WHERE EXISTS (SELECT 1 FROM moved_heads m WHERE {same})"
        ).columns(newest=board_heads.c.head_from.type)
    )
    since = at if newest is None else max(at, newest + timedelta(microseconds=1))
    await conn.execute(
        timed(
            "UPDATE board_heads SET head_to = :at WHERE head_to IS NULL "
            f"AND EXISTS (SELECT 1 FROM moved_heads m WHERE {same})"
        ),
        {"at": since},
    )
    await load_frame(conn, ranking_results, rows.with_columns(cycle_id=cycle, computed_at=stamp))
    await load_frame(
        conn,
        board_heads,
        moved.with_columns(cycle_id=cycle, head_from=pl.lit(since).cast(pl.Datetime("us", "UTC"))),
    )


async def write_evidence(
    conn: AsyncConnection, claim: Claim, publication: Publication, dates: list[object]
) -> None:
    """The values and statistics behind the dates that got a new version.

    A later date that only got a new previous rank has none of this cycle's own: readers
    take the newest evidence that is not younger than the head (ids are ordered by time).
    """
    cycle = pl.lit(claim.cycle_id.bytes)
    for table, frame in (
        (factor_values, publication.factor_values),
        (factor_stats, publication.factor_stats),
    ):
        kept = frame.filter(pl.col("metric_date").is_in(dates)).with_columns(cycle_id=cycle)
        await load_frame(conn, table, kept)

