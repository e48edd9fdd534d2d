"""Values as plain JSON: what a hash is taken of, and what a JSON column keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def plain_json(value: Any) -> Any:
    """``value`` in dicts, lists, text, numbers, true, false and null: dates as ISO 8601, decimals and ids as
    text, sets sorted, dataclasses by field. ``TypeError`` for anything else."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain_json(one) for name, one in value.items()}
    if isinstance(value, Set):
        return sorted(plain_json(one) for one in value)
    if isinstance(value, Sequence):
        return [plain_json(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} is no plain value")
