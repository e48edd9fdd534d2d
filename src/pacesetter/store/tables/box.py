"""Sealed boxes: product facts, what each source saw on a day, and the figures of a day made from it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from pacesetter.store.tables.base import Id, Instant, Json, created_at, finite, metadata, real, updated_at

OBSERVED = ("floor_price_usd", "active_listings_count", "boxes_sold", "boxes_added")
METRICS = (
    "floor_price_usd",
    "floor_price_1d_change_pct",
    "floor_price_7d_change_pct",
    "floor_price_30d_change_pct",
    "daily_volume_usd",
    "unified_volume_usd",
    "unified_volume_7d_ema",
    "boxes_sold_per_day",
    "boxes_sold_30d_avg",
    "active_listings_count",
    "boxes_added_today",
    "liquidity_score",
    "days_to_20pct_increase",
    "expected_days_to_sell",
    "visible_market_cap_usd",
)

boxes = Table(
    "boxes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), nullable=False, unique=True),
    Column("external_id", String(80), unique=True),  # what the sources call it
    Column("game", String(80)),
    Column("set_code", String(20)),
    Column("set_name", String(120)),
    Column("variant", String(80)),
    Column("released_on", Date),
    Column("image_url", String(500)),
    Column("reprint_risk", String(8)),
    Column("joined_to", ForeignKey("boxes.symbol")),  # the box that it is the same as
    created_at(),
    updated_at(),
    CheckConstraint("reprint_risk IN ('low','medium','high')", name="reprint_risk"),
    Index(None, "game", "set_code"),
)

box_observations = Table(  # versioned: what a later write replaced stays, with its end
    "box_observations",
    metadata,
    Column("symbol", ForeignKey("boxes.symbol"), primary_key=True),
    Column("date", Date, primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("known_from_revision", ForeignKey("data_revisions.revision"), primary_key=True),
    Column("known_to_revision", ForeignKey("data_revisions.revision")),
    *[real(name) for name in OBSERVED],
    Column("original", Json, nullable=False),  # every cell as the source gave it
    Column("fetched_at", Instant, nullable=False),
    Column("told_as", ForeignKey("boxes.symbol")),  # the box that it was told of; null: this one
    Index(
        "uq_box_observations_current",
        "symbol",
        "date",
        "source",
        unique=True,
        sqlite_where=Column("known_to_revision", Integer).is_(None),
        postgresql_where=Column("known_to_revision", Integer).is_(None),
    ),
    Index(None, "date"),
    Index(None, "known_from_revision"),
    Index(None, "known_to_revision"),
    *finite(*OBSERVED),
)

unified_box_metrics = Table(
    "unified_box_metrics",
    metadata,
    Column("symbol", ForeignKey("boxes.symbol"), primary_key=True),
    Column("metric_date", Date, primary_key=True),
    *[real(name) for name in METRICS],
    # the dates that the changes of the floor price are measured from
    Column("floor_price_1d_from", Date),
    Column("floor_price_7d_from", Date),
    Column("floor_price_30d_from", Date),
    Column("n_observed", Integer, nullable=False),  # days of the last thirty with known sales
    Column("reasons", Json, nullable=False),  # why a figure is missing, by its name
    Column("sources", Json, nullable=False),  # who gave each observed figure
    # of the board that ranks boxes by volume, written in the transaction that publishes it
    Column("current_rank", Integer),
    Column("previous_rank", Integer),
    Column("previous_on", Date),
    Column("rank_change", Integer),
    created_at(),
    updated_at(),
    Index(None, "metric_date", "current_rank"),
    *finite(*METRICS),
)
