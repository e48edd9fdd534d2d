"""A stop and a target that a person set by hand are told apart from those of decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pacesetter.store.tables.base import Money

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("portfolio_positions", sa.Column("own_stop_loss", Money, nullable=True))
    op.add_column("portfolio_positions", sa.Column("own_target", Money, nullable=True))
    for name in ("stop_loss", "target"):  # what no decision traded there says, a person has set
        op.execute(
            f"UPDATE portfolio_positions SET own_{name} = {name} WHERE NOT EXISTS ("
            "SELECT 1 FROM decisions d WHERE d.portfolio_id = portfolio_positions.portfolio_id "
            "AND d.symbol = portfolio_positions.symbol AND d.trade_id IS NOT NULL "
            f"AND d.{name} = portfolio_positions.{name})"
        )


def downgrade() -> None:
    op.drop_column("portfolio_positions", "own_target")
    op.drop_column("portfolio_positions", "own_stop_loss")
