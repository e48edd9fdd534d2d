"""Bars held back: kept, judged again with later ones, decided on by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Date, Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.bars.bars import BAR_FRAME, timed
from pacesetter.store.database.bulk import load_frame, stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import revision_at
from pacesetter.store.tables.bar import quarantined_bars

KEPT = (*BAR_FRAME, "reason", "detail")


async def hold_bars(
    conn: AsyncConnection, frame: pl.DataFrame, *, source: str, revision: int, fetched_at: datetime
) -> int:
    """Hold suspicious bars (bars with ``reason`` and ``detail``); returns how many are new.

    A bar that is held already, or on which a person has decided, is left as it is.
    """
    await stage(conn, "suspicious", frame.select(KEPT), key=("symbol", "date"))
    fresh = await read_frame(
        conn,
        text(
            "SELECT s.symbol, s.date FROM suspicious s WHERE NOT EXISTS (SELECT 1 FROM quarantined_bars q "
            "WHERE q.symbol = s.symbol AND q.date = s.date AND (q.state = 'held' OR "
            "(q.state IN ('accepted', 'repaired') AND q.close = s.close)))"
        ),
        {"symbol": pl.String, "date": pl.Date},
    )
    return await _add(conn, frame.join(fresh, on=["symbol", "date"]), "held", source, revision, fetched_at)


async def _add(
    conn: AsyncConnection, frame: pl.DataFrame, state: str, source: str, revision: int, at: datetime
) -> int:
    rows = frame.select(KEPT).with_columns(
        id=pl.Series([new_id().bytes for _ in range(frame.height)], dtype=pl.Binary),
        state=pl.lit(state),
        data_source=pl.lit(source),
        fetched_at=pl.lit(at).cast(pl.Datetime("us", "UTC")),
        revision=pl.lit(revision, pl.Int64),
    )
    return await load_frame(conn, quarantined_bars, rows)


async def release(
    conn: AsyncConnection, frame: pl.DataFrame, *, source: str, revision: int, at: datetime
) -> None:
    """Note that bars were confirmed as real moves: a held one is released, another gets its case row."""
    if frame.is_empty():
        return
    await stage(conn, "confirmed", frame.select(KEPT), key=("symbol", "date"))
    await conn.execute(
        timed(
            "UPDATE quarantined_bars SET state = 'released', decided_at = :at, "
            "updated_at = CURRENT_TIMESTAMP WHERE state = 'held' AND EXISTS (SELECT 1 FROM confirmed c "
            "WHERE c.symbol = quarantined_bars.symbol AND c.date = quarantined_bars.date)"
        ),
        {"at": at},
    )
    fresh = await read_frame(
        conn,
        text(
            "SELECT c.symbol, c.date FROM confirmed c WHERE NOT EXISTS (SELECT 1 FROM quarantined_bars q "
            "WHERE q.symbol = c.symbol AND q.date = c.date AND q.state = 'released')"
        ),
        {"symbol": pl.String, "date": pl.Date},
    )
    await _add(conn, frame.join(fresh, on=["symbol", "date"]), "released", source, revision, at)


async def held_before(conn: AsyncConnection, gaps: pl.DataFrame) -> pl.DataFrame:
    """Held bars inside ``gaps`` (symbol, after, first), as ``bars_before`` has the accepted ones."""
    await stage(conn, "gaps", gaps.select("symbol", "after", "first"))
    return await read_frame(
        conn,
        text(
            f"SELECT {', '.join('q.' + c for c in KEPT)} FROM quarantined_bars q "
            "JOIN gaps f ON f.symbol = q.symbol AND q.date < f.first AND q.date > f.after "
            "WHERE q.state = 'held' ORDER BY q.symbol, q.date"
        ),
        {**BAR_FRAME, "reason": pl.String, "detail": pl.String},
    )


async def held_counts(
    conn: AsyncConnection, after: date, until: date, symbols: Sequence[str] | None = None
) -> dict[str, int]:
    """How many bars of each symbol (of ``symbols``, where given) are held back, dated after ``after``
    and not after ``until``."""
    bar = quarantined_bars.c
    query = select(bar.symbol, func.count()).where(bar.state == "held", bar.date > after, bar.date <= until)
    if symbols is not None:
        query = query.where(bar.symbol.in_(symbols))
    return {symbol: n for symbol, n in await conn.execute(query.group_by(bar.symbol))}


async def admitted_late(conn: AsyncConnection) -> list[date]:
    """Dates of bars that were held back when ranks were last published, and are accepted now."""
    rows = await conn.execute(
        text(
            "SELECT DISTINCT q.date FROM quarantined_bars q "
            "JOIN market_data_cache b ON b.symbol = q.symbol AND b.date = q.date "
            "WHERE q.state IN ('released', 'accepted', 'repaired') AND q.revision < b.known_from_revision "
            "AND b.known_from_revision > "
            "(SELECT coalesce(max(data_revision), 0) FROM cycles WHERE status = 'published') ORDER BY q.date"
        ).columns(date=Date)
    )
    return list(rows.scalars())


async def held_elsewhere(conn: AsyncConnection, bars: pl.DataFrame, source: str) -> pl.DataFrame:
    """Closes of the delivered dates (symbol, date) that another source gave and that are held back."""
    others = {"symbol": pl.String, "date": pl.Date, "close": pl.Float64}
    bar = quarantined_bars.c
    query = select(bar.symbol, bar.date, bar.close).where(bar.state == "held", bar.data_source != source)
    held = await read_frame(conn, query, others)
    return held.join(bars.select("symbol", "date").drop_nulls(), on=["symbol", "date"], how="semi")


async def list_held(conn: AsyncConnection, symbol: str | None = None, limit: int = 1000) -> list[Row[Any]]:
    """Bars that wait for a decision, newest first."""
    query = select(quarantined_bars).where(quarantined_bars.c.state == "held")
    if symbol is not None:
        query = query.where(quarantined_bars.c.symbol == symbol)
    return list(await conn.execute(query.order_by(quarantined_bars.c.date.desc()).limit(limit)))


async def held_at(conn: AsyncConnection, first: date, last: date, at: datetime | None) -> list[Row[Any]]:
    """Bars of some days that waited for a decision at an instant (None: now), by symbol and day."""
    bar = quarantined_bars.c
    query = select(quarantined_bars).where(bar.date >= first, bar.date <= last)
    if at is None:
        query = query.where(bar.state == "held")
    else:
        query = query.where(
            bar.revision <= await revision_at(conn, at),
            (bar.state == "held") | (bar.decided_at > at),
        )
    return list(await conn.execute(query.order_by(bar.symbol, bar.date)))


async def find_held(conn: AsyncConnection, symbol: str, on: date) -> Row[Any] | None:
    """The bar of a symbol and session that waits for a decision."""
    bar = quarantined_bars.c
    query = select(quarantined_bars).where(bar.symbol == symbol, bar.date == on, bar.state == "held")
    return (await conn.execute(query)).first()


async def decide(conn: AsyncConnection, case_id: UUID, *, state: str, at: datetime, by: str) -> None:
    """Close a case: ``state`` is accepted or repaired."""
    case = quarantined_bars.c
    values = {"state": state, "decided_at": at, "decided_by": by[:80]}
    await conn.execute(update(quarantined_bars).where(case.id == case_id).values(values))
