"""Factor definitions, exposures, daily metrics of symbols, and the phases of the nightly batch."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Instant, Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def kinds(known: str) -> None:
    with op.batch_alter_table("job_runs") as table:
        table.drop_constraint(op.f("ck_job_runs_kind"), type_="check")
        table.create_check_constraint(op.f("ck_job_runs_kind"), f"kind IN ({known})")


def upgrade() -> None:
    kinds("'cycle','backfill','warm','batch','portfolios'")
    op.create_table(
        "factor_definitions",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("proxy", sa.String(length=32), nullable=False),
        sa.Column("minus", sa.String(length=32), nullable=True),
        sa.Column("calculation_method", sa.String(length=20), nullable=False),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("min_observations", sa.SmallInteger(), nullable=False),
        sa.Column("regularisation", sa.Double(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "calculation_method IN ('ols_regression','ridge_regression','spread_regression')",
            name=op.f("ck_factor_definitions_calculation_method"),
        ),
        sa.CheckConstraint(
            "kind IN ('market','rate','ridge','spread')", name=op.f("ck_factor_definitions_kind")
        ),
        sa.CheckConstraint(
            "regularisation >= -1.7976931348623157e308 AND regularisation <= 1.7976931348623157e308",
            name=op.f("ck_factor_definitions_regularisation_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["minus"], ["symbol_universe.symbol"], name=op.f("fk_factor_definitions_minus_symbol_universe")
        ),
        sa.ForeignKeyConstraint(
            ["proxy"], ["symbol_universe.symbol"], name=op.f("fk_factor_definitions_proxy_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_factor_definitions")),
    )
    op.create_index(op.f("ix_factor_definitions_minus"), "factor_definitions", ["minus"])
    op.create_index(op.f("ix_factor_definitions_position"), "factor_definitions", ["position"])
    op.create_index(op.f("ix_factor_definitions_proxy"), "factor_definitions", ["proxy"])
    op.create_table(
        "symbol_factor_exposures",
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("factor", sa.String(length=32), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("beta", sa.Double(), nullable=False),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("r_squared", sa.Double(), nullable=True),
        sa.Column("n_observations", sa.SmallInteger(), nullable=False),
        sa.Column("calculation_method", sa.String(length=20), nullable=False),
        sa.Column("regularisation", sa.Double(), nullable=True),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("quality_flag", sa.String(length=12), nullable=False),
        sa.Column("vif", sa.Double(), nullable=True),
        sa.Column("data_revision", sa.Integer(), nullable=False),
        sa.Column("computed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "quality_flag IN ('full','limited')", name=op.f("ck_symbol_factor_exposures_quality_flag")
        ),
        sa.CheckConstraint(
            "beta >= -1.7976931348623157e308 AND beta <= 1.7976931348623157e308",
            name=op.f("ck_symbol_factor_exposures_beta_finite"),
        ),
        sa.CheckConstraint(
            "r_squared >= -1.7976931348623157e308 AND r_squared <= 1.7976931348623157e308",
            name=op.f("ck_symbol_factor_exposures_r_squared_finite"),
        ),
        sa.CheckConstraint(
            "regularisation >= -1.7976931348623157e308 AND regularisation <= 1.7976931348623157e308",
            name=op.f("ck_symbol_factor_exposures_regularisation_finite"),
        ),
        sa.CheckConstraint(
            "standard_error >= -1.7976931348623157e308 AND standard_error <= 1.7976931348623157e308",
            name=op.f("ck_symbol_factor_exposures_standard_error_finite"),
        ),
        sa.CheckConstraint(
            "vif >= -1.7976931348623157e308 AND vif <= 1.7976931348623157e308",
            name=op.f("ck_symbol_factor_exposures_vif_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["factor"],
            ["factor_definitions.name"],
            name=op.f("fk_symbol_factor_exposures_factor_factor_definitions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"],
            ["symbol_universe.symbol"],
            name=op.f("fk_symbol_factor_exposures_symbol_symbol_universe"),
        ),
        sa.PrimaryKeyConstraint("metric_date", "factor", "symbol", name=op.f("pk_symbol_factor_exposures")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_symbol_factor_exposures_symbol_metric_date"),
        "symbol_factor_exposures",
        ["symbol", "metric_date"],
    )
    op.create_table(
        "symbol_daily_metrics",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("sector", sa.String(length=80), nullable=True),
        sa.Column("industry", sa.String(length=120), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("price", sa.Double(), nullable=True),
        sa.Column("return_1d", sa.Double(), nullable=True),
        sa.Column("return_mtd", sa.Double(), nullable=True),
        sa.Column("return_ytd", sa.Double(), nullable=True),
        sa.Column("return_1m", sa.Double(), nullable=True),
        sa.Column("return_3m", sa.Double(), nullable=True),
        sa.Column("return_1y", sa.Double(), nullable=True),
        sa.Column("market_cap", sa.Double(), nullable=True),
        sa.Column("trailing_pe", sa.Double(), nullable=True),
        sa.Column("price_to_sales", sa.Double(), nullable=True),
        sa.Column("price_to_book", sa.Double(), nullable=True),
        sa.Column("market_beta", sa.Double(), nullable=True),
        sa.Column("rate_beta", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("growth", sa.Double(), nullable=True),
        sa.Column("momentum", sa.Double(), nullable=True),
        sa.Column("quality", sa.Double(), nullable=True),
        sa.Column("size", sa.Double(), nullable=True),
        sa.Column("low_volatility", sa.Double(), nullable=True),
        sa.Column("data_quality", sa.Double(), nullable=False),
        sa.Column("quality_notes", Json, nullable=False),
        sa.Column("data_revision", sa.Integer(), nullable=False),
        sa.Column("computed_at", Instant, nullable=False),
        sa.CheckConstraint(
            "data_quality >= -1.7976931348623157e308 AND data_quality <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_data_quality_finite"),
        ),
        sa.CheckConstraint(
            "growth >= -1.7976931348623157e308 AND growth <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_growth_finite"),
        ),
        sa.CheckConstraint(
            "low_volatility >= -1.7976931348623157e308 AND low_volatility <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_low_volatility_finite"),
        ),
        sa.CheckConstraint(
            "market_beta >= -1.7976931348623157e308 AND market_beta <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_market_beta_finite"),
        ),
        sa.CheckConstraint(
            "market_cap >= -1.7976931348623157e308 AND market_cap <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_market_cap_finite"),
        ),
        sa.CheckConstraint(
            "momentum >= -1.7976931348623157e308 AND momentum <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_momentum_finite"),
        ),
        sa.CheckConstraint(
            "price >= -1.7976931348623157e308 AND price <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_price_finite"),
        ),
        sa.CheckConstraint(
            "price_to_book >= -1.7976931348623157e308 AND price_to_book <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_price_to_book_finite"),
        ),
        sa.CheckConstraint(
            "price_to_sales >= -1.7976931348623157e308 AND price_to_sales <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_price_to_sales_finite"),
        ),
        sa.CheckConstraint(
            "quality >= -1.7976931348623157e308 AND quality <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_quality_finite"),
        ),
        sa.CheckConstraint(
            "rate_beta >= -1.7976931348623157e308 AND rate_beta <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_rate_beta_finite"),
        ),
        sa.CheckConstraint(
            "return_1d >= -1.7976931348623157e308 AND return_1d <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_1d_finite"),
        ),
        sa.CheckConstraint(
            "return_1m >= -1.7976931348623157e308 AND return_1m <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_1m_finite"),
        ),
        sa.CheckConstraint(
            "return_1y >= -1.7976931348623157e308 AND return_1y <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_1y_finite"),
        ),
        sa.CheckConstraint(
            "return_3m >= -1.7976931348623157e308 AND return_3m <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_3m_finite"),
        ),
        sa.CheckConstraint(
            "return_mtd >= -1.7976931348623157e308 AND return_mtd <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_mtd_finite"),
        ),
        sa.CheckConstraint(
            "return_ytd >= -1.7976931348623157e308 AND return_ytd <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_return_ytd_finite"),
        ),
        sa.CheckConstraint(
            "size >= -1.7976931348623157e308 AND size <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_size_finite"),
        ),
        sa.CheckConstraint(
            "trailing_pe >= -1.7976931348623157e308 AND trailing_pe <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_trailing_pe_finite"),
        ),
        sa.CheckConstraint(
            "value >= -1.7976931348623157e308 AND value <= 1.7976931348623157e308",
            name=op.f("ck_symbol_daily_metrics_value_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"],
            ["symbol_universe.symbol"],
            name=op.f("fk_symbol_daily_metrics_symbol_symbol_universe"),
        ),
        sa.PrimaryKeyConstraint("symbol", name=op.f("pk_symbol_daily_metrics")),
    )
    op.create_index(op.f("ix_symbol_daily_metrics_metric_date"), "symbol_daily_metrics", ["metric_date"])
    op.create_index(op.f("ix_symbol_daily_metrics_sector"), "symbol_daily_metrics", ["sector"])
    op.create_table(
        "batch_phases",
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("data_revision", sa.Integer(), nullable=False),
        sa.Column("problems", Json, nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="1", nullable=False),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "phase IN ('prices','market_beta','rate_beta','ridge','spread','daily_metrics')",
            name=op.f("ck_batch_phases_phase"),
        ),
        sa.CheckConstraint("state IN ('running','done','failed')", name=op.f("ck_batch_phases_state")),
        sa.PrimaryKeyConstraint("metric_date", "phase", name=op.f("pk_batch_phases")),
    )
    op.create_index(op.f("ix_batch_phases_state"), "batch_phases", ["state"])


def downgrade() -> None:
    op.drop_table("batch_phases")
    op.drop_table("symbol_daily_metrics")
    op.drop_table("symbol_factor_exposures")
    op.drop_table("factor_definitions")
    op.execute(sa.text("DELETE FROM job_runs WHERE kind IN ('batch','portfolios')"))
    kinds("'cycle','backfill','warm'")
