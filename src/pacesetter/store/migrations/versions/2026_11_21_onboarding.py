"""The queue of symbols that somebody asked for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id, Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def times(*names: str) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, Instant, server_default=sa.func.current_timestamp(), nullable=False) for name in names
    ]


def upgrade() -> None:
    op.create_table(
        "symbol_onboarding_queue",
        sa.Column("id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=10), server_default="pending", nullable=False),
        sa.Column("priority", sa.String(length=6), server_default="normal", nullable=False),
        sa.Column("priority_rank", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("requested_by", Json, nullable=False),
        sa.Column("stage", sa.String(length=12), server_default="queued", nullable=False),
        sa.Column("error_message", sa.String(length=1000), nullable=True),
        sa.Column("cause", sa.String(length=24), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("completed_at", Instant, nullable=True),
        *times("created_at", "updated_at"),
        sa.CheckConstraint(
            "priority IN ('high','normal','low')", name=op.f("ck_symbol_onboarding_queue_priority")
        ),
        sa.CheckConstraint(
            "stage IN ('queued','describe','prices','exposures','metrics','done')",
            name=op.f("ck_symbol_onboarding_queue_stage"),
        ),
        sa.CheckConstraint(
            "status IN ('pending','processing','completed','failed')",
            name=op.f("ck_symbol_onboarding_queue_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symbol_onboarding_queue")),
    )
    op.create_index(
        op.f("ix_symbol_onboarding_queue_status_priority_rank_created_at_id"),
        "symbol_onboarding_queue",
        ["status", "priority_rank", "created_at", "id"],
    )
    op.create_index(
        op.f("ix_symbol_onboarding_queue_symbol_created_at"),
        "symbol_onboarding_queue",
        ["symbol", "created_at"],
    )
    op.create_index(
        "uq_symbol_onboarding_queue_active",
        "symbol_onboarding_queue",
        ["symbol"],
        unique=True,
        sqlite_where=sa.text("status IN ('pending','processing')"),
        postgresql_where=sa.text("status IN ('pending','processing')"),
    )


def downgrade() -> None:
    op.drop_table("symbol_onboarding_queue")
