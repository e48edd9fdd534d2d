"""The research queue, one open entry a symbol; and the nights on which the desk worked."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import Id, Instant, Json, created_at, finite, metadata, real, updated_at

research_queue = Table(
    "research_queue",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("stock_id", ForeignKey("stocks.id")),
    Column("status", String(10), nullable=False, server_default="queued"),
    real("score", nullable=False),  # of its signals, when it was looked at last
    real("entry_score", nullable=False),
    Column("entered_on", Date, nullable=False),
    Column("scored_on", Date, nullable=False),
    Column("left_on", Date),
    Column("reason", String(200)),  # why it left
    Column("breakdown", Json, nullable=False),
    created_at(),
    updated_at(),
    CheckConstraint("status IN ('queued','promoted','dropped','expired','displaced')", name="status"),
    CheckConstraint("(status = 'queued') = (left_on IS NULL)", name="left"),
    Index(
        "uq_research_queue_open",
        "symbol",
        unique=True,
        sqlite_where=Column("status", String).__eq__("queued"),
        postgresql_where=Column("status", String).__eq__("queued"),
    ),
    Index(None, "status", "score"),
    Index(None, "entered_on"),
    Index(None, "stock_id"),
    *finite("score", "entry_score"),
)

desk_nights = Table(  # a night is done whole or not at all
    "desk_nights",
    metadata,
    Column("night_on", Date, primary_key=True),  # the session whose evening it is
    Column("known_until", Instant, nullable=False),  # what was known later is not in it
    Column("regime", String(10), nullable=False),
    Column("resting", Json, nullable=False),  # symbols that the queue lets alone for now
    Column("counts", Json, nullable=False),
    Column("inputs", String(64), nullable=False),  # SHA-256 (hex) of all that was read
    Column("fingerprint", String(64), nullable=False),  # SHA-256 (hex) of all that was made
    Column("rules", Json, nullable=False),  # which versions of the desk's and the agents' settings
    Column("done_at", Instant, nullable=False),
    created_at(),
    updated_at(),
    CheckConstraint("regime IN ('bull','neutral','bear')", name="regime"),
    Index(None, "done_at"),
)
