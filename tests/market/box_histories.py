"""Random observations of boxes with every kind of fault in them, and a few words to write others by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

FIELDS = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")
SCHEMA = {"symbol": pl.String, "date": pl.Date, "source": pl.String, **dict.fromkeys(FIELDS, pl.Float64)}
SOURCES = ("manual", "north", "south", "unknown", "attic")
START = date(2025, 1, 1)

Figures = tuple[float | None, float | None, float | None, float | None]


def on(day: int) -> date:
    """The date so many days after the first."""
    return START + timedelta(days=day)


def observe(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows of symbol, day, source and the four figures as observations."""
    made = [(symbol, on(day), *rest) for symbol, day, *rest in rows]
    return pl.DataFrame(made, schema=SCHEMA, orient="row")


def follow(days: dict[int, Figures], symbol: str = "BOX-A") -> pl.DataFrame:
    """One box's merged days: floor, listings, sold and added by day."""
    return observe([(symbol, day, "north", *figures) for day, figures in days.items()]).drop("source")


def real_observations(shared_data: Path) -> pl.DataFrame:
    """The real file as observations."""
    file = pl.read_csv(
        shared_data / "boxes/boosterbox_daily.csv", infer_schema_length=None, try_parse_dates=True
    )
    sold = pl.coalesce("boxes_sold_today", "boxes_sold_per_day")
    return file.select(
        pl.col("box_id").alias("symbol"),
        "date",
        pl.col("source").fill_null("unknown"),
        pl.col("floor_price_usd").cast(pl.Float64),
        pl.col("active_listings_count").cast(pl.Float64),
        sold.cast(pl.Float64).alias("boxes_sold"),
        pl.col("boxes_added_today").cast(pl.Float64).alias("boxes_added"),
    )


def random_observations(rng: np.random.Generator, boxes: int) -> pl.DataFrame:
    """Boxes of one to sixty days each: holes, several sources, nulls, zero sales, few and no listings."""
    rows = []
    for box in range(boxes):
        symbol = f"BOX-{box:04d}"
        holes, unknown = rng.choice([0.0, 0.3, 0.8]), rng.choice([0.0, 0.15, 0.6])
        day, last = int(rng.integers(0, 40)), int(rng.integers(1, 61))
        price, stock = rng.uniform(40, 900), int(rng.choice([0, 3, 6, 30, 2000]))
        for _ in range(last):
            day += 1 if rng.random() >= holes else int(rng.choice([2, 3, 5, 8, 29, 31, 45]))
            price *= rng.choice([0.95, 1.0, 1.0, 1.02])
            for source in rng.choice(SOURCES, size=int(rng.choice([1, 1, 1, 2, 4])), replace=False):
                seen = (
                    round(price + rng.integers(0, 3), 2),
                    float(max(stock + rng.integers(-2, 3), 0)),
                    float(rng.choice([0, 0, 1, 2, 0.1, 0.57, 1.35, 19])),
                    float(rng.choice([0, 0, 0.1, 1, 2])),
                )
                known = [None if rng.random() < unknown else x for x in seen]
                rows.append((symbol, day, str(source), *known))
    return observe(rows)


def same_bits(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Whether two frames hold the same rows, and floats of the same bits."""
    if one.schema != other.schema or not one.equals(other):
        return False
    floats = [name for name, kind in one.schema.items() if kind == pl.Float64]
    return all(one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes() for name in floats)
