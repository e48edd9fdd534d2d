"""Confidence: the interval of each newest rank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TOP = "1.7976931348623157e308"
PARENTS = (
    ("domain_id", "domains", "id"),
    ("method_version_id", "method_versions", "id"),
    ("evidence_cycle_id", "cycles", "id"),
    ("symbol", "symbol_universe", "symbol"),
)


def upgrade() -> None:
    op.create_table(
        "rank_intervals",
        sa.Column("domain_id", Id, nullable=False),
        sa.Column("method_version_id", Id, nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("evidence_cycle_id", Id, nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("low_rank", sa.Integer(), nullable=True),
        sa.Column("high_rank", sa.Integer(), nullable=True),
        sa.Column("n_ranked", sa.Integer(), nullable=False),
        sa.Column("n_draws", sa.Integer(), nullable=False),
        sa.Column("flip_share", sa.Double(), nullable=True),
        sa.CheckConstraint(
            f"flip_share >= -{TOP} AND flip_share <= {TOP}", name=op.f("ck_rank_intervals_flip_share_finite")
        ),
        *[
            sa.ForeignKeyConstraint(
                [column], [f"{table}.{key}"], name=op.f(f"fk_rank_intervals_{column}_{table}")
            )
            for column, table, key in PARENTS
        ],
        sa.PrimaryKeyConstraint(
            "domain_id",
            "method_version_id",
            "metric_date",
            "evidence_cycle_id",
            "symbol",
            name=op.f("pk_rank_intervals"),
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("rank_intervals")
