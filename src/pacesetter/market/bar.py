"""The shapes of bars and of refused rows, as they travel between rooms."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl

Basis = Literal["raw", "split", "split_dividend"]
"""What prices are adjusted for: nothing, splits, or splits and dividends."""

BAR_SCHEMA: dict[str, type[pl.DataType]] = {
    "symbol": pl.String,
    "date": pl.Date,
    "open": pl.Float64,
    "high": pl.Float64,
    "low": pl.Float64,
    "close": pl.Float64,
    "adj_close": pl.Float64,
    "volume": pl.Int64,
}

REJECTION_SCHEMA: dict[Any, Any] = {
    "row": pl.Int64,
    "symbol": pl.String,
    "date": pl.String,
    "reason": pl.String,
    "detail": pl.String,
}

ACTION_SCHEMA: dict[str, type[pl.DataType]] = {
    "symbol": pl.String,
    "ex_on": pl.Date,
    "kind": pl.String,  # split or dividend
    "value": pl.Float64,  # new shares per old one; or cash per share in quote units
    "currency": pl.String,
}


def no_bars() -> pl.DataFrame:
    """An empty bars frame."""
    return pl.DataFrame(schema=BAR_SCHEMA)


def no_rejections() -> pl.DataFrame:
    """An empty frame of refused rows."""
    return pl.DataFrame(schema=REJECTION_SCHEMA)


def no_actions() -> pl.DataFrame:
    """An empty frame of splits and dividends."""
    return pl.DataFrame(schema=ACTION_SCHEMA)
