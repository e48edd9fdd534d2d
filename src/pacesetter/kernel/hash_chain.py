"""A chain of hashes: each link takes in the one before it, so that none can be changed, removed or moved.

    hash(n) = SHA-256(sequence ␟ instant ␟ action ␟ who ␟ details ␟ hash(n − 1)),     hash(0) = 64 zeros

The fields are joined by U+001F, which none of them may contain (JSON escapes it). Whoever can write to
the database can make a whole new chain, so the newest hash is worth noting down elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

FIRST = "0" * 64
SEPARATOR = "\x1f"


def spell(data: Mapping[str, Any]) -> str:
    """The one spelling of plain JSON that a hash is taken of; ``ValueError`` for NaN or infinities,
    ``TypeError`` for what is no JSON."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link_hash(
    sequence: int, at: datetime, action: str, user_id: UUID | None, details: str, previous_hash: str
) -> str:
    """The hash (hex) of one link."""
    who = "" if user_id is None else user_id.hex
    fields = (str(sequence), at.astimezone(UTC).isoformat(), action, who, details, previous_hash)
    return sha256(SEPARATOR.join(fields).encode()).hexdigest()


def is_spelling_of(details: str, data: Any) -> bool:
    """Whether ``data``, as a database gave it back, is what ``details`` spells; a database may write a
    number in another way, but not another number."""
    try:
        return _same(json.loads(details), data)
    except ValueError:
        return False


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_same(value, two[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(_same(*pair) for pair in zip(one, two, strict=True))
    return bool(one == two)
