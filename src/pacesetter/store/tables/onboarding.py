"""Symbols that somebody asked for, and how far each is on its way in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, SmallInteger, String, Table, text

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata, updated_at

ACTIVE = text("status IN ('pending','processing')")

symbol_onboarding_queue = Table(
    "symbol_onboarding_queue",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", String(32), nullable=False),  # no foreign key: it may turn out not to exist
    Column("status", String(10), nullable=False, server_default="pending"),
    Column("priority", String(6), nullable=False, server_default="normal"),
    Column("priority_rank", SmallInteger, nullable=False, server_default="1"),  # 0 high, 1 normal, 2 low
    Column("requested_by", Json, nullable=False),  # everyone who asked, in their order
    Column("stage", String(12), nullable=False, server_default="queued"),
    Column("error_message", String(1000)),
    Column("cause", String(24)),  # of a failure: a word that programs can act on
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("owner", String(80)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("requested_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("completed_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint("status IN ('pending','processing','completed','failed')", name="status"),
    CheckConstraint("priority IN ('high','normal','low')", name="priority"),
    CheckConstraint("stage IN ('queued','describe','prices','exposures','metrics','done')", name="stage"),
    Index(
        "uq_symbol_onboarding_queue_active",
        "symbol",
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    ),
    Index(None, "status", "priority_rank", "created_at", "id"),
    Index(None, "symbol", "created_at"),
)
