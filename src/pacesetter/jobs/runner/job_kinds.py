"""What each kind of job does, and the sentence it ends with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
from pacesetter.jobs.backfill.backfill_report import BackfillReport
from pacesetter.jobs.boards.daily_cycle import CycleReport, run_cycle
from pacesetter.jobs.boards.measure_confidence import try_measuring
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios, try_refreshing
from pacesetter.jobs.symbols.symbol_batch import BatchReport, run_batch
from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.kernel.errors import InputError, PacesetterError, in_short, may_be_told
from pacesetter.store.work.cycles import find_tick
from pacesetter.store.work.job_runs import Taken

TICK = "job"  # the kind of a cycle that a job does; its tick is the instant the job was asked for
LOOK_S = 1.0  # how often a tick that another process still holds is tried

log = logging.getLogger("pacesetter.jobs")

Work = Callable[[Workspace, Taken, Progress], Awaitable[str]]


async def do_cycle(ws: Workspace, job: Taken, progress: Progress) -> str:
    """Fetch what is missing, rank a session and publish it; once, however often the job is taken up."""
    on = date.fromisoformat(job.parameters["on"])
    while True:
        if await is_published(ws, job.asked_at, on):
            return f"{on} was published{tail(await measure(ws, job, progress))}"
        report = await run_cycle(ws, on=on, kind=TICK, scheduled_for=job.asked_at, progress=progress)
        if report.status == "published":
            return tell_cycle(report, await measure(ws, job, progress)) + await value_portfolios(ws, job)
        progress("fetch", 0, 1)  # whoever held it is gone, and its lease runs out
        await asyncio.sleep(LOOK_S)


async def is_published(ws: Workspace, tick: datetime, on: date) -> bool:
    """Whether a job's tick is done; ``InputError`` where that tick is the work of another session."""
    async with ws.db.read() as conn:
        row = await find_tick(conn, TICK, ws.settings.calendar, tick)
    if row is not None and row.metric_date != on:
        raise InputError(
            f"the tick of this job belongs to {row.metric_date}", where=str(on), mend="ask for it again"
        )
    return row is not None and row.status == "published"


async def measure(ws: Workspace, job: Taken, progress: Progress) -> str | None:
    """Measure how firm the ranks are, or say why not, as far as everyone may read it."""

    def tell(error: PacesetterError) -> str:
        log.warning("job %s: confidence not measured: %s", job.id, error)
        return str(error) if may_be_told(error) else in_short(error)

    return await try_measuring(ws, progress, tell=tell)


async def do_backfill(ws: Workspace, job: Taken, progress: Progress) -> str:
    """Rank past sessions and publish them; a backfill that was stopped goes on where it was."""
    given: dict[str, Any] = job.parameters
    first, last = (date.fromisoformat(given[name]) if name in given else None for name in ("from", "to"))
    report = await backfill_ranks(
        ws, boards=given.get("boards", ()), first=first, last=last, progress=progress
    )
    return tell_backfill(report, await measure(ws, job, progress))


async def do_batch(ws: Workspace, job: Taken, progress: Progress) -> str:
    """Measure every symbol's exposures and figures; a batch that was cut off goes on with its phase."""
    on = date.fromisoformat(job.parameters["on"]) if "on" in job.parameters else None
    while True:
        report = await run_batch(ws, on=on, progress=progress)
        if report.status != "taken":
            return tell_batch(report) + await value_portfolios(ws, job)
        progress("prices", 0, 1)  # another process works on it, or is gone, and its lease runs out
        await asyncio.sleep(LOOK_S)


async def do_portfolios(ws: Workspace, job: Taken, progress: Progress) -> str:
    """Value every portfolio whose trades, prices, rates or exposures have changed."""
    report = await refresh_portfolios(ws, progress=progress)
    said = f"valued {report.refreshed} of {report.asked} portfolios, {report.unchanged} were up to date"
    said += f"; {report.partial} of them without all holdings" if report.partial else ""
    return said + (f"; {len(report.failed)} could not be valued" if report.failed else "")


async def do_night(ws: Workspace, job: Taken, progress: Progress) -> str:
    """Let the desk work over a session, once."""
    on = date.fromisoformat(job.parameters["on"]) if "on" in job.parameters else None
    report = await run_night(ws, on, progress=progress)
    counts = report.night.counts
    if report.status == "known":
        return f"the night of {report.night.night_on} was worked through before"
    return (
        f"worked through the night of {report.night.night_on}: {counts['signals']} signals, "
        f"{counts['waiting']} symbols in the queue, {counts['opinions']} opinions, "
        f"{counts['decisions']} decisions, {counts['fired']} watches fired"
    )


async def value_portfolios(ws: Workspace, job: Taken) -> str:
    """Let the portfolios follow new prices or exposures, or say why not, as far as everyone may read it."""

    def tell(error: PacesetterError) -> str:
        log.warning("job %s: portfolios not valued: %s", job.id, error)
        return str(error) if may_be_told(error) else in_short(error)

    why_not = await try_refreshing(ws, tell=tell)
    return f"; portfolios not valued: {why_not}" if why_not else ""


WORK: dict[str, Work] = {
    "cycle": do_cycle,
    "backfill": do_backfill,
    "batch": do_batch,
    "portfolios": do_portfolios,
    "night": do_night,
}


def tail(why_not: str | None) -> str:
    """What is said where the intervals of ranks are missing."""
    return f"; confidence not measured: {why_not}" if why_not else ""


def tell_cycle(report: CycleReport, why_not: str | None) -> str:
    """A cycle in a sentence."""
    parts = [f"ranked {report.boards} boards for {report.metric_date}, {report.changed} have a new version"]
    parts += ["provisional: the session's prices are not final yet"] if report.provisional else []
    parts += [f"{len(report.again)} earlier sessions ranked again"] if report.again else []
    parts += [f"{len(report.failures)} symbols not fetched"] if report.failures else []
    return "; ".join([*parts, *report.said]) + tail(why_not)


def tell_batch(report: BatchReport) -> str:
    """A batch in a sentence."""
    done = [one for one in report.phases if one.state == "done"]
    days = sorted({one.on for one in report.phases if not done or one.on not in report.not_measured})
    span = f"{days[0]}" if len(days) == 1 else f"{len(days)} sessions, {days[0]} to {days[-1]}"
    before = "nothing was measured" if report.not_measured else f"{span} was measured before"
    said = f"measured {span}: {sum(one.rows for one in done)} rows" if done else before
    left = sorted({symbol for one in done for symbols in one.problems.values() for symbol in symbols})
    parts = [said, *([f"{len(left)} symbols lack something"] if left else [])]
    return "; ".join([*parts, *report.said])


def tell_backfill(report: BackfillReport, why_not: str | None) -> str:
    """A backfill in a sentence."""
    span = f"{report.first} to {report.last}"
    said = f"published {report.published} of {report.asked} sessions, {span}: {report.changed} new versions"
    after = f"; went on behind {report.resumed_after}" if report.resumed_after else ""
    return "; ".join([said + after, *report.problems]) + tail(why_not)
