"""Signals: what somebody or something noticed about a symbol, and what they come to together."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from pacesetter.store.tables.base import Id, Instant, Json, created_at, finite, metadata, real, updated_at

signals = Table(
    "signals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("stock_id", ForeignKey("stocks.id")),  # of equities
    Column("signal_type", String(40), nullable=False),
    Column("source", String(40), nullable=False),  # the agent, or who gave it
    real("score", nullable=False),  # 0 to 100
    real("confidence", nullable=False),  # 0 to 1
    Column("data", Json, nullable=False),  # the figures it was seen in
    Column("signal_on", Date, nullable=False),  # the session that it was seen on
    Column("timestamp", Instant, nullable=False),
    Column("expired_at", Instant),  # taken back, or the evidence was
    created_at(),
    updated_at(),
    CheckConstraint("score >= 0 AND score <= 100", name="score_range"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence_range"),
    # an agent says a thing of a symbol once a session: running a night again adds nothing
    Index("uq_signals_said", "symbol", "signal_type", "source", "signal_on", unique=True),
    Index(None, "signal_on"),
    Index(None, "signal_type", "signal_on"),
    Index(None, "stock_id"),
    *finite("score", "confidence"),
)

convergences = Table(  # what a symbol's signals came to on a session
    "convergences",
    metadata,
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("converged_on", Date, primary_key=True),
    real("score", nullable=False),
    Column("band", String(16), nullable=False),
    Column("n_signals", Integer, nullable=False),
    Column("n_kinds", Integer, nullable=False),
    Column("breakdown", Json, nullable=False),  # every signal's part, and the multipliers
    created_at(),
    CheckConstraint("band IN ('monitor','research','deep_analysis','priority')", name="band"),
    Index(None, "converged_on", "score"),
    Index(None, "converged_on", "band"),
    *finite("score"),
)
