"""What the desk makes of it: settings of agents, analyses, decisions, reports, and the audit log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import BigInt, Id, Instant, Json, Money

revision = "0014"
down_revision = "0013"
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


def job_kinds(known: str) -> None:
    with op.batch_alter_table("job_runs") as table:
        table.drop_constraint(op.f("ck_job_runs_kind"), type_="check")
        table.create_check_constraint(op.f("ck_job_runs_kind"), f"kind IN ({known})")


def keep_audit_log() -> None:
    """Rows of the audit log are neither changed nor removed by anybody who keeps to the rules."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_log_no_{what.lower()} BEFORE {what} ON audit_log "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
    )


def free_audit_log() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # its triggers go with the table
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log")
    op.execute("DROP FUNCTION refuse_audit_change()")


def upgrade() -> None:
    job_kinds("'cycle','backfill','warm','batch','portfolios','night'")
    op.create_table(
        "agent_config",
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("preset", sa.String(length=40), nullable=True),
        sa.Column("user_id", Id, nullable=True),
        *times("created_at"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_agent_config_version")),
        *finite("agent_config", "weight"),
        sa.CheckConstraint("weight >= 0.1 AND weight <= 3", name=op.f("ck_agent_config_weight_range")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agent_config_user_id_users")),
        sa.PrimaryKeyConstraint("agent", "version", name=op.f("pk_agent_config")),
    )
    op.create_index(op.f("ix_agent_config_user_id"), "agent_config", ["user_id"])
    op.create_table(
        "analysis_results",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("analyst", sa.String(length=20), nullable=False),
        sa.Column("analysed_on", sa.Date(), nullable=False),
        sa.Column("recommendation", sa.String(length=9), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("key_metrics", Json, nullable=False),
        sa.Column("risks", Json, nullable=False),
        sa.Column("told", Json, nullable=True),
        sa.Column("config_version", sa.Integer(), nullable=False),
        *times("created_at"),
        sa.CheckConstraint(
            "recommendation IN ('BUY','SELL','HOLD','WATCHLIST')",
            name=op.f("ck_analysis_results_recommendation"),
        ),
        *finite("analysis_results", "confidence"),
        sa.CheckConstraint(
            "confidence >= 0 AND confidence <= 1", name=op.f("ck_analysis_results_confidence_range")
        ),
        *finite("analysis_results", "score"),
        sa.CheckConstraint("score >= 0 AND score <= 100", name=op.f("ck_analysis_results_score_range")),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_analysis_results_stock_id_stocks")
        ),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_analysis_results_symbol_symbol_universe")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_results")),
        sa.UniqueConstraint("symbol", "analyst", "analysed_on", name="uq_analysis_results_opinion"),
    )
    op.create_index(op.f("ix_analysis_results_analysed_on"), "analysis_results", ["analysed_on"])
    op.create_index(
        op.f("ix_analysis_results_analyst_analysed_on"), "analysis_results", ["analyst", "analysed_on"]
    )
    op.create_index(op.f("ix_analysis_results_stock_id"), "analysis_results", ["stock_id"])
    op.create_table(
        "decisions",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("stock_id", Id, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=9), nullable=False),
        sa.Column("status", sa.String(length=10), server_default="proposed", nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("bullish_share", sa.Double(), nullable=True),
        sa.Column("conviction", sa.String(length=8), nullable=True),
        sa.Column("size_pct", sa.Double(), nullable=True),
        sa.Column("quantity", Money, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("entry_price", Money, nullable=True),
        sa.Column("stop_loss", Money, nullable=True),
        sa.Column("target", Money, nullable=True),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("challenge", Json, nullable=False),
        sa.Column("portfolio_id", Id, nullable=True),
        sa.Column("trade_id", Id, nullable=True),
        sa.Column("answered_by", Id, nullable=True),
        sa.Column("answered_at", Instant, nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("proposed", Json, nullable=True),
        sa.Column("outcome", Json, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("action IN ('BUY','SELL','HOLD','WATCHLIST')", name=op.f("ck_decisions_action")),
        sa.CheckConstraint(
            "mode IN ('manual','paper','read_only','dry_run')", name=op.f("ck_decisions_mode")
        ),
        sa.CheckConstraint(
            "status IN ('proposed','approved','rejected','modified','traded','closed','expired')",
            name=op.f("ck_decisions_status"),
        ),
        *finite("decisions", "bullish_share", "size_pct"),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_decisions_answered_by_users")),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name=op.f("fk_decisions_portfolio_id_portfolios")
        ),
        sa.ForeignKeyConstraint(["stock_id"], ["stocks.id"], name=op.f("fk_decisions_stock_id_stocks")),
        sa.ForeignKeyConstraint(
            ["symbol"], ["symbol_universe.symbol"], name=op.f("fk_decisions_symbol_symbol_universe")
        ),
        sa.ForeignKeyConstraint(["trade_id"], ["trades.id"], name=op.f("fk_decisions_trade_id_trades")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("symbol", "decided_on", name="uq_decisions_symbol_day"),
    )
    op.create_index(op.f("ix_decisions_answered_by"), "decisions", ["answered_by"])
    op.create_index(op.f("ix_decisions_decided_on"), "decisions", ["decided_on"])
    op.create_index(op.f("ix_decisions_portfolio_id"), "decisions", ["portfolio_id"])
    op.create_index(op.f("ix_decisions_status_decided_on"), "decisions", ["status", "decided_on"])
    op.create_index(op.f("ix_decisions_stock_id"), "decisions", ["stock_id"])
    op.create_index(op.f("ix_decisions_trade_id"), "decisions", ["trade_id"])
    op.create_table(
        "reports",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="morning", nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("stocks_analyzed", sa.Integer(), nullable=False),
        sa.Column("recommendations_count", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant, nullable=True),
        *times("created_at"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_reports_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("kind", "date", "version", name="uq_reports_version"),
    )
    op.create_index(op.f("ix_reports_date"), "reports", ["date"])
    op.create_table(
        "audit_log",
        sa.Column("sequence", BigInt, autoincrement=False, nullable=False),
        sa.Column("timestamp", Instant, nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_log_sequence")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_log_user_id_users")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_log_hash")),
    )
    op.create_index(op.f("ix_audit_log_action_timestamp"), "audit_log", ["action", "timestamp"])
    op.create_index(op.f("ix_audit_log_timestamp"), "audit_log", ["timestamp"])
    op.create_index(op.f("ix_audit_log_user_id"), "audit_log", ["user_id"])
    keep_audit_log()


def downgrade() -> None:
    free_audit_log()
    op.drop_table("audit_log")
    op.drop_table("reports")
    op.drop_table("decisions")
    op.drop_table("analysis_results")
    op.drop_table("agent_config")
    op.execute(sa.text("DELETE FROM job_runs WHERE kind = 'night'"))
    job_kinds("'cycle','backfill','warm','batch','portfolios'")
