"""The market of boxes on each day: an equal-weighted index of floor prices, its breadth, and its volume."""

from __future__ import annotations

import numpy as np
import polars as pl

MOST_NEEDED = (
    5  # so many shared boxes make a link, or half of the boxes of the larger day where that is fewer
)
START = 100.0
_COUNTS = ("n_linked", "advancing", "declining", "unchanged")


def measure_market(metrics: pl.DataFrame) -> pl.DataFrame:
    """One row a date of ``metrics`` (symbol, metric_date, floor_price_usd, daily_volume_usd; any order).

    A date is linked to the newest earlier date with which it shares at least five boxes with a floor
    price, or half of the boxes of the larger of the two days, where that is fewer: index = index of that
    date · mean(floor / floor of that date) over the shared boxes. Boxes that come or go do not move it.
    The first date with a floor has 100.

    A date that can be linked to none has no index (null): the line is broken there. It starts a line of
    its own at 100. Later dates go on with that one only if no date of the line they came from shares
    enough boxes. ``base_on`` is the date at which a row's line stood at 100: only rows with the same one
    compare. A mean of ratios gains where prices go up and down by turns, so over long times the
    index tells more of its direction than of its height.

    Returns, by date: metric_date, index, base_on, linked_on, n_linked (boxes of the link), n_floors,
    mean_floor_usd, median_floor_usd, advancing, declining and unchanged (boxes of the link), breadth
    ((advancing − declining) / n_linked, −1 to 1; null without a link), volume_usd (sum of the known daily
    volumes, null where none is known). Floors of zero or less count as unknown.
    """
    from pacesetter.market.box_kernels import chain_index, sum_dates  # compiles at first use

    known = [pl.col(name).fill_nan(None) for name in ("floor_price_usd", "daily_volume_usd")]
    rows = metrics.select("symbol", "metric_date", *known).sort("metric_date", "symbol")
    floor = pl.when(pl.col("floor_price_usd") > 0).then(pl.col("floor_price_usd"))
    rows = rows.with_columns(floor_price_usd=floor)
    dates = rows.group_by("metric_date", maintain_order=True).agg(
        n_rows=pl.len().cast(pl.Int64),
        n_floors=pl.col("floor_price_usd").count().cast(pl.Int64),
        median_floor_usd=pl.col("floor_price_usd").median(),
    )
    volume, n_volumes = sum_dates(_offsets(dates["n_rows"]), _floats(rows["daily_volume_usd"]))
    offsets, floors = _offsets(dates["n_floors"]), rows.drop_nulls("floor_price_usd")
    boxes = pl.Enum(floors["symbol"].unique().sort())
    price, box = _floats(floors["floor_price_usd"]), floors["symbol"].cast(boxes).to_physical().to_numpy()
    total, _ = sum_dates(offsets, price)
    index, line, link, counts = chain_index(offsets, box, price, START, MOST_NEEDED)
    on = dates["metric_date"]
    made = dates.with_columns(
        index=pl.Series(index, dtype=pl.Float64).fill_nan(None),
        base_on=on.gather(_rows(line)),
        linked_on=on.gather(_rows(link)),
        mean_floor_usd=pl.when(pl.col("n_floors") > 0).then(pl.lit(pl.Series(total)) / pl.col("n_floors")),
        volume_usd=pl.when(pl.lit(pl.Series(n_volumes)) > 0).then(pl.lit(pl.Series(volume))),
        **{name: pl.Series(counts[:, k], dtype=pl.Int64) for k, name in enumerate(_COUNTS)},
    )
    return made.select(
        "metric_date",
        "index",
        "base_on",
        "linked_on",
        "n_linked",
        "n_floors",
        "mean_floor_usd",
        "median_floor_usd",
        "advancing",
        "declining",
        "unchanged",
        breadth=pl.when(pl.col("n_linked") > 0).then(
            (pl.col("advancing") - pl.col("declining")) / pl.col("n_linked")
        ),
        volume_usd="volume_usd",
    )


def _offsets(lengths: pl.Series) -> np.ndarray:
    """Where each date's rows begin, and at the end where the last ones do."""
    return np.append(0, lengths.cum_sum().to_numpy()).astype(np.int64)


def _floats(values: pl.Series) -> np.ndarray:
    """Float64, NaN for null."""
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _rows(at: np.ndarray) -> pl.Series:
    """Row numbers, null where there is none (−1)."""
    return pl.Series(at, dtype=pl.Int64).set(pl.Series(at < 0), None)
