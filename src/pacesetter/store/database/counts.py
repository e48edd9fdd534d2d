"""How many rows a set-based write inserted, changed and found unchanged."""

from __future__ import annotations

from typing import NamedTuple


class Counts(NamedTuple):
    """``conflicts``: of the unchanged ones, those that a person's repair was kept against."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
