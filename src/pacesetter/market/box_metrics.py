"""The figures of a box's day, from its own observations up to that day and nothing else."""

from __future__ import annotations

import numpy as np
import polars as pl

from pacesetter.market.box import FIELDS
from pacesetter.market.box_measures import MEASURES

WINDOW_DAYS = 30
ALPHA = 0.25  # 2 / (7 + 1)
CHANGES_DAYS = (1, 7, 30)
CHANGE_SLACK_DAYS = 2  # how much older the floor that a change is measured from may be
FEWEST_DAYS, FEWEST_LISTINGS = 7, 5
LONGEST_SUPPLY_DAYS, LONGEST_SALE_DAYS = 180.0, 365.0
ROUNDING = 1e-9  # sold and added that differ by less, relatively, are equal: their means are rounded


def measure_boxes(merged: pl.DataFrame) -> pl.DataFrame:
    """All figures of every observed day (formulas and units: ``MEASURES``).

    ``merged``: symbol, date and ``FIELDS`` (float64, null or NaN unknown), one row a box and day, in any
    order. Returns, sorted by symbol and day, one row for each of these: symbol, metric_date, the measures
    (float64, null where missing), ``floor_price_{1,7,30}d_from`` (the day that a change is measured
    from), n_observed (days with known sales among the 30 up to this one), and ``<measure>_reason``, the
    word that says why a figure is missing. A figure has the same bits whatever other boxes, and
    whatever later days, come with it.
    """
    rows = merged.select("symbol", metric_date="date", **{f: pl.col(f).fill_nan(None) for f in FIELDS})
    rows = rows.sort("symbol", "metric_date").with_columns(
        daily_volume_usd=pl.col("boxes_sold") * pl.col("floor_price_usd")
    )
    made = rows.with_columns(_look_back(rows)).with_columns(**_figures()).with_columns(**_ratios())
    compared = [f"floor_price_{days}d_from" for days in CHANGES_DAYS]
    floor_known = pl.col("floor_price_usd").is_not_null()
    return made.select(
        "symbol",
        "metric_date",
        *MEASURES,
        *[pl.when(floor_known).then(pl.col(name)).alias(name) for name in compared],
        "n_observed",
        *[reason.alias(f"{name}_reason") for name, reason in _reasons().items()],
    )


def _look_back(rows: pl.DataFrame) -> list[pl.Series]:
    """What is gathered over a box's earlier days: sums and counts, the smoothed volume, earlier floors."""
    from pacesetter.market.box_kernels import find_earlier, smooth, sum_windows  # compiles at first use

    day = rows["metric_date"].to_physical().to_numpy().astype(np.int64)
    newly = (rows["symbol"] != rows["symbol"].shift()).fill_null(value=True).to_numpy()
    offsets = np.append(np.flatnonzero(newly), len(rows)).astype(np.int64)
    values = {f: rows[f].fill_null(float("nan")).to_numpy() for f in ("daily_volume_usd", *FIELDS)}
    found = []
    for name in ("daily_volume_usd", "boxes_sold", "boxes_added"):
        total, count = sum_windows(day, offsets, values[name], WINDOW_DAYS)
        found += [pl.Series(f"{name}_sum", total), pl.Series(f"{name}_days", count)]
    smoothed = smooth(day, offsets, values["daily_volume_usd"], ALPHA)
    found.append(pl.Series("unified_volume_7d_ema", smoothed).fill_nan(None))
    for days in CHANGES_DAYS:
        at = find_earlier(day, offsets, values["floor_price_usd"], days, days + CHANGE_SLACK_DAYS)
        row = pl.Series(at).set(pl.Series(at < 0), None)
        found.append(rows["metric_date"].gather(row).alias(f"floor_price_{days}d_from"))
        found.append(rows["floor_price_usd"].gather(row).alias(f"earlier_floor_{days}d"))
    return found


def _mean(field: str) -> pl.Expr:
    """Mean over the window's days on which the field is known."""
    return pl.when(pl.col(f"{field}_days") > 0).then(pl.col(f"{field}_sum") / pl.col(f"{field}_days"))


def _figures() -> dict[str, pl.Expr]:
    """The figures that are one step from the observations."""
    floor = pl.col("floor_price_usd")
    changes = {
        f"floor_price_{days}d_change_pct": 100.0 * (floor / pl.col(f"earlier_floor_{days}d") - 1.0)
        for days in CHANGES_DAYS
    }
    return {
        "unified_volume_usd": pl.when(pl.col("daily_volume_usd_days") > 0).then(
            pl.col("daily_volume_usd_sum")
        ),
        "boxes_sold_per_day": pl.col("boxes_sold"),
        "boxes_sold_30d_avg": _mean("boxes_sold"),
        "boxes_added_30d_avg": _mean("boxes_added"),
        "boxes_added_today": pl.col("boxes_added"),
        "visible_market_cap_usd": pl.col("active_listings_count") * floor,
        "n_observed": pl.col("boxes_sold_days"),
        **changes,
    }


def _ratios() -> dict[str, pl.Expr]:
    """Listings against the pace of sales; null where it says nothing."""
    listed, sold, enough = pl.col("active_listings_count"), pl.col("boxes_sold_30d_avg"), _enough_days()
    gone_days = pl.when(sold > 0).then(listed / sold).otherwise(LONGEST_SALE_DAYS)
    return {
        "liquidity_score": pl.when(enough, listed > 0).then((100.0 * sold / listed).clip(None, 10.0)),
        "expected_days_to_sell": pl.when(enough, (listed > 0) | (sold > 0)).then(
            gone_days.clip(1.0, LONGEST_SALE_DAYS)
        ),
        "days_to_20pct_increase": pl.when(enough, listed >= FEWEST_LISTINGS, _bought_up()).then(
            (listed / _net()).clip(None, LONGEST_SUPPLY_DAYS)
        ),
    }


def _enough_days() -> pl.Expr:
    return pl.col("n_observed") >= FEWEST_DAYS


def _net() -> pl.Expr:
    return pl.col("boxes_sold_30d_avg") - pl.col("boxes_added_30d_avg")


def _bought_up() -> pl.Expr:
    return _net() > ROUNDING * pl.col("boxes_sold_30d_avg")


def _reasons() -> dict[str, pl.Expr]:
    """Why each measure is missing: the first that holds, in the order of its conditions."""
    no_floor = (pl.col("floor_price_usd").is_null(), "no_floor")
    no_sales = (pl.col("boxes_sold").is_null(), "sales_unknown")
    no_listings = (pl.col("active_listings_count").is_null(), "listings_unknown")
    few_days = (~_enough_days(), "few_days")
    causes: dict[str, list[tuple[pl.Expr, str]]] = {
        "floor_price_usd": [no_floor],
        "daily_volume_usd": [no_floor, no_sales],
        # sales that are known, but on no day with a floor
        "unified_volume_usd": [(pl.col("n_observed") > 0, "no_floor"), (pl.lit(value=True), "sales_unknown")],
        "unified_volume_7d_ema": [no_floor, no_sales],
        "boxes_sold_per_day": [no_sales],
        "boxes_sold_30d_avg": [(pl.lit(value=True), "sales_unknown")],
        "active_listings_count": [no_listings],
        "boxes_added_today": [(pl.lit(value=True), "added_unknown")],
        "liquidity_score": [few_days, no_listings, (pl.lit(value=True), "nothing_listed")],
        "days_to_20pct_increase": [
            few_days,
            no_listings,
            (pl.col("active_listings_count") < FEWEST_LISTINGS, "few_listings"),
            (pl.col("boxes_added_30d_avg").is_null(), "added_unknown"),
            (pl.lit(value=True), "no_net_demand"),
        ],
        "expected_days_to_sell": [few_days, no_listings, (pl.lit(value=True), "nothing_listed")],
        "visible_market_cap_usd": [no_floor, no_listings],
    }
    for days in CHANGES_DAYS:
        causes[f"floor_price_{days}d_change_pct"] = [no_floor, (pl.lit(value=True), "no_earlier_floor")]
    return {
        name: pl.when(pl.col(name).is_null()).then(
            pl.coalesce([pl.when(holds).then(pl.lit(word)) for holds, word in causes[name]])
        )
        for name in MEASURES
    }
