"""Answers as frames, and what is sent as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pacesetter.kernel.nesting import flatten

if TYPE_CHECKING:
    import polars as pl


def plain(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without those that are None; a trailing underscore is for Python's own words (``from_``)."""
    return {name.rstrip("_"): value for name, value in asked.items() if value is not None}


def to_json(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent: exact amounts and dates as text, and without what is None."""
    spelt = {
        name: str(value) if isinstance(value, Decimal | date) else value for name, value in given.items()
    }
    return plain(spelt)


def to_frame(rows: Any) -> pl.DataFrame:
    """Rows as a frame; dates become dates."""
    import polars as pl

    frame = pl.DataFrame([flatten(row) for row in rows], infer_schema_length=None)
    nested = {name.partition(".")[0] for name in frame.columns if "." in name}
    frame = frame.drop(nested & set(frame.columns))  # null in some rows, and columns of its own in others
    dates = [name for name in frame.columns if name == "date" or name.endswith(("_on", "_date", "d_from"))]
    texts = [name for name in dates if frame[name].dtype == pl.String]
    return frame.with_columns(pl.col(texts).str.to_date("%Y-%m-%d")) if texts else frame
