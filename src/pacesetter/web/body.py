"""JSON bodies: what every answer carries, and how it becomes bytes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import orjson
from pydantic import BaseModel, Field

from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import expected_session, next_expected_at, sessions_behind
from pacesetter.store.cycles import newest_published


class Body(BaseModel):
    """How fresh an answer is: ``as_of`` is the session its figures belong to, ``expected_session``
    the newest one that could be there, ``fresh_until`` when that changes next."""

    as_of: date | None = Field(description="Session of the figures; null when nothing is ranked yet.")
    expected_session: date = Field(description="Newest session whose final prices can be expected.")
    fresh_until: datetime = Field(description="When the next session's prices will be expected (UTC).")
    stale: bool = Field(description="Whether a completed session is newer than as_of.")
    stale_sessions: int | None = Field(description="How many; null when nothing is ranked yet.")
    simulated: bool = Field(description="Whether the market is invented.")
    source: str | None = Field(description="Who gave the prices of the newest ranks; null before any.")


async def freshness(ws: Workspace, as_of: date | None, source: str | None = None) -> dict[str, Any]:
    """The fields of ``Body`` for figures of a session; ``source`` where it was read with them."""
    if source is None:
        async with ws.db.read() as conn:
            cycle = await newest_published(conn)
        source = None if cycle is None else cycle.data_source
    settings, now = ws.settings, ws.now()
    delay = timedelta(minutes=settings.final_delay_minutes)
    behind = sessions_behind(settings.calendar, as_of, now, delay)
    return {
        "as_of": as_of,
        "expected_session": expected_session(settings.calendar, now, delay),
        "fresh_until": next_expected_at(settings.calendar, now, delay),
        "stale": behind != 0,
        "stale_sessions": behind,
        "simulated": ws.simulated,
        "source": source,
    }


def encode(value: Any) -> bytes:
    """JSON bytes; NaN becomes null."""
    return orjson.dumps(value, default=str)
