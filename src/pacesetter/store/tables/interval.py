"""How firm published ranks are, measured after they were published."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table

from pacesetter.store.tables.base import finite, metadata, real

rank_intervals = Table(
    "rank_intervals",
    metadata,
    Column("domain_id", ForeignKey("domains.id"), primary_key=True),
    Column("method_version_id", ForeignKey("method_versions.id"), primary_key=True),
    Column("metric_date", Date, primary_key=True),
    # the cycle whose evidence stands behind the ranks, not the one that wrote the rows last:
    # a changed previous rank leaves the interval as it was
    Column("evidence_cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("symbol", String(32), ForeignKey("symbol_universe.symbol"), primary_key=True),
    Column("low_rank", Integer),
    Column("high_rank", Integer),
    Column("n_ranked", Integer, nullable=False),  # resamples in which the symbol has a rank
    Column("n_draws", Integer, nullable=False),
    real("flip_share"),  # of the resamples in which the next symbol of the board is ahead
    *finite("flip_share"),
    sqlite_with_rowid=False,
)
