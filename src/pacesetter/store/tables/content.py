"""One row that changes with whatever can be read: what is kept of answers is kept under it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, SmallInteger, String, Table

from pacesetter.store.tables.base import BigInt, metadata

content_state = Table(
    "content_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", BigInt, nullable=False),
    Column("nonce", String(32), nullable=False),  # a restored backup counts on from an older version
    CheckConstraint("id = 1", name="one_row"),
)
