"""Boards of one's own: rules, and memberships as they were known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = ["domain_id", "symbol", "valid_from"]


def upgrade() -> None:
    with op.batch_alter_table("domains") as batch:
        batch.add_column(sa.Column("rule", sa.String(length=400), nullable=True))
    with op.batch_alter_table("domain_members") as batch:
        batch.add_column(
            sa.Column("known_from_revision", sa.BigInteger(), server_default="0", nullable=False)
        )
        batch.add_column(sa.Column("known_to_revision", sa.BigInteger(), nullable=True))
        batch.drop_constraint("pk_domain_members", type_="primary")
        batch.create_primary_key("pk_domain_members", [*KEY, "known_from_revision"])


def downgrade() -> None:
    # what was superseded has no place in the older table
    op.execute("DELETE FROM domain_members WHERE known_to_revision IS NOT NULL")
    with op.batch_alter_table("domain_members") as batch:
        batch.drop_constraint("pk_domain_members", type_="primary")
        batch.drop_column("known_to_revision")
        batch.drop_column("known_from_revision")
        batch.create_primary_key("pk_domain_members", KEY)
    with op.batch_alter_table("domains") as batch:
        batch.drop_column("rule")
