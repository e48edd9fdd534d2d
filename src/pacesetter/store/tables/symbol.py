"""Symbols of every kind, company master data, and past names."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import Id, created_at, finite, metadata, real, updated_at

symbol_universe = Table(
    "symbol_universe",
    metadata,
    Column("symbol", String(32), primary_key=True),
    Column("asset_type", String(20), nullable=False),
    Column("name", String(200)),
    Column("exchange_mic", String(4)),
    Column("currency", String(3)),  # of the major unit: GBP also where quotes are in pence
    Column("quote_unit", String(3)),  # GBX is 1/100 GBP: a fixed ratio, never an FX rate
    Column("basis", String(16)),  # raw, split or split_dividend: one symbol, one basis
    Column("sector", String(80)),
    Column("industry", String(120)),
    Column("first_seen_date", Date),
    Column("last_seen_date", Date),
    Column("is_active", Boolean, nullable=False, server_default="1"),
    Column("added_source", String(16), nullable=False),
    Column("last_price_date", Date),
    Column("last_factor_date", Date),
    created_at(),
    updated_at(),
    CheckConstraint(
        "asset_type IN ('equity','etf','fund','index','option','option_underlying','sealed_box')",
        name="asset_type",
    ),
    CheckConstraint("added_source IN ('seed','onboarding','admin','batch','inbox')", name="added_source"),
    CheckConstraint("basis IN ('raw','split','split_dividend')", name="basis"),
    Index(None, "asset_type", "is_active"),
    Index(None, "sector"),
    Index(None, "last_price_date"),
)

stocks = Table(
    "stocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False, unique=True),
    Column("name", String(200)),
    Column("sector", String(80)),
    Column("industry", String(120)),
    Column("country", String(80)),
    Column("isin", String(12)),
    real("market_cap"),
    created_at(),
    updated_at(),
    Index(None, "sector"),
    Index(None, "market_cap"),
    *finite("market_cap"),
)

symbol_aliases = Table(
    "symbol_aliases",
    metadata,
    Column("alias", String(32), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("valid_to", Date),
    created_at(),
    Index(None, "symbol"),
)
