"""Rows with fields inside fields, as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def flatten(row: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """A row without nesting: what lies inside a field is named with a dot (``factors.momentum.raw``)."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{above}{name}.")
        else:
            flat[above + name] = value
    return flat
