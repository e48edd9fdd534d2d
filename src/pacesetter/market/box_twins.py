"""Which boxes may be the same under two ids: one begins where another ends, at about its price."""

from __future__ import annotations

import polars as pl

MOST_DAYS = 30
MOST_DIFFERENCE_PCT = 3.0
ENDS: dict[str, type[pl.DataType]] = {
    "symbol": pl.String,
    "named": pl.Boolean,
    "first_on": pl.Date,  # the first and last day with observations
    "last_on": pl.Date,
    "first_floor_on": pl.Date,  # and with a floor price
    "first_floor_usd": pl.Float64,
    "last_floor_on": pl.Date,
    "last_floor_usd": pl.Float64,
}


def find_ends(floors: pl.DataFrame) -> pl.DataFrame:
    """Where each box begins and ends (``ENDS``). ``floors``: symbol, named, date and floor_price_usd
    (dollars, null where none is known), a row a box and observed day."""
    known = pl.col("floor_price_usd").is_not_null()
    ordered = floors.sort("symbol", "date")
    return ordered.group_by("symbol", maintain_order=True).agg(
        pl.col("named").first(),
        first_on=pl.col("date").first(),
        last_on=pl.col("date").last(),
        first_floor_on=pl.col("date").filter(known).first(),
        first_floor_usd=pl.col("floor_price_usd").filter(known).first(),
        last_floor_on=pl.col("date").filter(known).last(),
        last_floor_usd=pl.col("floor_price_usd").filter(known).last(),
    )


def find_twins(ends: pl.DataFrame) -> pl.DataFrame:
    """Pairs of an unnamed box and a named one (``ENDS``) that ended at most ``MOST_DAYS`` days before it
    began, with floor prices at the seam that differ by at most ``MOST_DIFFERENCE_PCT`` percent of the
    earlier one; the nearest price first, then the shortest gap.

    symbol, begins_on, begins_usd (its first floor price) of the unnamed one; twin, ended_on, ended_usd
    (its last floor price) of the named one; gap_days from ended_on to begins_on, difference_pct. The dates
    are those of the floor prices.
    """
    begun = ends.filter(~pl.col("named")).select(
        "symbol", "first_on", begins_on="first_floor_on", begins_usd="first_floor_usd"
    )
    ended = ends.filter(pl.col("named")).select(
        "last_on", twin="symbol", ended_on="last_floor_on", ended_usd="last_floor_usd"
    )
    apart = pl.col("begins_usd") - pl.col("ended_usd")
    between = (pl.col("begins_on") - pl.col("ended_on")).dt.total_days()
    # in cents, as prices are: three percent of a price is never missed by a rounding
    near = (apart.abs() * 100).round(6) <= (pl.col("ended_usd") * MOST_DIFFERENCE_PCT).round(6)
    pairs = begun.join(ended, how="cross").filter(
        pl.col("last_on") < pl.col("first_on"), between <= MOST_DAYS, near
    )
    told = pairs.with_columns(gap_days=between, difference_pct=apart / pl.col("ended_usd") * 100)
    nearest = told.sort(pl.col("difference_pct").abs().round(9), "gap_days", "symbol", "twin")
    return nearest.select(
        *("symbol", "begins_on", "begins_usd", "twin", "ended_on", "ended_usd", "gap_days", "difference_pct")
    )
