"""What a backfill did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass
class BackfillReport:
    """What a backfill did: sessions asked for and published, rows computed, versions of boards that
    were written, and what could not be ranked and why."""

    cycle_id: UUID | None
    boards: list[str]
    first: date
    last: date
    asked: int
    published: int = 0
    rows: int = 0
    changed: int = 0
    resumed_after: date | None = None
    problems: list[str] = field(default_factory=list)
    took_s: float = 0.0
