"""As of which instant a night reads what is stored: nothing that was learnt after its evening gets in.

A night belongs to the morning after its session. Where it is worked through later, prices, fundamentals,
ranks, settings, held-back prices and the watchlist are read as they were then. There are two exceptions, and
the report names them. A session that was ranked only after its morning is read as it was when it was ranked
first. In a home whose first data came after that evening nothing was known: it is read as it is known now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import known_until
from pacesetter.store.boards.final_ranks import first_final
from pacesetter.store.database.revisions import newest_revision, revision_at
from pacesetter.store.tables.import_ import data_revisions

LATE = timedelta(minutes=15)  # after its morning: what has no past state may be another by then
ONLY_NOW = "sectors, names, portfolios, screens of your own and the causes of moves are those of now"


@dataclass(frozen=True)
class Moment:
    """``data_at``: of prices, fundamentals and ranks, ``revision`` being the newest of then; ``desk_at``: of
    settings, held-back prices and the watchlist. None: now. ``said``: what a reader has to know of it."""

    data_at: datetime | None = None
    revision: int | None = None
    desk_at: datetime | None = None
    said: str = ""


async def find_moment(conn: AsyncConnection, on: date, now: datetime) -> Moment:
    """As of when the night of ``on`` reads, where it is worked through ``now``."""
    morning = known_until(on)
    if now <= morning:
        return Moment()
    born = await conn.scalar(select(func.min(data_revisions.c.recorded_at)))
    if born is None or born > morning:
        return Moment(said=_say(now, "the data came later, and are as they are known now"))
    ranked = await first_final(conn, on)
    if ranked is None or ranked <= morning:
        at, said = morning, "prices, ranks, settings and the watchlist are those of its morning"
    else:
        at = ranked
        said = (
            f"prices and ranks are those of {ranked:%Y-%m-%d %H:%M} UTC, when it was first ranked; settings "
            "and the watchlist are those of its morning"
        )
    revision = await revision_at(conn, at)
    same = revision == await newest_revision(conn)
    return Moment(at, None if same else revision, morning, _say(now, said) if now > morning + LATE else "")


def _say(now: datetime, what: str) -> str:
    return f"worked through on {now:%Y-%m-%d}, later than its morning: {what}; {ONLY_NOW}"
