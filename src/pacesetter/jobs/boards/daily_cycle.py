"""One cycle, from outside data to published ranks:

1. claim the tick: one row in ``cycles`` decides which process works on it
2. fetch new bars from the provider, when there is one to ask
3. judge them: accept, hold back or refuse
4. store them, with the revisions they make
5. value the factors on the cycle's date
6. rank every board, and again the earlier dates that a released bar touches
7. publish all boards in one transaction that also checks the claim's fence

Every step is safe to run again, so a process that takes a tick over simply goes on
from the stage that the row names. Readers see whole published cycles only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.fetch_bars import fetch_and_store
from pacesetter.jobs.boards.define_board import follow_rules
from pacesetter.jobs.boards.held_tick import LEASE_S, claim_tick, kept_lease, note_failure
from pacesetter.jobs.boards.rank_again import find_touched, rank_again
from pacesetter.jobs.boards.rank_dates import rank_dates
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import (
    BadDate,
    InputError,
    LeaseLost,
    PacesetterError,
)
from pacesetter.market.calendar import is_final, is_session, latest_session, latest_session_on
from pacesetter.providers.base import SymbolFailure
from pacesetter.ranking.publication import Publication
from pacesetter.settings import Source
from pacesetter.store.bars.bars import bar_sources, newest_price_date
from pacesetter.store.boards import rankings
from pacesetter.store.boards.rankings import PublishCounts
from pacesetter.store.work.cycles import Claim

SOURCE_LENGTH = 20  # as the column has it
STAGES = ("fetch", "factors", "publish", "done")


@dataclass(frozen=True)
class CycleReport:
    """What a cycle did. ``status``: published, or taken (another process has or had the tick).

    ``again``: earlier dates that were ranked again, because bars held back were released."""

    cycle_id: UUID | None
    metric_date: date
    status: str
    boards: int = 0
    rows: int = 0
    changed: int = 0
    provisional: bool = False
    source: str | None = None
    again: Sequence[date] = field(default_factory=tuple)
    failures: Sequence[SymbolFailure] = field(default_factory=tuple)
    said: Sequence[str] = field(default_factory=tuple)
    took_s: float = 0.0


async def run_cycle(
    ws: Workspace,
    *,
    on: date | None = None,
    kind: str = "manual",
    scheduled_for: datetime | None = None,
    source: Source | None = None,
    progress: Progress = say_nothing,
    lease_s: float = LEASE_S,
) -> CycleReport:
    """Do one tick's work, or find that it is done or being done.

    ``on``: the session to rank (default: the latest one opened). ``scheduled_for``
    names the tick; a manual cycle without one is a tick of its own.
    """
    started = perf_counter()
    metric_date = choose_date(ws, on)
    claim = await claim_tick(ws, kind, scheduled_for or ws.now(), metric_date, lease_s)
    if claim is None:
        return CycleReport(None, metric_date, "taken", took_s=perf_counter() - started)
    try:
        async with kept_lease(ws, claim):
            return await work_through(ws, claim, metric_date, source, progress, started)
    except LeaseLost:
        raise
    except PacesetterError as error:
        await note_failure(ws, claim, error)
        raise


def choose_date(ws: Workspace, on: date | None, calendar: str | None = None) -> date:
    """The session to rank (of the exchange's calendar, or another); ``BadDate`` for a day without one
    or in the future."""
    mic = calendar or ws.settings.calendar
    latest = latest_session(mic, ws.now())
    if on is None:
        return latest
    if on > latest:
        raise BadDate(f"{on} has not opened yet", where=mic, mend=f"the latest session is {latest}")
    if not is_session(mic, on):
        before = latest_session_on(mic, on)
        raise BadDate(f"{on} is no trading day", where=mic, mend=f"the session before it is {before}")
    return on


async def work_through(
    ws: Workspace,
    claim: Claim,
    metric_date: date,
    source: Source | None,
    progress: Progress,
    started: float,
) -> CycleReport:
    """Steps 2 to 7."""
    progress("fetch", 0, len(STAGES))
    fetched = await fetch_and_store(ws, claim, metric_date, source)
    progress("factors", 1, len(STAGES))
    async with ws.db.read() as conn:
        newest = await newest_price_date(conn)
    if newest is None:
        raise InputError("no prices are stored", mend="`pacesetter import prices FILE`, or `pacesetter up`")
    said = [*fetched.said]
    if metric_date == latest_session(ws.settings.calendar, ws.now()):
        said += await follow_rules(ws, metric_date)
    delay = timedelta(minutes=ws.settings.final_delay_minutes)
    provisional = not is_final(ws.settings.calendar, metric_date, ws.now(), delay)
    touched = await find_touched(ws, besides=metric_date)
    await rank_again(ws, claim, touched, progress)
    publication = await rank_dates(ws, [metric_date])
    if all_too_old(publication):
        raise InputError(
            f"nobody can be ranked on {metric_date}: the newest prices are of {newest}",
            mend="import newer ones (`pacesetter import prices FILE`), or name a source that fetches them",
        )
    progress("publish", 2, len(STAGES))
    counts = await publish_ranks(ws, claim, publication, provisional=provisional)
    progress("done", len(STAGES), len(STAGES))
    return CycleReport(
        cycle_id=claim.cycle_id,
        metric_date=metric_date,
        status="published",
        boards=publication.results["domain_id"].n_unique(),
        rows=counts.rows,
        changed=counts.changed,
        provisional=provisional,
        source=fetched.source,
        again=touched,
        failures=fetched.failures,
        said=said,
        took_s=perf_counter() - started,
    )


def all_too_old(publication: Publication) -> bool:
    """Whether prices are too old to rank anybody: the last good ranks say more, with their age."""
    reasons = set(publication.results["unranked_reason"].to_list())  # None: somebody is ranked
    return "no_recent_bar" in reasons and reasons <= {"no_recent_bar", "no_bars"}


async def publish_ranks(
    ws: Workspace, claim: Claim, publication: Publication, *, provisional: bool
) -> PublishCounts:
    """All boards in one transaction, which also checks the fence and closes the tick."""
    async with ws.db.write() as conn:
        return await rankings.publish(
            conn,
            claim,
            publication,
            at=ws.now(),
            provisional=provisional,
            source=await name_sources(conn, claim.metric_date),
        )


async def name_sources(conn: AsyncConnection, on: date) -> str | None:
    """Who gave the prices of a session, as the cycle's row has room for it."""
    return ",".join(await bar_sources(conn, on))[:SOURCE_LENGTH] or None
