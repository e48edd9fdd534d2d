"""Jobs: long work that people asked a server for, and where it stands."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, text

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata, updated_at

ACTIVE = text("state IN ('queued','running')")

job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("parameters", Json, nullable=False),
    Column("work_key", String(64), nullable=False),  # SHA-256 (hex) of kind and parameters
    Column("state", String(12), nullable=False, server_default="queued"),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("done", Integer),
    Column("total", Integer),
    Column("unit", String(20)),
    Column("message", String(500)),
    Column("problem", Json),
    Column("stop_asked", Boolean, nullable=False, server_default="0"),
    Column("owner", String(80)),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("lost", Integer, nullable=False, server_default="0"),  # how often its process went without a word
    Column("lease_until", Instant),
    created_at(),
    updated_at(),
    CheckConstraint("kind IN ('cycle','backfill','warm','batch','portfolios','night')", name="kind"),
    CheckConstraint("state IN ('queued','running','done','failed','cancelled','interrupted')", name="state"),
    Index("uq_job_runs_same_work", "work_key", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    Index(None, "state", "asked_at"),
    Index(None, "asked_at"),
)
