"""Identifiers: UUIDv7 (RFC 9562), made in Python, sortable by the time of making."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
