"""Opinions of analysts, and how each analyst is set."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pacesetter.store.tables.base import Id, Json, created_at, finite, metadata, real

analysis_results = Table(
    "analysis_results",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("stock_id", ForeignKey("stocks.id")),
    Column("analyst", String(20), nullable=False),
    Column("analysed_on", Date, nullable=False),
    Column("recommendation", String(9), nullable=False),
    real("score", nullable=False),  # 0 to 100
    real("confidence", nullable=False),  # 0 to 1
    Column("reasoning", Text, nullable=False),
    Column("key_metrics", Json, nullable=False),
    Column("risks", Json, nullable=False),
    Column("told", Json, nullable=True),  # what a language model added, and what was struck out of it
    Column("config_version", Integer, nullable=False),
    created_at(),
    UniqueConstraint("symbol", "analyst", "analysed_on", name="uq_analysis_results_opinion"),
    CheckConstraint("recommendation IN ('BUY','SELL','HOLD','WATCHLIST')", name="recommendation"),
    CheckConstraint("score >= 0 AND score <= 100", name="score_range"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence_range"),
    Index(None, "analysed_on"),
    Index(None, "analyst", "analysed_on"),
    Index(None, "stock_id"),
    *finite("score", "confidence"),
)


agent_config = Table(  # every version is kept; the newest one of an agent counts
    "agent_config",
    metadata,
    Column("agent", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    real("weight", nullable=False),
    Column("parameters", Json, nullable=False),
    Column("preset", String(40)),
    Column("user_id", ForeignKey("users.id")),
    created_at(),
    CheckConstraint("weight >= 0.1 AND weight <= 3", name="weight_range"),
    CheckConstraint("version >= 1", name="version"),
    Index(None, "user_id"),
    *finite("weight"),
)
