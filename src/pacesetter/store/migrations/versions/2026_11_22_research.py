"""The research desk's evidence: inbox, signals, convergence, queue, watchlist."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id, Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TOP = "1.7976931348623157e308"


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def finite(table: str, *names: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"{name} >= -{TOP} AND {name} <= {TOP}", name=op.f(f"ck_{table}_{name}_finite"))
        for name in names
    ]


def upgrade() -> None:
    op.create_table(
        "inbox_files",
        sa.Column("id", Id, nullable=False),
        sa.Column("folder", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("report", Json, nullable=True),
        sa.Column("moved_to", sa.String(length=400), nullable=True),
        sa.Column("found_at", Instant, nullable=False),
        sa.Column("finished_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "status IN ('applying','applied','failed','duplicate')", name=op.f("ck_inbox_files_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_files")),
    )
    op.create_index(op.f("ix_inbox_files_sha256"), "inbox_files", ["sha256"])
    op.create_index(op.f("ix_inbox_files_status_found_at"), "inbox_files", ["status", "found_at"])
    op.create_index(
        "uq_inbox_files_applied",
        "inbox_files",
        ["folder", "sha256"],
        unique=True,
        sqlite_where=sa.text("status IN ('applying', 'applied')"),
        postgresql_where=sa.text("status IN ('applying', 'applied')"),
    )
    op.create_table(
        "research_texts",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=True),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("known_at", Instant, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("inbox_file_id", Id, nullable=True),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "kind IN ('research','news','insider','earnings','manual','macro','general')",
            name=op.f("ck_research_texts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["inbox_file_id"], ["inbox_files.id"], name=op.f("fk_research_texts_inbox_file_id_inbox_files")
        ),
        sa.ForeignKeyConstraint(["stock_id"], ["stocks.id"], name=op.f("fk_research_texts_stock_id_stocks")),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_research_texts_symbol_symbol_universe")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_research_texts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_texts")),
    )
    op.create_index(op.f("ix_research_texts_deleted_at"), "research_texts", ["deleted_at"])
    op.create_index(op.f("ix_research_texts_inbox_file_id"), "research_texts", ["inbox_file_id"])
    op.create_index(op.f("ix_research_texts_kind_noted_on"), "research_texts", ["kind", "noted_on"])
    op.create_index(op.f("ix_research_texts_known_at"), "research_texts", ["known_at"])
    op.create_index(op.f("ix_research_texts_stock_id"), "research_texts", ["stock_id"])
    op.create_index(op.f("ix_research_texts_symbol_noted_on"), "research_texts", ["symbol", "noted_on"])
    op.create_index(op.f("ix_research_texts_user_id"), "research_texts", ["user_id"])
    op.create_index("uq_research_texts_content", "research_texts", ["kind", "sha256"], unique=True)
    op.create_table(
        "signals",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("signal_type", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("signal_on", sa.Date(), nullable=False),
        sa.Column("timestamp", Instant, nullable=False),
        sa.Column("expired_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        *finite("signals", "confidence"),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name=op.f("ck_signals_confidence_range")),
        *finite("signals", "score"),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_signals_score_range")),
        sa.ForeignKeyConstraint(["stock_id"], ["stocks.id"], name=op.f("fk_signals_stock_id_stocks")),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_signals_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    op.create_index(op.f("ix_signals_signal_on"), "signals", ["signal_on"])
    op.create_index(op.f("ix_signals_signal_type_signal_on"), "signals", ["signal_type", "signal_on"])
    op.create_index(op.f("ix_signals_stock_id"), "signals", ["stock_id"])
    op.create_index(
        "uq_signals_said", "signals", ["symbol", "signal_type", "source", "signal_on"], unique=True
    )
    op.create_table(
        "convergences",
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("converged_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("band", sa.String(length=16), nullable=False),
        sa.Column("n_signals", sa.Integer(), nullable=False),
        sa.Column("n_kinds", sa.Integer(), nullable=False),
        sa.Column("breakdown", Json, nullable=False),
        *times("created_at"),
        sa.CheckConstraint(
            "band IN ('monitor','research','deep_analysis','priority')", name=op.f("ck_convergences_band")
        ),
        *finite("convergences", "score"),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_convergences_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("symbol", "converged_on", name=op.f("pk_convergences")),
    )
    op.create_index(op.f("ix_convergences_converged_on_band"), "convergences", ["converged_on", "band"])
    op.create_index(op.f("ix_convergences_converged_on_score"), "convergences", ["converged_on", "score"])
    op.create_table(
        "research_queue",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("status", sa.String(length=10), server_default="queued", nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("entry_score", sa.Double(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("breakdown", Json, nullable=False),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("(status = 'queued') = (left_on IS NULL)", name=op.f("ck_research_queue_left")),
        sa.CheckConstraint(
            "status IN ('queued','promoted','dropped','expired','displaced')",
            name=op.f("ck_research_queue_status"),
        ),
        *finite("research_queue", "entry_score", "score"),
        sa.ForeignKeyConstraint(["stock_id"], ["stocks.id"], name=op.f("fk_research_queue_stock_id_stocks")),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_research_queue_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_queue")),
    )
    op.create_index(op.f("ix_research_queue_entered_on"), "research_queue", ["entered_on"])
    op.create_index(op.f("ix_research_queue_status_score"), "research_queue", ["status", "score"])
    op.create_index(op.f("ix_research_queue_stock_id"), "research_queue", ["stock_id"])
    op.create_index(
        "uq_research_queue_open",
        "research_queue",
        ["symbol"],
        unique=True,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("trigger_type", sa.String(length=12), nullable=False),
        sa.Column("trigger_value", sa.String(length=60), nullable=True),
        sa.Column("condition", Json, nullable=False),
        sa.Column("thesis", sa.Text(), nullable=True),
        sa.Column("expiry_date", sa.Date(), nullable=True),
        sa.Column("hysteresis_pct", sa.Double(), nullable=False),
        sa.Column("cool_down_days", sa.Integer(), server_default="5", nullable=False),
        sa.Column("status", sa.String(length=10), server_default="armed", nullable=False),
        sa.Column("to_validate", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("last_triggered_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("times_triggered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("details", Json, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "status IN ('armed','fired','expired','invalid')", name=op.f("ck_watchlist_entries_status")
        ),
        sa.CheckConstraint(
            "trigger_type IN ('price','rank','factor','event','freshness','technical','composed')",
            name=op.f("ck_watchlist_entries_trigger_type"),
        ),
        sa.CheckConstraint("cool_down_days >= 0", name=op.f("ck_watchlist_entries_cool_down")),
        *finite("watchlist_entries", "hysteresis_pct"),
        sa.CheckConstraint("hysteresis_pct >= 0", name=op.f("ck_watchlist_entries_hysteresis")),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_watchlist_entries_stock_id_stocks")
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_watchlist_entries_symbol_symbol_universe")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_watchlist_entries_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlist_entries")),
    )
    op.create_index(op.f("ix_watchlist_entries_deleted_at"), "watchlist_entries", ["deleted_at"])
    op.create_index(
        op.f("ix_watchlist_entries_status_expiry_date"), "watchlist_entries", ["status", "expiry_date"]
    )
    op.create_index(op.f("ix_watchlist_entries_stock_id"), "watchlist_entries", ["stock_id"])
    op.create_index(op.f("ix_watchlist_entries_symbol_status"), "watchlist_entries", ["symbol", "status"])
    op.create_index(op.f("ix_watchlist_entries_user_id"), "watchlist_entries", ["user_id"])
    op.create_table(
        "desk_nights",
        sa.Column("night_on", sa.Date(), nullable=False),
        sa.Column("known_until", Instant, nullable=False),
        sa.Column("regime", sa.String(length=10), nullable=False),
        sa.Column("resting", Json, nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.Column("inputs", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("done_at", Instant, nullable=False),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("regime IN ('bull','neutral','bear')", name=op.f("ck_desk_nights_regime")),
        sa.PrimaryKeyConstraint("night_on", name=op.f("pk_desk_nights")),
    )
    op.create_index(op.f("ix_desk_nights_done_at"), "desk_nights", ["done_at"])


def downgrade() -> None:
    op.drop_table("desk_nights")
    op.drop_table("watchlist_entries")
    op.drop_table("research_queue")
    op.drop_table("convergences")
    op.drop_table("signals")
    op.drop_table("research_texts")
    op.drop_table("inbox_files")
