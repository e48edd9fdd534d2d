"""Ranking methods and factors, every version of them kept."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from pacesetter.store.tables.base import Id, Json, created_at, metadata

methods = Table(
    "methods",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    created_at(),
)

method_versions = Table(
    "method_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("method_id", ForeignKey("methods.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("definition", Json, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the canonical definition
    created_at(),
    UniqueConstraint("method_id", "version"),
    UniqueConstraint("method_id", "sha256"),
)

factor_versions = Table(
    "factor_versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("parameters", String(300), nullable=False, server_default=""),
    created_at(),
    UniqueConstraint("name", "version", "parameters"),
    Index(None, "name"),
)
