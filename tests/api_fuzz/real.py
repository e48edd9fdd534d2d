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
    "decision_id": "01980000-0000-7000-8000-000000000002",
    "watch_id": "01980000-0000-7000-8000-000000000003",
}
OTHERWISE = {  # where a name is of something else
    "/api/v1/agents/{name}": {"name": "value"},
    "/api/v1/agents/presets/{name}": {"name": "cautious"},
}
NOBODY = "00000000-0000-4000-8000-000000000000"  # an id that is nothing's


def real_names(path: str) -> dict[str, str]:
    """Values that are there, by the name of a parameter of a path."""
    return {**REAL, **OTHERWISE.get(path, {})}
