"""Sealed boxes: product facts, observations by source, and each day's figures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import BigInt, Id, Instant, Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def upgrade() -> None:
    op.create_table(
        "boxes",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("game", sa.String(length=80), nullable=True),
        sa.Column("set_code", sa.String(length=20), nullable=True),
        sa.Column("set_name", sa.String(length=120), nullable=True),
        sa.Column("variant", sa.String(length=80), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("image_url", sa.String(length=500), nullable=True),
        sa.Column("reprint_risk", sa.String(length=8), nullable=True),
        sa.Column("joined_to", sa.String(length=32), nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("reprint_risk IN ('low','medium','high')", name=op.f("ck_boxes_reprint_risk")),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_boxes_symbol_symbol_universe")
        ),
        sa.ForeignKeyConstraint(["joined_to"], ["boxes.symbol"], name=op.f("fk_boxes_joined_to_boxes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxes")),
        sa.UniqueConstraint("external_id", name=op.f("uq_boxes_external_id")),
        sa.UniqueConstraint("symbol", name=op.f("uq_boxes_symbol")),
    )
    op.create_index(op.f("ix_boxes_game_set_code"), "boxes", ["game", "set_code"])
    op.create_table(
        "box_observations",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("known_from_revision", BigInt, nullable=False),
        sa.Column("known_to_revision", BigInt, nullable=True),
        sa.Column("floor_price_usd", sa.Double(), nullable=True),
        sa.Column("active_listings_count", sa.Double(), nullable=True),
        sa.Column("boxes_sold", sa.Double(), nullable=True),
        sa.Column("boxes_added", sa.Double(), nullable=True),
        sa.Column("original", Json, nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("told_as", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "active_listings_count >= -1.7976931348623157e308 AND active_listings_count <= 1.7976931348623157e308",
            name=op.f("ck_box_observations_active_listings_count_finite"),
        ),
        sa.CheckConstraint(
            "boxes_added >= -1.7976931348623157e308 AND boxes_added <= 1.7976931348623157e308",
            name=op.f("ck_box_observations_boxes_added_finite"),
        ),
        sa.CheckConstraint(
            "boxes_sold >= -1.7976931348623157e308 AND boxes_sold <= 1.7976931348623157e308",
            name=op.f("ck_box_observations_boxes_sold_finite"),
        ),
        sa.CheckConstraint(
            "floor_price_usd >= -1.7976931348623157e308 AND floor_price_usd <= 1.7976931348623157e308",
            name=op.f("ck_box_observations_floor_price_usd_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_box_observations_known_from_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["known_to_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_box_observations_known_to_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(["symbol"], ["boxes.symbol"], name=op.f("fk_box_observations_symbol_boxes")),
        sa.ForeignKeyConstraint(
            ["told_as"], ["boxes.symbol"], name=op.f("fk_box_observations_told_as_boxes")
        ),
        sa.PrimaryKeyConstraint(
            "symbol", "date", "source", "known_from_revision", name=op.f("pk_box_observations")
        ),
    )
    op.create_index(op.f("ix_box_observations_date"), "box_observations", ["date"])
    op.create_index(
        op.f("ix_box_observations_known_from_revision"), "box_observations", ["known_from_revision"]
    )
    op.create_index(op.f("ix_box_observations_known_to_revision"), "box_observations", ["known_to_revision"])
    op.create_index(
        op.f("uq_box_observations_current"),
        "box_observations",
        ["symbol", "date", "source"],
        unique=True,
        sqlite_where=sa.text("known_to_revision IS NULL"),
        postgresql_where=sa.text("known_to_revision IS NULL"),
    )
    op.create_table(
        "unified_box_metrics",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("floor_price_usd", sa.Double(), nullable=True),
        sa.Column("floor_price_1d_change_pct", sa.Double(), nullable=True),
        sa.Column("floor_price_7d_change_pct", sa.Double(), nullable=True),
        sa.Column("floor_price_30d_change_pct", sa.Double(), nullable=True),
        sa.Column("daily_volume_usd", sa.Double(), nullable=True),
        sa.Column("unified_volume_usd", sa.Double(), nullable=True),
        sa.Column("unified_volume_7d_ema", sa.Double(), nullable=True),
        sa.Column("boxes_sold_per_day", sa.Double(), nullable=True),
        sa.Column("boxes_sold_30d_avg", sa.Double(), nullable=True),
        sa.Column("active_listings_count", sa.Double(), nullable=True),
        sa.Column("boxes_added_today", sa.Double(), nullable=True),
        sa.Column("liquidity_score", sa.Double(), nullable=True),
        sa.Column("days_to_20pct_increase", sa.Double(), nullable=True),
        sa.Column("expected_days_to_sell", sa.Double(), nullable=True),
        sa.Column("visible_market_cap_usd", sa.Double(), nullable=True),
        sa.Column("floor_price_1d_from", sa.Date(), nullable=True),
        sa.Column("floor_price_7d_from", sa.Date(), nullable=True),
        sa.Column("floor_price_30d_from", sa.Date(), nullable=True),
        sa.Column("n_observed", sa.Integer(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("current_rank", sa.Integer(), nullable=True),
        sa.Column("previous_rank", sa.Integer(), nullable=True),
        sa.Column("previous_on", sa.Date(), nullable=True),
        sa.Column("rank_change", sa.Integer(), nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "active_listings_count >= -1.7976931348623157e308 AND active_listings_count <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_active_listings_count_finite"),
        ),
        sa.CheckConstraint(
            "boxes_added_today >= -1.7976931348623157e308 AND boxes_added_today <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_boxes_added_today_finite"),
        ),
        sa.CheckConstraint(
            "boxes_sold_30d_avg >= -1.7976931348623157e308 AND boxes_sold_30d_avg <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_boxes_sold_30d_avg_finite"),
        ),
        sa.CheckConstraint(
            "boxes_sold_per_day >= -1.7976931348623157e308 AND boxes_sold_per_day <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_boxes_sold_per_day_finite"),
        ),
        sa.CheckConstraint(
            "daily_volume_usd >= -1.7976931348623157e308 AND daily_volume_usd <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_daily_volume_usd_finite"),
        ),
        sa.CheckConstraint(
            "days_to_20pct_increase >= -1.7976931348623157e308 AND days_to_20pct_increase <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_days_to_20pct_increase_finite"),
        ),
        sa.CheckConstraint(
            "expected_days_to_sell >= -1.7976931348623157e308 AND expected_days_to_sell <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_expected_days_to_sell_finite"),
        ),
        sa.CheckConstraint(
            "floor_price_1d_change_pct >= -1.7976931348623157e308 AND floor_price_1d_change_pct <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_floor_price_1d_change_pct_finite"),
        ),
        sa.CheckConstraint(
            "floor_price_30d_change_pct >= -1.7976931348623157e308 AND floor_price_30d_change_pct <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_floor_price_30d_change_pct_finite"),
        ),
        sa.CheckConstraint(
            "floor_price_7d_change_pct >= -1.7976931348623157e308 AND floor_price_7d_change_pct <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_floor_price_7d_change_pct_finite"),
        ),
        sa.CheckConstraint(
            "floor_price_usd >= -1.7976931348623157e308 AND floor_price_usd <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_floor_price_usd_finite"),
        ),
        sa.CheckConstraint(
            "liquidity_score >= -1.7976931348623157e308 AND liquidity_score <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_liquidity_score_finite"),
        ),
        sa.CheckConstraint(
            "unified_volume_7d_ema >= -1.7976931348623157e308 AND unified_volume_7d_ema <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_unified_volume_7d_ema_finite"),
        ),
        sa.CheckConstraint(
            "unified_volume_usd >= -1.7976931348623157e308 AND unified_volume_usd <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_unified_volume_usd_finite"),
        ),
        sa.CheckConstraint(
            "visible_market_cap_usd >= -1.7976931348623157e308 AND visible_market_cap_usd <= 1.7976931348623157e308",
            name=op.f("ck_unified_box_metrics_visible_market_cap_usd_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["boxes.symbol"], name=op.f("fk_unified_box_metrics_symbol_boxes")
        ),
        sa.PrimaryKeyConstraint("symbol", "metric_date", name=op.f("pk_unified_box_metrics")),
    )
    op.create_index(
        op.f("ix_unified_box_metrics_metric_date_current_rank"),
        "unified_box_metrics",
        ["metric_date", "current_rank"],
    )


def downgrade() -> None:
    op.drop_table("unified_box_metrics")
    op.drop_table("box_observations")
    op.drop_table("boxes")
