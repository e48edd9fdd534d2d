"""Cycles: the one row that decides which process does a tick's work."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata, updated_at

cycles = Table(
    "cycles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),  # daily, intraday, manual, backfill
    Column("calendar", String(8), nullable=False),
    Column("scheduled_for", Instant, nullable=False),
    Column("metric_date", Date, nullable=False),
    Column("status", String(12), nullable=False, server_default="claimed"),
    Column("stage", String(12), nullable=False, server_default="fetch"),
    Column("is_provisional", Boolean, nullable=False, server_default="0"),
    Column("owner", String(80)),
    Column("fence", Integer, nullable=False, server_default="1"),
    Column("lease_until", Instant),
    Column("data_source", String(20)),
    Column("data_revision", Integer),
    Column("fingerprint", String(64)),
    Column("code_version", String(40)),
    Column("progress", Json),
    Column("error", String(1000)),
    Column("started_at", Instant, nullable=False),
    Column("published_at", Instant),
    created_at(),
    updated_at(),
    UniqueConstraint("kind", "calendar", "scheduled_for", name="uq_cycles_tick"),
    CheckConstraint("status IN ('claimed','published','failed')", name="status"),
    CheckConstraint("stage IN ('fetch','quality','store','factors','ranks','publish','done')", name="stage"),
    Index(None, "status", "scheduled_for"),
    Index(None, "metric_date"),
)
