"""Snapshots of portfolios: the newest of each, written many at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import polars as pl
from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks, load_frame, stage
from pacesetter.store.tables.portfolio import FIGURES, portfolio_snapshots

_of = portfolio_snapshots.c
SNAPSHOT: dict[str, type[pl.DataType] | pl.DataType] = {
    "portfolio_id": pl.Binary,
    "metric_date": pl.Date,
    "state": pl.String,
    "left_out": pl.String,
    **dict.fromkeys(FIGURES, pl.Float64),
    "n_holdings": pl.Int64,
    "details": pl.String,
    "fingerprint": pl.String,
    "computed_at": pl.Datetime("us", "UTC"),
}


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Snapshots as the tables take them: JSON as text, what is no number as null."""
    columns: dict[str, list[Any]] = {name: [] for name in SNAPSHOT}
    for row in rows:
        for name, column in columns.items():
            value = row[name]
            if name == "portfolio_id":
                value = value.bytes
            elif name in ("left_out", "details") and not isinstance(value, str):
                value = orjson.dumps(value).decode()
            column.append(value)
    frame = pl.DataFrame(columns, schema=SNAPSHOT)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


async def write_snapshots(conn: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store snapshots in place of those of the same portfolio and date, and of later ones: what they were
    made from is gone. The rows of ``portfolios`` are locked by then, so that nobody else writes any."""
    if not rows:
        return
    frame = frame_of(rows)
    key = ("portfolio_id", "metric_date")
    await stage(conn, "fresh_snapshots", frame.select(*key), key=key)
    await conn.execute(
        text(
            "DELETE FROM portfolio_snapshots "
            "WHERE portfolio_id IN (SELECT portfolio_id FROM fresh_snapshots) "
            "AND metric_date >= (SELECT min(f.metric_date) FROM fresh_snapshots f "
            "WHERE f.portfolio_id = portfolio_snapshots.portfolio_id)"
        )
    )
    await load_frame(conn, portfolio_snapshots, frame)


async def newest_fingerprints(conn: AsyncConnection, ids: Collection[UUID] | None) -> dict[UUID, str]:
    """The fingerprint of each portfolio's newest snapshot."""
    return {row.portfolio_id: row.fingerprint for row in await _newest(conn, ids, _of.fingerprint)}


async def newest_snapshots(conn: AsyncConnection, ids: Collection[UUID] | None) -> dict[UUID, Row[Any]]:
    """The newest snapshot of each portfolio, without its details."""
    light = [column for column in portfolio_snapshots.c if column.name != "details"]
    columns = [column for column in light if column.name not in ("portfolio_id", "metric_date")]
    return {row.portfolio_id: row for row in await _newest(conn, ids, *columns)}


async def newest_snapshot(conn: AsyncConnection, portfolio_id: UUID) -> Row[Any] | None:
    """The newest snapshot of a portfolio with all of its details."""
    query = select(portfolio_snapshots).where(_of.portfolio_id == portfolio_id)
    return (await conn.execute(query.order_by(_of.metric_date.desc()).limit(1))).first()


async def drop_snapshots(conn: AsyncConnection, portfolio_id: UUID) -> None:
    """Forget the snapshots of a portfolio: its trades have changed, so that none of them is true any more."""
    await conn.execute(delete(portfolio_snapshots).where(_of.portfolio_id == portfolio_id))


async def _newest(conn: AsyncConnection, ids: Collection[UUID] | None, *columns: Any) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for chunk in [None] if ids is None else chunks(sorted(ids)):
        last = select(_of.portfolio_id.label("id"), func.max(_of.metric_date).label("on"))
        last = last if chunk is None else last.where(_of.portfolio_id.in_(chunk))
        newest = last.group_by(_of.portfolio_id).subquery()
        match = (_of.portfolio_id == newest.c.id) & (_of.metric_date == newest.c.on)
        query = select(_of.portfolio_id, _of.metric_date, *columns).join(newest, match)
        found += (await conn.execute(query)).all()
    return found
