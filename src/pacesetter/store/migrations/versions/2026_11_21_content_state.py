"""The version of everything that can be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = op.create_table(
        "content_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_content_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_state")),
    )
    op.bulk_insert(state, [{"id": 1, "version": 0, "nonce": ""}])


def downgrade() -> None:
    op.drop_table("content_state")
