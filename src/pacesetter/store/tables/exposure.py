"""What symbols are exposed to, the day's figures of each, and how far the nightly batch is."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, SmallInteger, String, Table

from pacesetter.store.tables.base import Instant, Json, created_at, finite, metadata, real, updated_at

STYLES = ("value", "growth", "momentum", "quality", "size", "low_volatility")
BETAS = ("market_beta", "rate_beta", *STYLES)
RETURNS = ("return_1d", "return_mtd", "return_ytd", "return_1m", "return_3m", "return_1y")
RATIOS = ("market_cap", "trailing_pe", "price_to_sales", "price_to_book")

factor_definitions = Table(
    "factor_definitions",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("label", String(80), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("proxy", ForeignKey("symbol_universe.symbol"), nullable=False),
    Column("minus", ForeignKey("symbol_universe.symbol")),  # of a spread: what is taken off the proxy
    Column("calculation_method", String(20), nullable=False),
    Column("window", SmallInteger, nullable=False),  # sessions
    Column("min_observations", SmallInteger, nullable=False),
    real("regularisation"),  # λ, on standardised columns; null where there is none
    Column("position", SmallInteger, nullable=False),
    created_at(),
    updated_at(),
    CheckConstraint("kind IN ('market','rate','ridge','spread')", name="kind"),
    CheckConstraint(
        "calculation_method IN ('ols_regression','ridge_regression','spread_regression')",
        name="calculation_method",
    ),
    Index(None, "position"),
    Index(None, "proxy"),
    Index(None, "minus"),
    *finite("regularisation"),
)

symbol_factor_exposures = Table(
    "symbol_factor_exposures",
    metadata,
    Column("metric_date", Date, primary_key=True),
    Column("factor", ForeignKey("factor_definitions.name"), primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    real("beta", nullable=False),
    real("standard_error"),  # null where it is undefined
    real("r_squared"),
    Column("n_observations", SmallInteger, nullable=False),
    Column("calculation_method", String(20), nullable=False),
    real("regularisation"),
    Column("window", SmallInteger, nullable=False),
    Column("quality_flag", String(12), nullable=False),
    real("vif"),  # of ridge factors only
    Column("data_revision", Integer, nullable=False),
    Column("computed_at", Instant, nullable=False),
    CheckConstraint("quality_flag IN ('full','limited')", name="quality_flag"),
    Index(None, "symbol", "metric_date"),
    *finite("beta", "standard_error", "r_squared", "regularisation", "vif"),
    sqlite_with_rowid=False,
)

symbol_daily_metrics = Table(
    "symbol_daily_metrics",
    metadata,
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("metric_date", Date, nullable=False),  # of the price; never "now"
    Column("name", String(200)),
    Column("sector", String(80)),
    Column("industry", String(120)),
    Column("currency", String(3)),
    real("price"),  # unadjusted close, in the quote unit
    *[real(name) for name in RETURNS],
    *[real(name) for name in RATIOS],
    *[real(name) for name in BETAS],
    real("data_quality", nullable=False),  # 0–100
    Column("quality_notes", Json, nullable=False),  # why it is less than 100
    Column("data_revision", Integer, nullable=False),
    Column("computed_at", Instant, nullable=False),
    Index(None, "metric_date"),
    Index(None, "sector"),
    *finite("price", *RETURNS, *RATIOS, *BETAS, "data_quality"),
)

batch_phases = Table(
    "batch_phases",
    metadata,
    Column("metric_date", Date, primary_key=True),
    Column("phase", String(16), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),  # symbols
    Column("total", Integer, nullable=False, server_default="0"),
    Column("data_revision", Integer, nullable=False),  # what was known when it was begun
    Column("problems", Json, nullable=False),  # {reason: [symbols]}: who has no row, and why
    Column("error", String(1000)),
    Column("owner", String(80)),
    Column("fence", Integer, nullable=False, server_default="1"),
    Column("lease_until", Instant),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint(
        "phase IN ('prices','market_beta','rate_beta','ridge','spread','daily_metrics')", name="phase"
    ),
    CheckConstraint("state IN ('running','done','failed')", name="state"),
    Index(None, "state"),
)
