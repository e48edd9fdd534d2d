"""Names that are there."""

from __future__ import annotations

from datetime import timedelta

from tests.homes import SESSIONS

SECOND = timedelta(seconds=1)
REAL: dict[str, str] = {  # names that are there: others are refused before much has happened
    "board": "ai-tech",
    "symbol": "NVDA",
    "ticker": "NVDA",
    "name": "viewer",
    "day": str(SESSIONS[1]),
    "on": str(SESSIONS[1]),
    "from": str(SESSIONS[0]),
    "to": str(SESSIONS[-1]),
    "known_at": "2026-01-01T00:00:00Z",
    "fields": "symbol",
    "portfolio_id": "01980000-0000-7000-8000-000000000001",
}
NOBODY = "00000000-0000-4000-8000-000000000000"  # an id that is nothing's
