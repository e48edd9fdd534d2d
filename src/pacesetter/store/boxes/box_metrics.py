"""Each day's figures of boxes, made from what was observed."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import polars as pl
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import stage
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.revisions import get_meta
from pacesetter.store.tables.base import Id
from pacesetter.store.tables.box import METRICS, OBSERVED, box_observations, unified_box_metrics
from pacesetter.store.tables.import_ import data_revisions

RANKS = ("current_rank", "previous_rank", "previous_on", "rank_change")
FROM = ("floor_price_1d_from", "floor_price_7d_from", "floor_price_30d_from")
STORED = (*METRICS, *FROM, "n_observed")
NOTES = ("reasons", "sources")
ORDER = "box_sources"  # the note by which order of sources the stored figures were made
DAY = {"metric_date": pl.Date}


class Written(NamedTuple):
    """How many rows were written or removed, and of which days."""

    rows: int
    days: set[date]


async def name_figures(conn: AsyncConnection) -> tuple[Any, ...]:
    """What names the stored figures for ever: the data revision that last changed an observation, when and by
    which import, and the order of sources that they were made by."""
    revision = data_revisions.c
    ends = (box_observations.c.known_from_revision, box_observations.c.known_to_revision)
    newest = [await conn.scalar(select(func.max(column))) for column in ends]
    query = select(revision.revision, revision.recorded_at, revision.import_id)
    found = (await conn.execute(query.where(revision.revision == max(n or 0 for n in newest)))).first()
    return (*(found or ()), await get_meta(conn, ORDER))


async def write_metrics(
    conn: AsyncConnection, metrics: pl.DataFrame, sources: pl.DataFrame, *, since: pl.DataFrame
) -> Written:
    """Let the stored figures of some boxes, each from a day on, be exactly ``metrics``.

    ``metrics``: as ``measure_boxes`` makes them. ``sources``: symbol, date and ``<field>_source`` of each of
    ``OBSERVED``. ``since``: symbol and the first day, ``date``. A row that is the same is not touched, and
    ranks stay as they are.
    """
    reasons = [f"{name}_reason" for name in METRICS]
    rows = metrics.select("symbol", "metric_date", *STORED).with_columns(
        reasons=note(metrics.select(pl.col(reasons).name.map(lambda name: name.removesuffix("_reason")))),
    )
    given = sources.select("symbol", metric_date="date", **{f: pl.col(f"{f}_source") for f in OBSERVED})
    given = given.select("symbol", "metric_date", sources=note(given.select(OBSERVED)))
    rows = rows.join(given, on=["symbol", "metric_date"], how="left", validate="1:1")
    await stage(conn, "made_box_metrics", rows, key=("symbol", "metric_date"))
    await stage(conn, "remade_boxes", since.select("symbol", "date"), key=("symbol",))
    gone = await read_frame(
        conn,
        text(
            "DELETE FROM unified_box_metrics AS m WHERE EXISTS (SELECT 1 FROM remade_boxes s "
            "WHERE s.symbol = m.symbol AND s.date <= m.metric_date) AND NOT EXISTS "
            "(SELECT 1 FROM made_box_metrics i WHERE i.symbol = m.symbol AND i.metric_date = m.metric_date) "
            "RETURNING metric_date"
        ),
        DAY,
    )
    columns = ", ".join(("symbol", "metric_date", *STORED, *NOTES))
    taken = columns
    if conn.dialect.name == "postgresql":
        taken = ", ".join(("symbol", "metric_date", *STORED, *(f"CAST({name} AS jsonb)" for name in NOTES)))
    sets = ", ".join(f"{name} = excluded.{name}" for name in (*STORED, *NOTES))
    differs = " OR ".join(f"m.{name} IS DISTINCT FROM excluded.{name}" for name in (*STORED, *NOTES))
    made = await read_frame(
        conn,
        text(
            f"INSERT INTO unified_box_metrics AS m ({columns}) SELECT {taken} FROM made_box_metrics "
            f"WHERE true ON CONFLICT (symbol, metric_date) DO UPDATE SET {sets}, "
            f"updated_at = CURRENT_TIMESTAMP WHERE {differs} RETURNING metric_date"
        ),
        DAY,
    )
    written = pl.concat([gone, made])["metric_date"]
    return Written(written.len(), set(written))


def note(frame: pl.DataFrame) -> pl.Series:
    """Each row as a JSON object of its cells that hold something, in the order of the columns."""
    made: dict[tuple[object, ...], str] = {}  # few rows differ
    names = frame.columns
    for cells in frame.iter_rows():
        if cells not in made:
            told = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
            made[cells] = orjson.dumps(told).decode()
    return pl.Series([made[cells] for cells in frame.iter_rows()], dtype=pl.String)


async def set_box_ranks(conn: AsyncConnection, domain_id: UUID, first: date) -> None:
    """Copy the ranks that the current heads of a board name beside the figures, from ``first`` on."""
    columns = ", ".join(RANKS)
    published = (
        f"SELECT {', '.join('r.' + name for name in RANKS)} FROM board_heads h JOIN ranking_results r "
        "ON r.domain_id = h.domain_id AND r.method_version_id = h.method_version_id "
        "AND r.metric_date = h.metric_date AND r.cycle_id = h.cycle_id "
        "WHERE h.domain_id = :board AND h.head_to IS NULL "
        "AND h.metric_date = unified_box_metrics.metric_date AND r.symbol = unified_box_metrics.symbol "
        "ORDER BY h.head_from DESC LIMIT 1"
    )
    await conn.execute(
        text(
            f"UPDATE unified_box_metrics SET ({columns}) = ({published}) WHERE metric_date >= :first"
        ).bindparams(
            bindparam("board", domain_id, Id),
            bindparam("first", first, unified_box_metrics.c.metric_date.type),
        )
    )
