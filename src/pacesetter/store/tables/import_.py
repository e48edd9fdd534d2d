"""Where data came from: imports, and the revisions that every write of data belongs to."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import BigInt, Id, Instant, Json, created_at, metadata

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", String(500), nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),  # prices, fundamentals, symbols
    Column("file_name", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("options", Json, nullable=False),
    Column("counts", Json),  # read, stored, unchanged, quarantined, refused, by reason
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("undone_at", Instant),
    created_at(),
    Index(None, "kind", "started_at"),
    Index(None, "sha256"),
)

data_revisions = Table(
    "data_revisions",
    metadata,
    Column("revision", BigInt, primary_key=True, autoincrement=True),
    Column("recorded_at", Instant, nullable=False),
    Column("cause", String(12), nullable=False),
    Column("import_id", ForeignKey("imports.id")),
    CheckConstraint("cause IN ('import','fetch','repair','undo')", name="cause"),
    Index(None, "recorded_at"),
    Index(None, "import_id"),
)
