"""Take observations of boxes in, within one transaction of the caller's:

1. the boxes become known (``jobs/boxes/describe_boxes.py``)
2. their observations are stored under the data revision; equal ones change nothing
3. each box is a member of the board from its first observation on
4. the figures of the touched boxes are made again, each from its first touched day on
5. the boards are ranked again on the days of those figures

Where the second step changes nothing there is no revision, and nothing is ranked.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boards.thin_days import say_thin_among
from pacesetter.jobs.boxes.describe_boxes import describe_boxes
from pacesetter.jobs.boxes.rank_boxes import publish_boxes
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import SimulationMismatch
from pacesetter.market.bar import REJECTION_SCHEMA, no_rejections
from pacesetter.market.box import FIELDS, merge_observations
from pacesetter.market.box_metrics import measure_boxes
from pacesetter.store.boxes.box_board import follow_observations, retire_days
from pacesetter.store.boxes.box_joins import read_roots
from pacesetter.store.boxes.box_metrics import ORDER, write_metrics
from pacesetter.store.boxes.box_pages import count_ranked_boxes
from pacesetter.store.boxes.box_panels import observed_dates
from pacesetter.store.boxes.box_products import set_observed_dates
from pacesetter.store.boxes.boxes import (
    TOUCHED,
    read_observations,
    read_touched,
    upsert_observations,
)
from pacesetter.store.database.revisions import drop_revision, get_meta, new_revision, set_meta

KEY = ("symbol", "date", "source")


@dataclass
class BoxIntake:
    """What became of the rows of one delivery: inserted, changed, unchanged or refused."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: pl.DataFrame = field(default_factory=no_rejections)
    revision: int | None = None  # None: nothing was observed that was not stored before
    ranked: Sequence[date] = ()
    said: list[str] = field(default_factory=list)


class Repeats(NamedTuple):
    """Observations once each; how many stood there again; the rows that contradict an earlier one."""

    rows: pl.DataFrame
    again: int
    refused: pl.DataFrame


async def take_in(
    ws: Workspace, conn: AsyncConnection, rows: pl.DataFrame, *, import_id: UUID, at: datetime, by: str
) -> BoxIntake:
    """Store the rows of a ``BoxFile``, whose import was started; ``by``: who observed, for the boards."""
    if ws.simulated:
        raise SimulationMismatch(
            "boxes are real: they never stand beside the simulated market",
            mend="`pacesetter import boxes FILE` opens the real database",
        )
    done = BoxIntake()
    # first of all: of two imports at once the later one knows the boxes that the other has made
    revision = await new_revision(conn, "import", at, import_id)
    described = await describe_boxes(conn, rows)
    done.said += described.said
    called = pl.col("box_id").replace_strict(described.symbols, return_dtype=pl.String)
    named = stand_in(rows.with_columns(told_as=called), await read_roots(conn))
    facts = rows.filter(pl.col("date").is_null()).select(called).to_series()
    done.inserted = int(facts.is_in(described.added).sum())
    done.changed = int(facts.is_in(described.changed).sum())
    done.unchanged = facts.len() - done.inserted - done.changed
    seen = part_repeats(named.filter(pl.col("date").is_not_null()))
    done.refused = seen.refused
    counts = await upsert_observations(conn, seen.rows, revision=revision, at=at)
    done.inserted += counts.inserted
    done.changed += counts.changed
    done.unchanged += counts.unchanged + seen.again
    touched = await read_touched(conn, revision)
    if touched.is_empty():
        await drop_revision(conn, revision)
    else:
        done.revision = revision
    done.ranked = await remake(ws, conn, touched, revision=revision, by=by)
    if not done.ranked:
        done.said.append("nothing was observed that was not stored before: nothing is ranked again")
    else:
        done.said.append(f"ranked again: {spell_days(done.ranked)}")
        done.said += say_thin_among((await count_ranked_boxes(conn, most=None))[0], done.ranked)
    return done


def stand_in(rows: pl.DataFrame, roots: Mapping[str, str]) -> pl.DataFrame:
    """Rows with the ``symbol`` of the box that theirs, ``told_as``, is joined into; null there where it is
    the same."""
    ends = pl.col("told_as").replace(roots)
    told = pl.when(ends != pl.col("told_as")).then(pl.col("told_as"))
    return rows.with_columns(symbol=ends, told_as=told)


def part_repeats(rows: pl.DataFrame) -> Repeats:
    """Observations without those of a box, day and source that an earlier row has told: the same figures
    once more change nothing, other ones are refused, because nobody can tell which are right."""
    turn = rows.with_columns(
        first=pl.col("row").first().over(KEY),
        same=pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).first().over(KEY)) for name in FIELDS),
    )
    later = turn.filter(pl.col("row") != pl.col("first"))
    refused = later.filter(~pl.col("same")).select(
        "row",
        symbol="box_id",
        date=pl.col("date").cast(pl.String),
        reason=pl.lit("contradicts_earlier_row"),
        detail=pl.format("row {} has other figures of that day and source", "first"),
    )
    once = rows.join(later, on="row", how="anti").sort("row")
    return Repeats(once, later.height - refused.height, refused.cast(REJECTION_SCHEMA))


async def follow_order(ws: Workspace, conn: AsyncConnection) -> None:
    """Make all figures and ranks again where the order of sources is another one than they were made by."""
    order = hashlib.sha256("\n".join(ws.settings.box_sources).encode()).hexdigest()
    if await get_meta(conn, ORDER) not in (None, order):
        revision = await new_revision(conn, "repair", ws.now())
        await remake(ws, conn, pl.DataFrame(schema=TOUCHED), revision=revision, by="backfill")


async def remake(
    ws: Workspace,
    conn: AsyncConnection,
    touched: pl.DataFrame,
    *,
    revision: int,
    by: str,
    every_day: bool = False,
) -> list[date]:
    """Bring membership, figures and ranks up to the observations; the days that were ranked.

    ``touched``: the boxes and days (``TOUCHED``) of which ``revision`` changed anything. Where the order
    of sources is another one than the stored figures were made by, all boxes are touched. ``every_day``:
    boards have other members than they had, so that all their days are ranked again.
    """
    priority = ws.settings.box_sources
    order = hashlib.sha256("\n".join(priority).encode()).hexdigest()
    noted = await get_meta(conn, ORDER)
    if noted not in (None, order):
        every = (await read_observations(conn)).select(*TOUCHED)
        touched = pl.concat([touched, every]).unique().sort("symbol", "date")
    if touched.is_empty():
        return []
    if noted != order:
        await set_meta(conn, ORDER, order)
    symbols = touched["symbol"].unique().sort().to_list()
    await set_observed_dates(conn, symbols)
    others = await follow_observations(conn, symbols, revision=revision)
    since = touched.group_by("symbol").agg(pl.col("date").min()).sort("symbol")
    seen = await read_observations(conn, symbols=symbols)
    merged = await asyncio.to_thread(merge_observations, seen, priority)
    figures = await asyncio.to_thread(measure_boxes, merged)
    later = figures.join(since, on="symbol").filter(pl.col("metric_date") >= pl.col("date")).drop("date")
    written = await write_metrics(conn, later, merged, since=since)
    observed = await observed_dates(conn, None, None)
    days = {*written.days, *touched["date"]}
    if others is not None:  # who was not observed on a day stands on it all the same, unranked
        days |= {on for on in observed if others[0] <= on < others[1]}
    if every_day:
        days |= set(observed)
    days |= set(await retire_days(conn, days, ws.now()))
    await publish_boxes(ws, conn, sorted(days & set(observed)), by=by)
    return sorted(days)


def spell_days(days: Sequence[date]) -> str:
    """How many days there are, and which."""
    if len(days) == 1:
        return f"{days[0]}"
    return f"{len(days)} days from {days[0]} to {days[-1]}"
