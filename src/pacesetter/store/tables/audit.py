"""The audit log: append-only, each row chained to the one before it by its hash."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from pacesetter.store.tables.base import BigInt, Instant, Json, metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("sequence", BigInt, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a hole
    Column("timestamp", Instant, nullable=False),
    Column("action", String(60), nullable=False),
    Column("user_id", ForeignKey("users.id")),  # null: the desk itself, or the command line
    Column("data", Json, nullable=False),  # to be searched
    Column("details", Text, nullable=False),  # the same, in the one spelling that the hash is taken of
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    CheckConstraint("sequence >= 1", name="sequence"),
    Index(None, "timestamp"),
    Index(None, "action", "timestamp"),
    Index(None, "user_id"),
)
