"""The past of a new simulated home: ranks of some months, and the nights of the last two weeks.

One session alone shows nothing of what ranks and the desk are for: no rank has moved, and nothing has come
together. A home of real data begins with its newest session; what is before it is for its owner to ask for.
"""

from __future__ import annotations

from datetime import date, timedelta

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.night.run_night import NightReport, run_night
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import is_final, latest_session, sessions_before
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.desk.nights import newest_night, nights

RANKED = 60  # sessions whose ranks are published
NIGHTS = 10  # the last of them, which the desk works through


async def make_first_history(ws: Workspace) -> list[NightReport]:
    """Rank the last finished sessions and let the desk work through the newest of them, in order; nothing
    where data are real, nothing is ranked yet, or the desk has worked through as many nights before.

    Stopped, the next look goes on behind the last night.
    """
    async with ws.db.read() as conn:
        if not ws.simulated or await newest_published_date(conn) is None:
            return []
        if await nights.count(conn) >= NIGHTS:
            return []
        newest = await newest_night(conn)
    ended = ended_sessions(ws)
    todo = [on for on in ended[-NIGHTS:] if newest is None or on > newest.night_on]
    if newest is None:
        await backfill_ranks(ws, first=ended[0], last=ended[-1])
    return [await run_night(ws, on) for on in todo]


def ended_sessions(ws: Workspace) -> list[date]:
    """The last sessions whose prices are final, oldest first."""
    mic, delay = ws.settings.calendar, timedelta(minutes=ws.settings.final_delay_minutes)
    last = sessions_before(mic, latest_session(mic, ws.now()), RANKED + 1)
    return [on for on in last if is_final(mic, on, ws.now(), delay)][-RANKED:]
