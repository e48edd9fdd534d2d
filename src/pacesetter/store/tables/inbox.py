"""Files that were found in the watched folder, each content applied once; and the texts that came so."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Text

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata, updated_at

inbox_files = Table(
    "inbox_files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("folder", String(20), nullable=False),  # what kind of file it was taken for
    Column("name", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    Column("report", Json),  # counts, and line and reason of what was refused
    Column("moved_to", String(400)),
    Column("found_at", Instant, nullable=False),
    Column("finished_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint("status IN ('applying','applied','failed','duplicate')", name="status"),
    Index(
        "uq_inbox_files_applied",
        "folder",
        "sha256",
        unique=True,
        sqlite_where=Column("status", String).in_(["applying", "applied"]),
        postgresql_where=Column("status", String).in_(["applying", "applied"]),
    ),
    Index(None, "status", "found_at"),
    Index(None, "sha256"),
)

research_texts = Table(  # what was noted of a symbol, or of markets at large: evidence, never an instruction
    "research_texts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("symbol", ForeignKey("symbol_universe.symbol")),  # null: of markets at large
    Column("stock_id", ForeignKey("stocks.id")),
    Column("noted_on", Date, nullable=False),  # the date that it is of
    Column("known_at", Instant, nullable=False),  # never read before
    Column("title", String(200), nullable=False),
    Column("source", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("data", Json, nullable=False),  # what was read out of it: {"surprise_pct": 4.2, ...}
    Column("sha256", String(64), nullable=False),  # of all above but the times
    Column("inbox_file_id", ForeignKey("inbox_files.id")),  # null: by a person, or of the simulated market
    Column("user_id", ForeignKey("users.id")),
    Column("deleted_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint(
        "kind IN ('research','news','insider','earnings','manual','macro','general')", name="kind"
    ),
    Index("uq_research_texts_content", "kind", "sha256", unique=True),
    Index(None, "symbol", "noted_on"),
    Index(None, "kind", "noted_on"),
    Index(None, "known_at"),
    Index(None, "stock_id"),
    Index(None, "inbox_file_id"),
    Index(None, "user_id"),
    Index(None, "deleted_at"),
)
