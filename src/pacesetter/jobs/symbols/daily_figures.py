"""The day's figures of symbols as rows: measured, described, with the exposures of the same date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl

from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Panel
from pacesetter.portfolio.daily_metrics import RATIOS, RETURNS, measure_daily_metrics
from pacesetter.store.portfolios.daily_metrics import METRICS_SCHEMA
from pacesetter.store.tables.exposure import BETAS

DESCRIBED = ("name", "sector", "industry", "currency")


def figures_of(
    panel: Panel, on: date, about: Sequence[Any], betas: pl.DataFrame, *, at: datetime
) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """Rows (``METRICS_SCHEMA``) of all symbols that have a price on or before ``on``, and who has none.

    ``about``: rows of symbols; ``betas``: exposures of the date (symbol, factor, beta).
    """
    found = measure_daily_metrics(panel.on(np.array([day_number(on)], dtype=np.int32)))
    measured = {
        "price": found.price,
        "market_cap": found.market_cap,
        "data_quality": found.quality.score,
        **{name: found.returns[name] for name in RETURNS},
        **{name: found.ratios[name] for name in RATIOS},
    }
    priced = found.price_on >= 0
    frame = pl.DataFrame(
        {
            "symbol": pl.Series(panel.symbols, dtype=pl.String),
            "metric_date": pl.Series(found.price_on, dtype=pl.Int32).cast(pl.Date),
            **measured,
            "quality_notes": pl.Series(found.quality.notes(), dtype=pl.List(pl.String)),
        }
    ).filter(pl.Series(priced, dtype=pl.Boolean))
    frame = frame.with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in measured
    )
    kinds = dict.fromkeys(("symbol", *DESCRIBED), pl.String)
    told = [[getattr(row, name) for name in kinds] for row in about]
    known = pl.DataFrame(told, schema=kinds, orient="row")
    rows = (
        frame.join(known, on="symbol", how="left", maintain_order="left")
        .join(wide(betas), on="symbol", how="left", maintain_order="left")
        .with_columns(
            data_revision=pl.lit(panel.revision), computed_at=pl.lit(at).cast(pl.Datetime("us", "UTC"))
        )
    )
    nobody = [symbol for symbol, has in zip(panel.symbols, priced, strict=True) if not has]
    return rows.select(*METRICS_SCHEMA).cast(METRICS_SCHEMA), {"no_bars": nobody} if nobody else {}  # type: ignore[arg-type]


def wide(betas: pl.DataFrame) -> pl.DataFrame:
    """Betas side by side, a row a symbol."""
    table = betas.pivot(on="factor", index="symbol", values="beta")
    absent = [pl.lit(None, pl.Float64).alias(name) for name in BETAS if name not in table.columns]
    return table.with_columns(absent).select("symbol", *BETAS)
