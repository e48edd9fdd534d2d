"""Fundamentals: dated snapshots, never read before they were known."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import Instant, finite, metadata, real

MEASURES = (
    "market_cap",
    "enterprise_value",
    "trailing_pe",
    "price_to_sales",
    "price_to_book",
    "eps",
    "revenue_growth",
    "roe",
    "debt_to_equity",
    "gross_margin",
    "operating_margin",
    "profit_margin",
    "dividend_yield",
)

fundamentals = Table(
    "fundamentals",
    metadata,
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("known_on", Date, primary_key=True),
    Column("known_from_revision", ForeignKey("data_revisions.revision"), primary_key=True),
    Column("known_to_revision", ForeignKey("data_revisions.revision")),
    *[real(name) for name in MEASURES],
    Column("currency", String(3)),
    Column("data_source", String(20), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Index(None, "known_on"),
    Index(None, "known_from_revision"),
    *finite(*MEASURES),
)
