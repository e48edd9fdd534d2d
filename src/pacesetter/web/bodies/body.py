"""JSON bodies: what every answer carries, and how it becomes bytes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import orjson
from pydantic import BaseModel, Field

from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import EVERY_DAY, expected_session, next_expected_at, sessions_behind
from pacesetter.store.work.cycles import newest_published


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


async def freshness(
    ws: Workspace, as_of: date | None, source: str | None = None, *, calendar: str | None = None
) -> dict[str, Any]:
    """The fields of ``Body`` for figures of a session; ``source`` where it was read with them, ``calendar``
    where they go by another one than the exchange's: that of boxes has sources of its own."""
    if source is None:
        async with ws.db.read() as conn:
            cycle = await newest_published(conn, boxes=calendar == EVERY_DAY)
        source = None if cycle is None else cycle.data_source
    return freshness_by(ws, calendar or ws.settings.calendar, as_of, source)


def freshness_by(ws: Workspace, calendar: str, as_of: date | None, source: str | None) -> dict[str, Any]:
    """The same by the sessions of a calendar, such as the one on which every day counts; asks nobody."""
    now, delay = ws.now(), timedelta(minutes=ws.settings.final_delay_minutes)
    behind = sessions_behind(calendar, as_of, now, delay)
    return {
        "as_of": as_of,
        "expected_session": expected_session(calendar, now, delay),
        "fresh_until": next_expected_at(calendar, now, delay),
        "stale": behind != 0,
        "stale_sessions": behind,
        "simulated": ws.simulated,
        "source": source,
    }


def encode(value: Any) -> bytes:
    """JSON bytes; NaN becomes null."""
    return orjson.dumps(value, default=str)
