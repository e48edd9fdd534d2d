"""Splits and dividends, as they became known."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table

from pacesetter.store.tables.base import Instant, finite, metadata, real

corporate_actions = Table(
    "corporate_actions",
    metadata,
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("ex_on", Date, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("known_from_revision", ForeignKey("data_revisions.revision"), primary_key=True),
    Column("known_to_revision", ForeignKey("data_revisions.revision")),
    real("value", nullable=False),  # new shares per old one; or cash per share, in quote units
    Column("currency", String(3)),
    Column("data_source", String(20), nullable=False),
    Column("known_at", Instant, nullable=False),
    CheckConstraint("kind IN ('split','dividend')", name="kind"),
    CheckConstraint("value > 0", name="positive"),
    Index(None, "ex_on"),
    Index(None, "known_from_revision"),
    *finite("value"),
)
