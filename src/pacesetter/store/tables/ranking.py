"""Published ranks, the values and statistics behind them, and raw snapshots."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from pacesetter.store.tables.base import Instant, finite, metadata, real

FIVE = ("momentum", "volume_change", "volatility", "relative_strength", "financial_ratio")

ranking_results = Table(  # append-only: a new version is a new cycle_id, heads say which counts
    "ranking_results",
    metadata,
    Column("domain_id", ForeignKey("domains.id"), primary_key=True),
    Column("method_version_id", ForeignKey("method_versions.id"), primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    *[real(name) for name in FIVE],
    real("composite_score"),
    real("score"),
    Column("current_rank", Integer),
    Column("previous_rank", Integer),
    Column("previous_on", Date),
    Column("rank_change", Integer),
    real("coverage"),
    Column("unranked_reason", String(60)),
    Column("computed_at", Instant, nullable=False),
    Index("ix_ranking_results_board_rank", "domain_id", "method_version_id", "metric_date", "current_rank"),
    Index(None, "symbol", "metric_date"),
    *finite(*FIVE, "composite_score", "score", "coverage"),
    sqlite_with_rowid=False,
)

board_heads = Table(
    "board_heads",
    metadata,
    Column("domain_id", ForeignKey("domains.id"), primary_key=True),
    Column("method_version_id", ForeignKey("method_versions.id"), primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("head_from", Instant, primary_key=True),
    Column("head_to", Instant),  # null: the current head
    Column("cycle_id", ForeignKey("cycles.id"), nullable=False),
    # whose factor values and statistics stand behind the rows: another cycle's than the
    # rows' own where only a previous rank changed
    Column("evidence_cycle_id", ForeignKey("cycles.id"), nullable=False),
    Column("is_provisional", Boolean, nullable=False, server_default="0"),
    Index(
        "uq_board_heads_current",
        "domain_id",
        "method_version_id",
        "metric_date",
        unique=True,
        sqlite_where=Column("head_to", Instant).is_(None),
        postgresql_where=Column("head_to", Instant).is_(None),
    ),
    Index(None, "cycle_id"),
)

factor_values = Table(
    "factor_values",
    metadata,
    Column("metric_date", Date, primary_key=True),
    Column("factor_version_id", ForeignKey("factor_versions.id"), primary_key=True),
    Column("symbol", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    real("raw"),
    Column("missing_reason", String(20)),
    Column("n_obs", Integer, nullable=False),
    *finite("raw"),
    sqlite_with_rowid=False,
)

factor_stats = Table(
    "factor_stats",
    metadata,
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("method_version_id", ForeignKey("method_versions.id"), primary_key=True),
    Column("metric_date", Date, primary_key=True),  # a backfill's cycle spans many dates
    Column("scope", String(90), primary_key=True),  # "universe:equity" or "domain:<slug>"
    Column("factor", String(60), primary_key=True),
    Column("n", Integer, nullable=False),
    real("centre"),
    real("scale"),
    Column("rule", String(20), nullable=False),
    *finite("centre", "scale"),
)

score_snapshots = Table(
    "score_snapshots",
    metadata,
    Column("ticker", ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("fetched_at", Instant, primary_key=True),
    real("close_price"),
    Column("volume", BigInteger),
    Column("source", String(20), nullable=False),
    Column("cycle_id", ForeignKey("cycles.id")),
    Index(None, "ticker", "fetched_at"),
    *finite("close_price"),
)
