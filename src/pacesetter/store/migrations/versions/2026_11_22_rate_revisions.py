"""What exchange rates were before an import changed them, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import BigInt

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fx_rates", sa.Column("known_from_revision", BigInt, nullable=True))
    op.create_table(
        "fx_rate_revisions",
        sa.Column("base", sa.String(length=3), nullable=False),
        sa.Column("quote", sa.String(length=3), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("known_to", BigInt, autoincrement=False, nullable=False),
        sa.Column("known_from", BigInt, nullable=True),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("base", "quote", "on", "known_to", name=op.f("pk_fx_rate_revisions")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("fx_rate_revisions")
    op.drop_column("fx_rates", "known_from_revision")
