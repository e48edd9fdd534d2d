"""The watchlist: what a person waits for, and why."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from pacesetter.store.tables.base import Id, Instant, Json, created_at, finite, metadata, real, updated_at

watchlist_entries = Table(
    "watchlist_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id")),  # null: nobody's own, everyone's who may read
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("stock_id", ForeignKey("stocks.id")),
    Column("trigger_type", String(12), nullable=False),  # of the condition, or composed
    Column("trigger_value", String(60)),  # of a simple one, as a person gave it
    Column("condition", Json, nullable=False),
    Column("thesis", Text),
    Column("expiry_date", Date),
    real("hysteresis_pct", nullable=False),  # how far it must go back before it can fire again
    Column("cool_down_days", Integer, nullable=False, server_default="5"),
    Column("status", String(10), nullable=False, server_default="armed"),
    Column("to_validate", Boolean, nullable=False, server_default="0"),  # its thesis, since it fired
    Column("last_triggered_on", Date),
    Column("checked_on", Date),
    Column("times_triggered", Integer, nullable=False, server_default="0"),
    Column("details", Json),  # what it fired on, and whether the thesis still held
    Column("deleted_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint(
        "trigger_type IN ('price','rank','factor','event','freshness','technical','composed')",
        name="trigger_type",
    ),
    CheckConstraint("status IN ('armed','fired','expired','invalid')", name="status"),
    CheckConstraint("cool_down_days >= 0", name="cool_down"),
    CheckConstraint("hysteresis_pct >= 0", name="hysteresis"),
    Index(None, "symbol", "status"),
    Index(None, "user_id"),
    Index(None, "status", "expiry_date"),
    Index(None, "deleted_at"),
    Index(None, "stock_id"),
    *finite("hysteresis_pct"),
)
