"""Bars: the accepted ones, what they replaced, and the ones held back."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import (
    BigInt,
    Id,
    Instant,
    created_at,
    finite,
    metadata,
    real,
    updated_at,
)

PRICES = ("open", "high", "low", "close", "adj_close")

market_data_cache = Table(
    "market_data_cache",
    metadata,
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("date", Date, primary_key=True),  # the session, in the exchange's time zone
    real("open"),
    real("high"),
    real("low"),
    real("close", nullable=False),
    real("adj_close"),
    Column("volume", BigInteger),
    Column("is_final", Boolean, nullable=False, server_default="1"),
    Column("data_source", String(20), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("known_from_revision", ForeignKey("data_revisions.revision"), nullable=False),
    Index(None, "date"),
    Index(None, "known_from_revision"),
    *finite(*PRICES),
    sqlite_with_rowid=False,
)

market_data_revisions = Table(
    "market_data_revisions",
    metadata,
    Column("symbol", String(32), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("known_to", BigInt, primary_key=True, autoincrement=False),
    Column("known_from", BigInt, nullable=False),
    *[real(name) for name in PRICES],
    Column("volume", BigInteger),
    Column("is_final", Boolean, nullable=False),
    Column("data_source", String(20), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Index(None, "known_to"),
    Index(None, "date"),
    sqlite_with_rowid=False,
)

quarantined_bars = Table(
    "quarantined_bars",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("date", Date, nullable=False),
    *[real(name) for name in PRICES],
    Column("volume", BigInteger),
    Column("is_final", Boolean, nullable=False, server_default="1"),
    Column("data_source", String(20), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("detail", String(300)),
    Column("state", String(12), nullable=False, server_default="held"),
    Column("decided_at", Instant),
    Column("decided_by", String(80)),
    Column("revision", ForeignKey("data_revisions.revision"), nullable=False),
    created_at(),
    updated_at(),
    CheckConstraint("state IN ('held','released','accepted','repaired','undone')", name="state"),
    Index(None, "state", "symbol", "date"),
    Index(None, "symbol", "date"),
    Index(None, "revision"),
    Index(
        "uq_quarantined_bars_held",
        "symbol",
        "date",
        unique=True,
        sqlite_where=Column("state", String) == "held",
        postgresql_where=Column("state", String) == "held",
    ),
)
