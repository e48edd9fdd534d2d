"""Analysts' opinions, one a symbol, analyst and session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.records import Records
from pacesetter.store.tables.analysis import analysis_results

CALLS: dict[str, type[pl.DataType]] = {
    "analyst": pl.String,
    "symbol": pl.String,
    "analysed_on": pl.Date,
    "recommendation": pl.String,
}


@dataclass(frozen=True, kw_only=True)
class AnalysisRow:
    """One analyst's opinion of a symbol on a session."""

    id: UUID
    symbol: str
    stock_id: UUID | None = None
    analyst: str
    analysed_on: date
    recommendation: str
    score: float
    confidence: float
    reasoning: str
    key_metrics: Any
    risks: Any
    told: Any = None
    config_version: int
    created_at: datetime | None = None


analyses = Records(analysis_results, AnalysisRow, "analysis")


async def read_calls(conn: AsyncConnection, until: date) -> pl.DataFrame:
    """Every BUY and SELL of an analyst up to a date (``CALLS``), by analyst, symbol and date."""
    of = analysis_results.c
    query = (
        select(*(of[name] for name in CALLS))
        .where(of.analysed_on <= until, of.recommendation.in_(("BUY", "SELL")))
        .order_by(of.analyst, of.symbol, of.analysed_on)
    )
    return await read_frame(conn, query, CALLS)
