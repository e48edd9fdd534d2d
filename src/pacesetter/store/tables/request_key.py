"""Requests that carried an Idempotency-Key, and what was answered to them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata

request_keys = Table(
    "request_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),  # no foreign key: it is gone after a day anyway
    Column("key", String(255), nullable=False),
    Column("request_hash", String(64), nullable=False),  # SHA-256 (hex) of method, path, query and body
    Column("busy_until", Instant),  # null: answered
    Column("status", Integer),
    Column("headers", Json),
    Column("body", LargeBinary),  # null in an answered row: was too large to be kept
    Column("expires_at", Instant, nullable=False),
    created_at(),
    UniqueConstraint("user_id", "key", name="uq_request_keys_user_id_key"),
    Index(None, "expires_at"),
)
