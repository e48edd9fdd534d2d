"""Symbols, bars, fundamentals, and where each row came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import BigInt, Id, Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "imports",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("counts", Json, nullable=True),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("finished_at", Instant, nullable=True),
        sa.Column("undone_at", Instant, nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_kind_started_at", "imports", ["kind", "started_at"])
    op.create_index("ix_imports_sha256", "imports", ["sha256"])
    op.create_table(
        "data_revisions",
        sa.Column("revision", BigInt, autoincrement=True, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("import_id", Id, nullable=True),
        sa.CheckConstraint(
            "cause IN ('import','fetch','repair','undo')", name=op.f("ck_data_revisions_cause")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_data_revisions_import_id_imports")
        ),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_data_revisions")),
    )
    op.create_index("ix_data_revisions_import_id", "data_revisions", ["import_id"])
    op.create_index("ix_data_revisions_recorded_at", "data_revisions", ["recorded_at"])
    op.create_table(
        "symbol_universe",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("asset_type", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("exchange_mic", sa.String(length=4), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("quote_unit", sa.String(length=3), nullable=True),
        sa.Column("basis", sa.String(length=16), nullable=True),
        sa.Column("sector", sa.String(length=80), nullable=True),
        sa.Column("industry", sa.String(length=120), nullable=True),
        sa.Column("first_seen_date", sa.Date(), nullable=True),
        sa.Column("last_seen_date", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("added_source", sa.String(length=16), nullable=False),
        sa.Column("last_price_date", sa.Date(), nullable=True),
        sa.Column("last_factor_date", sa.Date(), nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("updated_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.CheckConstraint(
            "added_source IN ('seed','onboarding','admin','batch','inbox')",
            name=op.f("ck_symbol_universe_added_source"),
        ),
        sa.CheckConstraint(
            "asset_type IN ('equity','etf','index','option_underlying','sealed_box')",
            name=op.f("ck_symbol_universe_asset_type"),
        ),
        sa.CheckConstraint(
            "basis IN ('raw','split','split_dividend')", name=op.f("ck_symbol_universe_basis")
        ),
        sa.PrimaryKeyConstraint("symbol", name=op.f("pk_symbol_universe")),
    )
    op.create_index("ix_symbol_universe_asset_type_is_active", "symbol_universe", ["asset_type", "is_active"])
    op.create_index("ix_symbol_universe_last_price_date", "symbol_universe", ["last_price_date"])
    op.create_index("ix_symbol_universe_sector", "symbol_universe", ["sector"])
    op.create_table(
        "stocks",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("sector", sa.String(length=80), nullable=True),
        sa.Column("industry", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=80), nullable=True),
        sa.Column("isin", sa.String(length=12), nullable=True),
        sa.Column("market_cap", sa.Double(), nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("updated_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.CheckConstraint(
            "market_cap >= -1.7976931348623157e308 AND market_cap <= 1.7976931348623157e308",
            name=op.f("ck_stocks_market_cap_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_stocks_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocks")),
        sa.UniqueConstraint("symbol", name=op.f("uq_stocks_symbol")),
    )
    op.create_index("ix_stocks_market_cap", "stocks", ["market_cap"])
    op.create_index("ix_stocks_sector", "stocks", ["sector"])
    op.create_table(
        "symbol_aliases",
        sa.Column("alias", sa.String(length=32), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_symbol_aliases_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("alias", "valid_from", name=op.f("pk_symbol_aliases")),
    )
    op.create_index("ix_symbol_aliases_symbol", "symbol_aliases", ["symbol"])
    op.create_table(
        "market_data_cache",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("open", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("close", sa.Double(), nullable=False),
        sa.Column("adj_close", sa.Double(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("known_from_revision", BigInt, nullable=False),
        sa.CheckConstraint(
            "adj_close >= -1.7976931348623157e308 AND adj_close <= 1.7976931348623157e308",
            name=op.f("ck_market_data_cache_adj_close_finite"),
        ),
        sa.CheckConstraint(
            "close >= -1.7976931348623157e308 AND close <= 1.7976931348623157e308",
            name=op.f("ck_market_data_cache_close_finite"),
        ),
        sa.CheckConstraint(
            "high >= -1.7976931348623157e308 AND high <= 1.7976931348623157e308",
            name=op.f("ck_market_data_cache_high_finite"),
        ),
        sa.CheckConstraint(
            "low >= -1.7976931348623157e308 AND low <= 1.7976931348623157e308",
            name=op.f("ck_market_data_cache_low_finite"),
        ),
        sa.CheckConstraint(
            "open >= -1.7976931348623157e308 AND open <= 1.7976931348623157e308",
            name=op.f("ck_market_data_cache_open_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_market_data_cache_known_from_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_market_data_cache_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("symbol", "date", name=op.f("pk_market_data_cache")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_market_data_cache_date", "market_data_cache", ["date"])
    op.create_index("ix_market_data_cache_known_from_revision", "market_data_cache", ["known_from_revision"])
    op.create_table(
        "market_data_revisions",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("known_to", BigInt, autoincrement=False, nullable=False),
        sa.Column("known_from", BigInt, nullable=False),
        sa.Column("open", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("close", sa.Double(), nullable=True),
        sa.Column("adj_close", sa.Double(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("symbol", "date", "known_to", name=op.f("pk_market_data_revisions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_market_data_revisions_date", "market_data_revisions", ["date"])
    op.create_index("ix_market_data_revisions_known_to", "market_data_revisions", ["known_to"])
    op.create_table(
        "quarantined_bars",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("open", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("close", sa.Double(), nullable=True),
        sa.Column("adj_close", sa.Double(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="held", nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("created_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("updated_at", Instant, server_default=sa.func.current_timestamp(), nullable=False),
        sa.CheckConstraint(
            "state IN ('held','released','accepted','repaired','undone')",
            name=op.f("ck_quarantined_bars_state"),
        ),
        sa.ForeignKeyConstraint(
            ["revision"],
            ["data_revisions.revision"],
            name=op.f("fk_quarantined_bars_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_quarantined_bars_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_bars")),
    )
    op.create_index("ix_quarantined_bars_revision", "quarantined_bars", ["revision"])
    op.create_index("ix_quarantined_bars_state_symbol_date", "quarantined_bars", ["state", "symbol", "date"])
    op.create_index("ix_quarantined_bars_symbol_date", "quarantined_bars", ["symbol", "date"])
    op.create_index(
        "uq_quarantined_bars_held",
        "quarantined_bars",
        ["symbol", "date"],
        unique=True,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_table(
        "fundamentals",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_from_revision", BigInt, nullable=False),
        sa.Column("known_to_revision", BigInt, nullable=True),
        sa.Column("market_cap", sa.Double(), nullable=True),
        sa.Column("enterprise_value", sa.Double(), nullable=True),
        sa.Column("trailing_pe", sa.Double(), nullable=True),
        sa.Column("price_to_sales", sa.Double(), nullable=True),
        sa.Column("price_to_book", sa.Double(), nullable=True),
        sa.Column("eps", sa.Double(), nullable=True),
        sa.Column("revenue_growth", sa.Double(), nullable=True),
        sa.Column("roe", sa.Double(), nullable=True),
        sa.Column("debt_to_equity", sa.Double(), nullable=True),
        sa.Column("gross_margin", sa.Double(), nullable=True),
        sa.Column("operating_margin", sa.Double(), nullable=True),
        sa.Column("profit_margin", sa.Double(), nullable=True),
        sa.Column("dividend_yield", sa.Double(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("fetched_at", Instant, nullable=False),
        sa.CheckConstraint(
            "debt_to_equity >= -1.7976931348623157e308 AND debt_to_equity <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_debt_to_equity_finite"),
        ),
        sa.CheckConstraint(
            "dividend_yield >= -1.7976931348623157e308 AND dividend_yield <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_dividend_yield_finite"),
        ),
        sa.CheckConstraint(
            "enterprise_value >= -1.7976931348623157e308 AND enterprise_value <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_enterprise_value_finite"),
        ),
        sa.CheckConstraint(
            "eps >= -1.7976931348623157e308 AND eps <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_eps_finite"),
        ),
        sa.CheckConstraint(
            "gross_margin >= -1.7976931348623157e308 AND gross_margin <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_gross_margin_finite"),
        ),
        sa.CheckConstraint(
            "market_cap >= -1.7976931348623157e308 AND market_cap <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_market_cap_finite"),
        ),
        sa.CheckConstraint(
            "operating_margin >= -1.7976931348623157e308 AND operating_margin <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_operating_margin_finite"),
        ),
        sa.CheckConstraint(
            "price_to_book >= -1.7976931348623157e308 AND price_to_book <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_price_to_book_finite"),
        ),
        sa.CheckConstraint(
            "price_to_sales >= -1.7976931348623157e308 AND price_to_sales <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_price_to_sales_finite"),
        ),
        sa.CheckConstraint(
            "profit_margin >= -1.7976931348623157e308 AND profit_margin <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_profit_margin_finite"),
        ),
        sa.CheckConstraint(
            "revenue_growth >= -1.7976931348623157e308 AND revenue_growth <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_revenue_growth_finite"),
        ),
        sa.CheckConstraint(
            "roe >= -1.7976931348623157e308 AND roe <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_roe_finite"),
        ),
        sa.CheckConstraint(
            "trailing_pe >= -1.7976931348623157e308 AND trailing_pe <= 1.7976931348623157e308",
            name=op.f("ck_fundamentals_trailing_pe_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_fundamentals_known_from_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["known_to_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_fundamentals_known_to_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_fundamentals_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint(
            "symbol", "as_of", "known_on", "known_from_revision", name=op.f("pk_fundamentals")
        ),
    )
    op.create_index("ix_fundamentals_known_from_revision", "fundamentals", ["known_from_revision"])
    op.create_index("ix_fundamentals_known_on", "fundamentals", ["known_on"])
    op.create_table(
        "corporate_actions",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("ex_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("known_from_revision", BigInt, nullable=False),
        sa.Column("known_to_revision", BigInt, nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("known_at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('split','dividend')", name=op.f("ck_corporate_actions_kind")),
        sa.CheckConstraint("value > 0", name=op.f("ck_corporate_actions_positive")),
        sa.CheckConstraint(
            "value >= -1.7976931348623157e308 AND value <= 1.7976931348623157e308",
            name=op.f("ck_corporate_actions_value_finite"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_corporate_actions_known_from_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["known_to_revision"],
            ["data_revisions.revision"],
            name=op.f("fk_corporate_actions_known_to_revision_data_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_corporate_actions_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint(
            "symbol", "ex_on", "kind", "known_from_revision", name=op.f("pk_corporate_actions")
        ),
    )
    op.create_index("ix_corporate_actions_ex_on", "corporate_actions", ["ex_on"])
    op.create_index("ix_corporate_actions_known_from_revision", "corporate_actions", ["known_from_revision"])


def downgrade() -> None:
    op.drop_table("corporate_actions")
    op.drop_table("fundamentals")
    op.drop_table("quarantined_bars")
    op.drop_table("market_data_revisions")
    op.drop_table("market_data_cache")
    op.drop_table("symbol_aliases")
    op.drop_table("stocks")
    op.drop_table("symbol_universe")
    op.drop_table("data_revisions")
    op.drop_table("imports")
    op.drop_table("meta")
