"""Alembic's entry: always on a connection that the store has opened."""

from __future__ import annotations

from alembic import context

from pacesetter.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transaction_per_migration=False,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
