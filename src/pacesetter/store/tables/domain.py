"""Domains: named boards with dated membership."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from pacesetter.store.tables.base import Id, created_at, metadata, updated_at

domains = Table(
    "domains",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("slug", String(80), nullable=False, unique=True),
    Column("description", String(400)),
    Column("rule", String(400)),  # null: members are listed; else they are those that satisfy it
    Column("kind", String(12), nullable=False, server_default="curated"),
    Column("asset_type", String(20), nullable=False, server_default="equity"),
    Column("calendar", String(8), nullable=False, server_default="XNYS"),
    Column("method", String(80), nullable=False, server_default="core"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("is_active", Boolean, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    CheckConstraint("kind IN ('curated','custom','sector','universe','measure')", name="kind"),
    Index(None, "position"),
)

domain_members = Table(
    "domain_members",
    metadata,
    Column("domain_id", ForeignKey("domains.id"), primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),  # the first date on which it is no member any more
    # 0: since ever, as shipped; what a revision replaced stays, with its end
    Column("known_from_revision", BigInteger, primary_key=True, autoincrement=False, server_default="0"),
    Column("known_to_revision", BigInteger),
    created_at(),
    Index(None, "symbol"),
)
