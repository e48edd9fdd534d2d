"""Jobs that people ask a server for, and requests that must take effect once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id, Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def upgrade() -> None:
    op.create_table(
        "job_runs",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("work_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="queued", nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=True),
        sa.Column("problem", Json, nullable=True),
        sa.Column("stop_asked", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lost", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint("kind IN ('cycle','backfill','warm')", name=op.f("ck_job_runs_kind")),
        sa.CheckConstraint(
            "state IN ('queued','running','done','failed','cancelled','interrupted')",
            name=op.f("ck_job_runs_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    active = sa.text("state IN ('queued','running')")
    op.create_index(
        "uq_job_runs_same_work",
        "job_runs",
        ["work_key"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    op.create_index(op.f("ix_job_runs_state_asked_at"), "job_runs", ["state", "asked_at"])
    op.create_index(op.f("ix_job_runs_asked_at"), "job_runs", ["asked_at"])
    op.create_table(
        "request_keys",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("busy_until", Instant, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", Json, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", Instant, nullable=False),
        *times("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_keys")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_request_keys_user_id_key")),
    )
    op.create_index(op.f("ix_request_keys_expires_at"), "request_keys", ["expires_at"])


def downgrade() -> None:
    op.drop_table("request_keys")
    op.drop_table("job_runs")
