"""Convergence: what signals come to, by symbol and session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pacesetter.store.database.records import Records
from pacesetter.store.tables.signal import convergences as convergences_table


@dataclass(frozen=True, kw_only=True)
class ConvergenceRow:
    """What a symbol's signals came to on a session."""

    symbol: str
    converged_on: date
    score: float
    band: str
    n_signals: int
    n_kinds: int
    breakdown: Any
    created_at: datetime | None = None


convergences = Records(convergences_table, ConvergenceRow, "convergence")
