"""Publish ranks: append rows, move heads, keep every later date's previous rank right.

``ranking_results`` is only ever added to. ``board_heads`` says which cycle's rows of a
board and date count, and since when. A date published between two others gives the
later one a new version with its new previous rank, in the same transaction, so any
order of publishing ends in the same current rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.ranking.publication import BOARD, Publication, previous_dates
from pacesetter.store.boards.heads import HEAD, STORED, current_heads, head_rows, is_taken, move_heads
from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.frames import read_frame
from pacesetter.store.tables.base import Id
from pacesetter.store.tables.ranking import board_heads, factor_stats, factor_values, ranking_results
from pacesetter.store.work.cycles import Claim, advance, follow_up, mark_published

PREVIOUS = ("previous_rank", "previous_on", "rank_change")


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
    source: str | None = None,
    close: bool = True,
    progress: Mapping[str, Any] | None = None,
) -> PublishCounts:
    """Publish in the caller's transaction, which fails as a whole when the claim was lost.

    ``close``: the tick is done with this call (a backfill publishes in several, and notes its
    ``progress`` with each).
    Equal content writes nothing, except that final ranks take the place of equal
    provisional ones; provisional ranks never take the place of final ones.
    """
    if conn.dialect.name == "postgresql":  # SQLite has one writer anyway: dates refer to each other
        await conn.execute(text("LOCK TABLE board_heads IN SHARE ROW EXCLUSIVE MODE"))
    inputs = publication.inputs
    about = {
        "fingerprint": inputs.fingerprint,
        "code_version": inputs.code,
        "data_revision": publication.data_revision,
        "data_source": source,
        "progress": {"inputs": inputs.as_json(), **(progress or {})},
    }
    if close:
        await mark_published(conn, claim, at=at, is_provisional=provisional, **about)
    else:
        await advance(conn, claim, stage="publish", **about)
    results = publication.results
    heads = await current_heads(conn, results.select(HEAD).unique())
    if provisional:
        results = results.join(heads.filter(~pl.col("is_provisional")), on=HEAD, how="anti")
    own = results.select(HEAD).unique()
    candidates = await complete_previous(conn, results, own, heads, provisional)
    fresh = await drop_equal(conn, candidates, own, heads, provisional)
    if fresh.is_empty():
        return PublishCounts(publication.results.height, 0, 0)
    moved = fresh.select(HEAD).unique()
    cycle_id = claim.cycle_id
    if await is_taken(conn, cycle_id, moved):  # an earlier chunk of this cycle wrote the date
        cycle_id = await follow_up(conn, claim, at)
    known = await has_written(conn, cycle_id)
    cycle, stamp = pl.lit(cycle_id.bytes), pl.lit(at).cast(pl.Datetime("us", "UTC"))
    await load_frame(conn, ranking_results, fresh.with_columns(cycle_id=cycle, computed_at=stamp))
    mine = moved.join(own, on=HEAD, how="semi").with_columns(
        evidence_cycle_id=cycle, is_provisional=pl.lit(provisional)
    )
    others = heads.drop("cycle_id").join(moved, on=HEAD, how="semi").join(own, on=HEAD, how="anti")
    await move_heads(conn, pl.concat([mine, others.select(mine.columns)]).with_columns(cycle_id=cycle), at)
    await write_evidence(conn, cycle_id, publication, mine["metric_date"], known)
    return PublishCounts(publication.results.height, fresh.height, moved.height)


async def complete_previous(
    conn: AsyncConnection, results: pl.DataFrame, own: pl.DataFrame, heads: pl.DataFrame, provisional: bool
) -> pl.DataFrame:
    """``results`` with their previous ranks, and the stored later dates that follow one of them."""
    new = own.with_columns(is_provisional=pl.lit(provisional))
    known = heads.select(new.columns).join(own, on=HEAD, how="anti")
    dated = previous_dates(pl.concat([known, new]))
    follows = dated.join(own, left_on=(*BOARD, "previous_on"), right_on=HEAD, how="semi")
    later = follows.join(own, on=HEAD, how="anti")
    before = (
        dated.join(own, on=HEAD, how="semi")
        .select(*BOARD, metric_date="previous_on")
        .join(own, on=HEAD, how="anti")
    )
    referred = pl.concat([later.select(HEAD), before]).unique()
    stored = await head_rows(conn, heads.join(referred, on=HEAD, how="semi"))
    base = pl.concat([results, stored.join(later, on=HEAD, how="semi").select(results.columns)])
    ranks = pl.concat([frame.select(*HEAD, "symbol", "current_rank") for frame in (results, stored)])
    ranks = ranks.rename({"metric_date": "previous_on", "current_rank": "previous_rank"})
    return (
        base.join(dated.drop("is_provisional"), on=HEAD, how="left")
        .join(ranks, on=[*BOARD, "previous_on", "symbol"], how="left")
        .with_columns(rank_change=pl.col("previous_rank") - pl.col("current_rank"))
        .select(list(STORED))
    )


async def drop_equal(
    conn: AsyncConnection, rows: pl.DataFrame, own: pl.DataFrame, heads: pl.DataFrame, provisional: bool
) -> pl.DataFrame:
    """Only boards and dates that differ from what their head holds now."""
    asked = heads.join(rows.select(HEAD).unique(), on=HEAD, how="semi")
    stored = await head_rows(conn, asked)
    if stored.is_empty():
        return rows
    unlike = [
        one.join(other, on=list(STORED), how="anti", nulls_equal=True).select(HEAD)
        for one, other in ((rows, stored), (stored, rows))
    ]
    if not provisional:
        unlike.append(asked.filter("is_provisional").join(own, on=HEAD, how="semi").select(HEAD))
    return rows.join(pl.concat(unlike).unique(), on=HEAD, how="semi")


async def has_written(conn: AsyncConnection, cycle_id: UUID) -> bool:
    """Whether the cycle has published before."""
    query = select(board_heads.c.cycle_id).where(board_heads.c.cycle_id == cycle_id).limit(1)
    return await conn.scalar(query) is not None


async def write_evidence(
    conn: AsyncConnection, cycle_id: UUID, publication: Publication, dates: pl.Series, known: bool
) -> None:
    """The values and statistics behind dates that got a new version, once a cycle.

    ``known``: the cycle has written before, so some of them may be there.
    """
    for table, frame in (
        (factor_values, publication.factor_values),
        (factor_stats, publication.factor_stats),
    ):
        kept = frame.join(pl.DataFrame({"metric_date": dates.unique()}), on="metric_date", how="semi")
        if known and not kept.is_empty():
            keys = {c.name: frame.schema[c.name] for c in table.primary_key if c.name != "cycle_id"}
            there = await read_frame(
                conn,
                text(
                    f"SELECT {', '.join(keys)} FROM {table.name} WHERE cycle_id = :cycle "
                    "AND metric_date BETWEEN :first AND :last"
                ).bindparams(
                    bindparam("cycle", cycle_id, Id),
                    bindparam("first", dates.min(), table.c.metric_date.type),
                    bindparam("last", dates.max(), table.c.metric_date.type),
                ),
                keys,
            )
            kept = kept.join(there, on=list(keys), how="anti")
        await load_frame(conn, table, kept.with_columns(cycle_id=pl.lit(cycle_id.bytes)))
