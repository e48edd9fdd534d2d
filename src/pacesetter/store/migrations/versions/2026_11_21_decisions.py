"""Who decided on a bar that was held back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quarantined_bars") as batch:
        batch.add_column(sa.Column("decided_by", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("quarantined_bars") as batch:
        batch.drop_column("decided_by")
