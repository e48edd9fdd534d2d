"""What ranking hands over to be published, and how it refers to what was published before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pacesetter.ranking.inputs import Inputs

STANDARD = ("momentum", "volume_change", "volatility", "relative_strength", "financial_ratio")

RESULT_SCHEMA: dict[str, type[pl.DataType]] = {
    "domain_id": pl.Binary,
    "method_version_id": pl.Binary,
    "metric_date": pl.Date,
    "symbol": pl.String,
    **dict.fromkeys(STANDARD, pl.Float64),
    "composite_score": pl.Float64,
    "score": pl.Float64,
    "current_rank": pl.Int64,
    "coverage": pl.Float64,
    "unranked_reason": pl.String,
}
VALUE_SCHEMA: dict[str, type[pl.DataType]] = {
    "metric_date": pl.Date,
    "factor_version_id": pl.Int64,
    "symbol": pl.String,
    "raw": pl.Float64,
    "missing_reason": pl.String,
    "n_obs": pl.Int64,
}
STAT_SCHEMA: dict[str, type[pl.DataType]] = {
    "method_version_id": pl.Binary,
    "metric_date": pl.Date,
    "scope": pl.String,
    "factor": pl.String,
    "n": pl.Int64,
    "centre": pl.Float64,
    "scale": pl.Float64,
    "rule": pl.String,
}
BOARD = ("domain_id", "method_version_id")


@dataclass(frozen=True)
class Publication:
    """Ranks of any number of boards on any number of dates (``RESULT_SCHEMA``), the raw
    values behind them once a symbol (``VALUE_SCHEMA``), and the statistics (``STAT_SCHEMA``).

    ``data_revision``: the newest one that the ranks were computed with."""

    results: pl.DataFrame
    factor_values: pl.DataFrame
    factor_stats: pl.DataFrame
    inputs: Inputs
    dates: Sequence[object]
    data_revision: int = 0


def previous_dates(dates: pl.DataFrame) -> pl.DataFrame:
    """The previous final date of each board's date.

    ``dates``: domain_id, method_version_id, metric_date, is_provisional; one row a
    board and date. Adds ``previous_on``: the newest earlier date that is not
    provisional (null for a board's first).
    """
    final = pl.when(~pl.col("is_provisional")).then(pl.col("metric_date"))
    return dates.sort(*BOARD, "metric_date").with_columns(
        previous_on=final.forward_fill().shift(1).over(BOARD)
    )
