"""Decisions of the desk, and what a person made of each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from pacesetter.store.tables.base import (
    Id,
    Instant,
    Json,
    Money,
    created_at,
    finite,
    metadata,
    real,
    updated_at,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("stock_id", ForeignKey("stocks.id")),
    Column("decided_on", Date, nullable=False),
    Column("action", String(9), nullable=False),
    Column("status", String(10), nullable=False, server_default="proposed"),
    Column("mode", String(10), nullable=False),
    real("bullish_share"),
    Column("conviction", String(8)),
    real("size_pct"),  # of the portfolio's value
    Column("quantity", Money),
    Column("currency", String(3)),
    Column("expires_on", Date),  # the last day on which it can be answered
    Column("entry_price", Money),
    Column("stop_loss", Money),
    Column("target", Money),
    Column("reasons", Json, nullable=False),
    Column("challenge", Json, nullable=False),  # what speaks against it, and whether it stood
    Column("portfolio_id", ForeignKey("portfolios.id")),
    Column("trade_id", ForeignKey("trades.id")),
    Column("answered_by", ForeignKey("users.id")),
    Column("answered_at", Instant),
    Column("answer", String(500)),  # why it was rejected, or what was modified
    Column("proposed", Json),  # the terms as they were proposed, where a person changed them
    Column("outcome", Json),  # what became of its trade: gain, days, the exit's price
    created_at(),
    updated_at(),
    CheckConstraint("action IN ('BUY','SELL','HOLD','WATCHLIST')", name="action"),
    CheckConstraint(
        "status IN ('proposed','approved','rejected','modified','traded','closed','expired')", name="status"
    ),
    CheckConstraint("mode IN ('manual','paper','read_only','dry_run')", name="mode"),
    UniqueConstraint("symbol", "decided_on", name="uq_decisions_symbol_day"),
    Index(None, "status", "decided_on"),
    Index(None, "decided_on"),
    Index(None, "portfolio_id"),
    Index(None, "answered_by"),
    Index(None, "trade_id"),
    Index(None, "stock_id"),
    *finite("bullish_share", "size_pct"),
)
