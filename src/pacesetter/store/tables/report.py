"""Reports as they were made; a later version of a day stands beside the earlier one."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, UniqueConstraint

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False, server_default="morning"),
    Column("date", Date, nullable=False),  # the session that it tells of
    Column("version", Integer, nullable=False, server_default="1"),
    Column("content", Json, nullable=False),  # its sections, as values: every form is made from it
    Column("fingerprint", String(64), nullable=False),  # SHA-256 (hex) of the content
    Column("stocks_analyzed", Integer, nullable=False),
    Column("recommendations_count", Integer, nullable=False),
    Column("sent_at", Instant),
    created_at(),
    UniqueConstraint("kind", "date", "version", name="uq_reports_version"),
    CheckConstraint("version >= 1", name="version"),
    Index(None, "date"),
)
