"""Boxes as a panel: the figures of some days, as they stand or as they were known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import orjson
import polars as pl
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box import merge_observations
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.box_metrics import measure_boxes
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Figures, Panel
from pacesetter.store.boxes.boxes import read_observations
from pacesetter.store.database.bulk import chunks
from pacesetter.store.database.revisions import newest_revision
from pacesetter.store.tables.box import box_observations, unified_box_metrics
from pacesetter.store.tables.symbol import symbol_universe

FIGURES: dict[str, type[pl.DataType]] = {
    "symbol": pl.String,
    "metric_date": pl.Date,
    **dict.fromkeys(MEASURES, pl.Float64),
}
REASON = pl.Struct({name: pl.String for name in MEASURES})


async def load_box_panel(
    conn: AsyncConnection, days: Sequence[date], *, priority: Sequence[str], at: int | None = None
) -> Panel:
    """All boxes observed on ``days``, as known at a data revision (None: now); ``priority``: whose figure
    counted then where several sources gave one.

    A close is a floor price and a volume the boxes sold. Only what was seen on a day counts on it, so
    the panel holds nothing of other days: ranking a day costs what that day holds. What was known
    at a revision is measured again from the observations of then, never taken from what is stored.
    """
    if at is None:
        made = await read_figures(conn, days)
    else:
        rows = await read_observations(conn, at=at, until=max(days))
        measured = measure_boxes(merge_observations(rows, priority))
        made = measured.filter(pl.col("metric_date").is_in(list(days)))
    revision = await newest_revision(conn) if at is None else at
    return build_panel(made, days, await read_names(conn), revision)


async def read_figures(conn: AsyncConnection, days: Sequence[date]) -> pl.DataFrame:
    """The stored figures of some days with ``<measure>_reason``, by symbol and day."""
    of = unified_box_metrics.c
    frames = [pl.DataFrame(schema={**FIGURES, "reasons": pl.String})]
    for some in chunks(sorted(days)):
        query = select(*(of[name] for name in FIGURES), of.reasons).where(of.metric_date.in_(some))
        rows = [(*row[:-1], orjson.dumps(row[-1]).decode()) for row in await conn.execute(query)]
        frames.append(pl.DataFrame(rows, schema=frames[0].schema, orient="row"))
    made = pl.concat(frames).sort("symbol", "metric_date")
    reasons = made["reasons"].str.json_decode(REASON).struct.unnest()
    return pl.concat(
        [made.drop("reasons"), reasons.rename({name: f"{name}_reason" for name in MEASURES})],
        how="horizontal",
    )


async def read_names(conn: AsyncConnection) -> dict[str, str]:
    """The boxes that have a name."""
    about = symbol_universe.c
    query = select(about.symbol, about.name)
    rows = await conn.execute(query.where(about.asset_type == "sealed_box", about.name.is_not(None)))
    return {row.symbol: row.name for row in rows}


async def observed_dates(
    conn: AsyncConnection, first: date | None, last: date | None, *, newest: int | None = None
) -> list[date]:
    """The days from ``first`` to ``last`` (None: any) on which somebody looked at a box, oldest first; the
    ``newest`` of them alone."""
    seen = box_observations.c
    query = select(seen.date).distinct().where(seen.known_to_revision.is_(None))
    if first is not None:
        query = query.where(seen.date >= first)
    if last is not None:
        query = query.where(seen.date <= last)
    if newest is not None:
        query = query.limit(newest)
    return list(reversed(list(await conn.scalars(query.order_by(seen.date.desc())))))


def build_panel(
    metrics: pl.DataFrame, days: Sequence[date], names: Mapping[str, str], revision: int
) -> Panel:
    """The panel of measured boxes, sorted by symbol and day."""
    counts = metrics.group_by("symbol", maintain_order=True).len()
    symbols = tuple(counts["symbol"])
    offsets = np.concatenate([[0], np.cumsum(counts["len"].to_numpy())]).astype(np.int64)
    day = metrics["metric_date"].cast(pl.Int32).to_numpy()
    nothing = np.full(len(day), np.nan)
    asked = np.array([day_number(on) for on in days], dtype=np.int32)
    return Panel(
        symbols=symbols,
        offsets=offsets,
        date=day,
        open=nothing,
        high=nothing,
        low=nothing,
        close=take(metrics, "floor_price_usd"),
        volume=take(metrics, "boxes_sold_per_day"),
        growth=nothing,
        final=np.ones(len(day), dtype=bool),
        calendar=np.union1d(day, asked).astype(np.int32),
        sessions=asked,
        asset_type=("sealed_box",) * len(symbols),
        currency=("USD",) * len(symbols),
        quote_unit=np.ones(len(symbols)),
        names={symbol: names[symbol] for symbol in symbols if symbol in names},
        revision=revision,
        exact=True,
        figures={
            name: Figures(take(metrics, name), tuple(metrics[f"{name}_reason"].fill_null("")))
            for name in MEASURES
        },
    )


def take(metrics: pl.DataFrame, name: str) -> np.ndarray:
    """A column as float64, NaN for null."""
    return metrics[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
