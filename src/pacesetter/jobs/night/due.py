"""Which nights the desk has not worked through yet, and whether it is time."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import known_until
from pacesetter.jobs.night.run_night import NightReport, run_night
from pacesetter.jobs.report.send_report import send_report
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter
from pacesetter.market.calendar import is_session
from pacesetter.store.boards.final_ranks import final_dates
from pacesetter.store.desk.desk_reports import newest_versions
from pacesetter.store.desk.nights import newest_night

MOST_MISSED = 30  # nights that are caught up, in days
SENT_WITHIN = timedelta(hours=3)  # of seven o'clock: later it is no morning report
FIRST_DAYS = 7  # how far back the first night of a home is looked for


async def due_nights(ws: Workspace) -> list[date]:
    """The sessions whose night is to be worked through now, oldest first: published with final ranks,
    their morning has come, and none of them was done. The very first time only the newest."""
    today = ws.now().date()
    async with ws.db.read() as conn:
        newest = await newest_night(conn)
        first = today - timedelta(days=MOST_MISSED if newest else FIRST_DAYS)
        dates = await sessions_with_ranks(ws, conn, first)
    ready = [on for on in dates if known_until(on) <= ws.now()]
    if newest is None:
        return ready[-1:]
    return [on for on in ready if on > newest.night_on]


async def sessions_with_ranks(ws: Workspace, conn: AsyncConnection, first: date) -> list[date]:
    """The sessions from ``first`` on that a night can be worked over. A date of boards that were taken away
    since, or of another calendar, is none: it would hold up every night after it."""
    return [on for on in await final_dates(conn, first) if is_session(ws.settings.calendar, on)]


async def run_due_nights(ws: Workspace) -> list[NightReport]:
    """Work through every night that is due, in their order, and send the newest report."""
    done = [await run_night(ws, on) for on in await due_nights(ws)]
    await send_newest(ws)
    return done


async def send_newest(ws: Workspace) -> None:
    """Send the newest report on its morning, if nobody has: also one that was made the evening before, and
    one that nobody took when it was sent, for ``SENT_WITHIN``."""
    if not ws.settings.notify_urls:
        return
    async with ws.db.read() as conn:
        newest = await newest_versions(conn, limit=1)
    for row in newest:
        morning = known_until(row.date)
        if row.sent_at is None and morning <= ws.now() < morning + SENT_WITHIN:
            await send_report(ws, row)


async def nights_between(
    ws: Workspace, on: date | None, first: date | None, last: date | None
) -> list[date | None]:
    """The sessions that were asked for: ``on``, or the published ones of a span; [None], the newest, where
    nothing is said. ``BadParameter`` for a day and a span, ``BadDate`` for a span without any."""
    if on is not None or (first is None and last is None):
        if first is not None or last is not None:
            raise BadParameter(
                "a day and a span exclude each other", where="on", mend="give on, or from and to"
            )
        return [on]
    if first is not None and last is not None and first > last:
        raise BadDate(
            f"the span begins on {first} and ends on {last}, before it",
            where="from, to",
            mend="turn them round",
        )
    async with ws.db.read() as conn:
        dates = await sessions_with_ranks(ws, conn, first or date.min)
    chosen: list[date | None] = [day for day in dates if last is None or day <= last]
    if not chosen:
        raise BadDate(
            f"no session from {first or 'the beginning'} to {last or 'today'} is ranked",
            where="from, to",
            mend="rank them first: `pacesetter backfill ranks --from … --to …`",
        )
    return chosen
