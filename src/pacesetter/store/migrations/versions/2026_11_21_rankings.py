"""Boards, methods, cycles and published rankings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id, Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "domains",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=True),
        sa.Column("kind", sa.String(length=12), server_default="curated", nullable=False),
        sa.Column("asset_type", sa.String(length=20), server_default="equity", nullable=False),
        sa.Column("calendar", sa.String(length=8), server_default="XNYS", nullable=False),
        sa.Column("method", sa.String(length=80), server_default="core", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("updated_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('curated','custom','sector','universe','measure')", name=op.f("ck_domains_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domains")),
        sa.UniqueConstraint("name", name=op.f("uq_domains_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_domains_slug")),
    )
    op.create_index("ix_domains_position", "domains", ["position"])
    op.create_table(
        "domain_members",
        sa.Column("domain_id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], name=op.f("fk_domain_members_domain_id_domains")
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_domain_members_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("domain_id", "symbol", "valid_from", name=op.f("pk_domain_members")),
    )
    op.create_index("ix_domain_members_symbol", "domain_members", ["symbol"])
    op.create_table(
        "methods",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methods")),
        sa.UniqueConstraint("name", name=op.f("uq_methods_name")),
    )
    op.create_table(
        "method_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("method_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["method_id"], ["methods.id"], name=op.f("fk_method_versions_method_id_methods")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_versions")),
        sa.UniqueConstraint("method_id", "sha256", name=op.f("uq_method_versions_method_id_sha256")),
        sa.UniqueConstraint("method_id", "version", name=op.f("uq_method_versions_method_id_version")),
    )
    op.create_table(
        "factor_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.String(length=300), server_default="", nullable=False),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_versions")),
        sa.UniqueConstraint(
            "name", "version", "parameters", name=op.f("uq_factor_versions_name_version_parameters")
        ),
    )
    op.create_index("ix_factor_versions_name", "factor_versions", ["name"])
    op.create_table(
        "cycles",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("calendar", sa.String(length=8), nullable=False),
        sa.Column("scheduled_for", Instant, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), server_default="claimed", nullable=False),
        sa.Column("stage", sa.String(length=12), server_default="fetch", nullable=False),
        sa.Column("is_provisional", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="1", nullable=False),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("data_source", sa.String(length=20), nullable=True),
        sa.Column("data_revision", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("code_version", sa.String(length=40), nullable=True),
        sa.Column("progress", Json, nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("published_at", Instant, nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("updated_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('fetch','quality','store','factors','ranks','publish','done')",
            name=op.f("ck_cycles_stage"),
        ),
        sa.CheckConstraint("status IN ('claimed','published','failed')", name=op.f("ck_cycles_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("kind", "calendar", "scheduled_for", name="uq_cycles_tick"),
    )
    op.create_index("ix_cycles_metric_date", "cycles", ["metric_date"])
    op.create_index("ix_cycles_status_scheduled_for", "cycles", ["status", "scheduled_for"])
    op.create_table(
        "ranking_results",
        sa.Column("domain_id", Id, nullable=False),
        sa.Column("method_version_id", Id, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("momentum", sa.Double(), nullable=True),
        sa.Column("volume_change", sa.Double(), nullable=True),
        sa.Column("volatility", sa.Double(), nullable=True),
        sa.Column("relative_strength", sa.Double(), nullable=True),
        sa.Column("financial_ratio", sa.Double(), nullable=True),
        sa.Column("composite_score", sa.Double(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("current_rank", sa.Integer(), nullable=True),
        sa.Column("previous_rank", sa.Integer(), nullable=True),
        sa.Column("previous_on", sa.Date(), nullable=True),
        sa.Column("rank_change", sa.Integer(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("unranked_reason", sa.String(length=60), nullable=True),
        sa.Column("computed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "composite_score >= -1.7976931348623157e308 AND composite_score <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_composite_score_finite"),
        ),
        sa.CheckConstraint(
            "coverage >= -1.7976931348623157e308 AND coverage <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_coverage_finite"),
        ),
        sa.CheckConstraint(
            "financial_ratio >= -1.7976931348623157e308 AND financial_ratio <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_financial_ratio_finite"),
        ),
        sa.CheckConstraint(
            "momentum >= -1.7976931348623157e308 AND momentum <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_momentum_finite"),
        ),
        sa.CheckConstraint(
            "relative_strength >= -1.7976931348623157e308 AND relative_strength <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_relative_strength_finite"),
        ),
        sa.CheckConstraint(
            "score >= -1.7976931348623157e308 AND score <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_score_finite"),
        ),
        sa.CheckConstraint(
            "volatility >= -1.7976931348623157e308 AND volatility <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_volatility_finite"),
        ),
        sa.CheckConstraint(
            "volume_change >= -1.7976931348623157e308 AND volume_change <= 1.7976931348623157e308",
            name=op.f("ck_ranking_results_volume_change_finite"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_ranking_results_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], name=op.f("fk_ranking_results_domain_id_domains")
        ),
        sa.ForeignKeyConstraint(
            ["method_version_id"],
            ["method_versions.id"],
            name=op.f("fk_ranking_results_method_version_id_method_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_ranking_results_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint(
            "domain_id",
            "method_version_id",
            "metric_date",
            "cycle_id",
            "symbol",
            name=op.f("pk_ranking_results"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_ranking_results_board_rank",
        "ranking_results",
        ["domain_id", "method_version_id", "metric_date", "current_rank"],
    )
    op.create_index("ix_ranking_results_symbol_metric_date", "ranking_results", ["symbol", "metric_date"])
    op.create_table(
        "board_heads",
        sa.Column("domain_id", Id, nullable=False),
        sa.Column("method_version_id", Id, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("head_from", Instant, nullable=False),
        sa.Column("head_to", Instant, nullable=True),
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("evidence_cycle_id", Id, nullable=False),
        sa.Column("is_provisional", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_board_heads_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["evidence_cycle_id"], ["cycles.id"], name=op.f("fk_board_heads_evidence_cycle_id_cycles")
        ),
        sa.ForeignKeyConstraint(["domain_id"], ["domains.id"], name=op.f("fk_board_heads_domain_id_domains")),
        sa.ForeignKeyConstraint(
            ["method_version_id"],
            ["method_versions.id"],
            name=op.f("fk_board_heads_method_version_id_method_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "domain_id", "method_version_id", "metric_date", "head_from", name=op.f("pk_board_heads")
        ),
    )
    op.create_index("ix_board_heads_cycle_id", "board_heads", ["cycle_id"])
    op.create_index(
        "uq_board_heads_current",
        "board_heads",
        ["domain_id", "method_version_id", "metric_date"],
        unique=True,
        sqlite_where=sa.text("head_to IS NULL"),
        postgresql_where=sa.text("head_to IS NULL"),
    )
    op.create_table(
        "factor_values",
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("factor_version_id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("raw", sa.Double(), nullable=True),
        sa.Column("missing_reason", sa.String(length=20), nullable=True),
        sa.Column("n_obs", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "raw >= -1.7976931348623157e308 AND raw <= 1.7976931348623157e308",
            name=op.f("ck_factor_values_raw_finite"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_factor_values_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["factor_version_id"],
            ["factor_versions.id"],
            name=op.f("fk_factor_values_factor_version_id_factor_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_factor_values_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint(
            "metric_date", "factor_version_id", "symbol", "cycle_id", name=op.f("pk_factor_values")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "factor_stats",
        sa.Column("cycle_id", Id, nullable=False),
        sa.Column("method_version_id", Id, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=90), nullable=False),
        sa.Column("factor", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("centre", sa.Double(), nullable=True),
        sa.Column("scale", sa.Double(), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "centre >= -1.7976931348623157e308 AND centre <= 1.7976931348623157e308",
            name=op.f("ck_factor_stats_centre_finite"),
        ),
        sa.CheckConstraint(
            "scale >= -1.7976931348623157e308 AND scale <= 1.7976931348623157e308",
            name=op.f("ck_factor_stats_scale_finite"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_factor_stats_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["method_version_id"],
            ["method_versions.id"],
            name=op.f("fk_factor_stats_method_version_id_method_versions"),
        ),
        sa.PrimaryKeyConstraint(
            "cycle_id", "method_version_id", "metric_date", "scope", "factor", name=op.f("pk_factor_stats")
        ),
    )
    op.create_table(
        "score_snapshots",
        sa.Column("ticker", sa.String(length=32), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("close_price", sa.Double(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("cycle_id", Id, nullable=True),
        sa.CheckConstraint(
            "close_price >= -1.7976931348623157e308 AND close_price <= 1.7976931348623157e308",
            name=op.f("ck_score_snapshots_close_price_finite"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_score_snapshots_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["ticker"], ["symbol_universe.symbol"], name=op.f("fk_score_snapshots_ticker_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("ticker", "fetched_at", name=op.f("pk_score_snapshots")),
    )
    op.create_index("ix_score_snapshots_ticker_fetched_at", "score_snapshots", ["ticker", "fetched_at"])


def downgrade() -> None:
    op.drop_table("score_snapshots")
    op.drop_table("factor_stats")
    op.drop_table("factor_values")
    op.drop_table("board_heads")
    op.drop_table("ranking_results")
    op.drop_table("cycles")
    op.drop_table("factor_versions")
    op.drop_table("method_versions")
    op.drop_table("methods")
    op.drop_table("domain_members")
    op.drop_table("domains")
