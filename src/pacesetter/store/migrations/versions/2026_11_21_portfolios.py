"""Portfolios: trades, positions, snapshots, imports; and rates between currencies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id, Instant, Json, Money

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def asset_types(known: str) -> None:
    with op.batch_alter_table("symbol_universe") as table:
        table.drop_constraint(op.f("ck_symbol_universe_asset_type"), type_="check")
        table.create_check_constraint(op.f("ck_symbol_universe_asset_type"), f"asset_type IN ({known})")


def upgrade() -> None:
    asset_types("'equity','etf','fund','index','option','option_underlying','sealed_box'")
    op.create_table(
        "portfolios",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("benchmark", sa.String(length=32), nullable=True),
        sa.Column("column_mapping", Json, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.ForeignKeyConstraint(
            ["benchmark"], ["symbol_universe.symbol"], name=op.f("fk_portfolios_benchmark_symbol_universe")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_portfolios_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolios")),
    )
    op.create_index(op.f("ix_portfolios_benchmark"), "portfolios", ["benchmark"])
    op.create_index(
        "uq_portfolios_open_name",
        "portfolios",
        ["name"],
        unique=True,
        sqlite_where=sa.text("user_id IS NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("user_id IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(
        "uq_portfolios_own_name",
        "portfolios",
        ["user_id", "name"],
        unique=True,
        sqlite_where=sa.text("user_id IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("user_id IS NOT NULL AND deleted_at IS NULL"),
    )
    op.create_table(
        "portfolio_imports",
        sa.Column("id", Id, nullable=False),
        sa.Column("portfolio_id", Id, nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("column_mapping", Json, nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_added", sa.Integer(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("undone_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name=op.f("fk_portfolio_imports_portfolio_id_portfolios")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_imports")),
    )
    op.create_index(
        op.f("ix_portfolio_imports_portfolio_id_created_at"),
        "portfolio_imports",
        ["portfolio_id", "created_at"],
    )
    op.create_table(
        "trades",
        sa.Column("id", Id, nullable=False),
        sa.Column("portfolio_id", Id, nullable=False),
        sa.Column("import_id", Id, nullable=True),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=True),
        sa.Column("quantity", Money, nullable=True),
        sa.Column("price", Money, nullable=True),
        sa.Column("amount", Money, nullable=True),
        sa.Column("commission", Money, server_default="0", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("traded_on", sa.Date(), nullable=False),
        sa.Column("timestamp", Instant, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("repeat", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outcome", Json, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "action IN ('buy','sell','short','cover','deposit','withdrawal','dividend','fee')",
            name=op.f("ck_trades_action"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_trades_amount_positive")),
        sa.CheckConstraint("commission >= 0", name=op.f("ck_trades_commission_not_negative")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_trades_price_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_trades_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["portfolio_imports.id"], name=op.f("fk_trades_import_id_portfolio_imports")
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name=op.f("fk_trades_portfolio_id_portfolios")
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_trades_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trades")),
        sa.UniqueConstraint(
            "portfolio_id", "fingerprint", "repeat", name=op.f("uq_trades_portfolio_id_fingerprint_repeat")
        ),
    )
    op.create_index(op.f("ix_trades_import_id"), "trades", ["import_id"])
    op.create_index(
        op.f("ix_trades_portfolio_id_traded_on_sequence"), "trades", ["portfolio_id", "traded_on", "sequence"]
    )
    op.create_index(op.f("ix_trades_symbol"), "trades", ["symbol"])
    op.create_table(
        "portfolio_positions",
        sa.Column("id", Id, nullable=False),
        sa.Column("portfolio_id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("opened_by", Id, nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=6), nullable=False),
        sa.Column("entry_date", sa.Date(), nullable=False),
        sa.Column("entry_price", Money, nullable=False),
        sa.Column("quantity", Money, nullable=False),
        sa.Column("exit_date", sa.Date(), nullable=True),
        sa.Column("exit_price", Money, nullable=True),
        sa.Column("realised", Money, server_default="0", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stop_loss", Money, nullable=True),
        sa.Column("target", Money, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("side IN ('long','short')", name=op.f("ck_portfolio_positions_side")),
        sa.CheckConstraint("status IN ('open','closed')", name=op.f("ck_portfolio_positions_status")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_portfolio_positions_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["trades.id"], name=op.f("fk_portfolio_positions_opened_by_trades")
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name=op.f("fk_portfolio_positions_portfolio_id_portfolios")
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_portfolio_positions_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_positions")),
        sa.UniqueConstraint("opened_by", name=op.f("uq_portfolio_positions_opened_by")),
    )
    op.create_index(
        op.f("ix_portfolio_positions_portfolio_id_status_symbol"),
        "portfolio_positions",
        ["portfolio_id", "status", "symbol"],
    )
    op.create_index(op.f("ix_portfolio_positions_symbol"), "portfolio_positions", ["symbol"])
    # ### end Alembic commands ###
    op.create_table(
        "portfolio_snapshots",
        sa.Column("portfolio_id", Id, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("nav", sa.Double(), nullable=True),
        sa.Column("cash", sa.Double(), nullable=True),
        sa.Column("long_value", sa.Double(), nullable=True),
        sa.Column("short_value", sa.Double(), nullable=True),
        sa.Column("gross", sa.Double(), nullable=True),
        sa.Column("net", sa.Double(), nullable=True),
        sa.Column("flow", sa.Double(), nullable=True),
        sa.Column("daily_pnl", sa.Double(), nullable=True),
        sa.Column("cumulative_pnl", sa.Double(), nullable=True),
        sa.Column("daily_return", sa.Double(), nullable=True),
        sa.Column("twr", sa.Double(), nullable=True),
        sa.Column("irr", sa.Double(), nullable=True),
        sa.Column("benchmark_return", sa.Double(), nullable=True),
        sa.Column("volatility_21d", sa.Double(), nullable=True),
        sa.Column("volatility_63d", sa.Double(), nullable=True),
        sa.Column("drawdown", sa.Double(), nullable=True),
        sa.Column("max_drawdown", sa.Double(), nullable=True),
        sa.Column("sharpe", sa.Double(), nullable=True),
        sa.Column("beta", sa.Double(), nullable=True),
        sa.Column("hhi", sa.Double(), nullable=True),
        sa.Column("effective_n", sa.Double(), nullable=True),
        sa.Column("n_holdings", sa.Integer(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("computed_at", Instant, nullable=False),
        sa.CheckConstraint("state IN ('complete','partial')", name=op.f("ck_portfolio_snapshots_state")),
        sa.CheckConstraint(
            "benchmark_return >= -1.7976931348623157e308 AND benchmark_return <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_benchmark_return_finite"),
        ),
        sa.CheckConstraint(
            "beta >= -1.7976931348623157e308 AND beta <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_beta_finite"),
        ),
        sa.CheckConstraint(
            "cash >= -1.7976931348623157e308 AND cash <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_cash_finite"),
        ),
        sa.CheckConstraint(
            "cumulative_pnl >= -1.7976931348623157e308 AND cumulative_pnl <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_cumulative_pnl_finite"),
        ),
        sa.CheckConstraint(
            "daily_pnl >= -1.7976931348623157e308 AND daily_pnl <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_daily_pnl_finite"),
        ),
        sa.CheckConstraint(
            "daily_return >= -1.7976931348623157e308 AND daily_return <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_daily_return_finite"),
        ),
        sa.CheckConstraint(
            "drawdown >= -1.7976931348623157e308 AND drawdown <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_drawdown_finite"),
        ),
        sa.CheckConstraint(
            "effective_n >= -1.7976931348623157e308 AND effective_n <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_effective_n_finite"),
        ),
        sa.CheckConstraint(
            "flow >= -1.7976931348623157e308 AND flow <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_flow_finite"),
        ),
        sa.CheckConstraint(
            "gross >= -1.7976931348623157e308 AND gross <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_gross_finite"),
        ),
        sa.CheckConstraint(
            "hhi >= -1.7976931348623157e308 AND hhi <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_hhi_finite"),
        ),
        sa.CheckConstraint(
            "irr >= -1.7976931348623157e308 AND irr <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_irr_finite"),
        ),
        sa.CheckConstraint(
            "long_value >= -1.7976931348623157e308 AND long_value <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_long_value_finite"),
        ),
        sa.CheckConstraint(
            "max_drawdown >= -1.7976931348623157e308 AND max_drawdown <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_max_drawdown_finite"),
        ),
        sa.CheckConstraint(
            "nav >= -1.7976931348623157e308 AND nav <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_nav_finite"),
        ),
        sa.CheckConstraint(
            "net >= -1.7976931348623157e308 AND net <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_net_finite"),
        ),
        sa.CheckConstraint(
            "sharpe >= -1.7976931348623157e308 AND sharpe <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_sharpe_finite"),
        ),
        sa.CheckConstraint(
            "short_value >= -1.7976931348623157e308 AND short_value <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_short_value_finite"),
        ),
        sa.CheckConstraint(
            "twr >= -1.7976931348623157e308 AND twr <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_twr_finite"),
        ),
        sa.CheckConstraint(
            "volatility_21d >= -1.7976931348623157e308 AND volatility_21d <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_volatility_21d_finite"),
        ),
        sa.CheckConstraint(
            "volatility_63d >= -1.7976931348623157e308 AND volatility_63d <= 1.7976931348623157e308",
            name=op.f("ck_portfolio_snapshots_volatility_63d_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name=op.f("fk_portfolio_snapshots_portfolio_id_portfolios")
        ),
        sa.PrimaryKeyConstraint("portfolio_id", "metric_date", name=op.f("pk_portfolio_snapshots")),
    )
    op.create_index(op.f("ix_portfolio_snapshots_metric_date"), "portfolio_snapshots", ["metric_date"])
    op.create_table(
        "fx_rates",
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("rate > 0", name=op.f("ck_fx_rates_rate_positive")),
        sa.CheckConstraint(
            "rate >= -1.7976931348623157e308 AND rate <= 1.7976931348623157e308",
            name=op.f("ck_fx_rates_rate_finite"),
        ),
        sa.PrimaryKeyConstraint("base", "quote", "on", name=op.f("pk_fx_rates")),
    )


def downgrade() -> None:
    op.drop_table("fx_rates")
    op.drop_table("portfolio_snapshots")
    op.drop_table("portfolio_positions")
    op.drop_table("trades")
    op.drop_table("portfolio_imports")
    op.drop_table("portfolios")
    op.execute(
        sa.text("UPDATE symbol_universe SET asset_type = 'equity' WHERE asset_type IN ('fund','option')")
    )
    asset_types("'equity','etf','index','option_underlying','sealed_box'")
