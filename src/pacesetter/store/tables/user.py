"""Who may do what: users, and what they show in place of a name: sessions, keys, login links.

No secret stands here: a password as argon2 keeps it, anything else as the SHA-256 (hex) of 32 random bytes.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, String, Table, text

from pacesetter.store.tables.base import Id, Instant, Json, created_at, metadata, updated_at

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),  # case-folded
    Column("role", String(8), nullable=False),
    Column("password_hash", String(255)),  # null: enters by a login link only
    Column("is_active", Boolean, nullable=False, server_default="1"),
    Column("last_login_at", Instant),
    created_at(),
    updated_at(),
    CheckConstraint("role IN ('owner','analyst','viewer')", name="role"),
    Index(None, "role", "is_active"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("started_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    created_at(),
    updated_at(),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("prefix", String(16), nullable=False),  # its first characters, to tell keys apart
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    created_at(),
    updated_at(),
    Index(
        "uq_api_keys_name_in_use",
        "user_id",
        "name",
        unique=True,
        sqlite_where=text("revoked_at IS NULL"),
        postgresql_where=text("revoked_at IS NULL"),
    ),
)

login_links = Table(
    "login_links",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id")),  # null: makes its bearer the first owner
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    created_at(),
    Index(None, "user_id"),
)
