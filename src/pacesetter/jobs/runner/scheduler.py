"""The scheduler only proposes ticks; the row in ``cycles`` decides who works on one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from pacesetter.jobs.boards.daily_cycle import CycleReport, run_cycle
from pacesetter.jobs.boards.measure_confidence import try_measuring
from pacesetter.jobs.inbox.report import InboxReport
from pacesetter.jobs.inbox.watch_inbox import holds_files, watch_inbox
from pacesetter.jobs.night.due import run_due_nights
from pacesetter.jobs.night.run_night import NightReport
from pacesetter.jobs.portfolios.refresh_portfolios import try_refreshing
from pacesetter.jobs.runner.first_history import make_first_history
from pacesetter.jobs.symbols.batch_dates import due_session
from pacesetter.jobs.symbols.symbol_batch import BatchReport, run_batch
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.market.calendar import final_at, is_session, latest_session, load_calendar
from pacesetter.settings import Settings
from pacesetter.store.work.batch_phases import newest_done, phases_on

AGAIN = timedelta(minutes=15)  # until a batch is tried again for whose session nobody had a price

log = structlog.get_logger()


def tick_at(at: datetime, interval: timedelta) -> datetime:
    """The newest multiple of ``interval`` since 1970 that is not after ``at``: the same in every process."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return at - (at - epoch) % interval


def due_tick(settings: Settings, at: datetime) -> tuple[str, datetime] | None:
    """The tick to propose at an instant: ("intraday" or "daily", its time), or None.

    During a session every ``fetch_interval_minutes``; after its close one daily tick,
    at the time when its bars are final. Nothing on other days.
    """
    mic, delay = settings.calendar, timedelta(minutes=settings.final_delay_minutes)
    session = latest_session(mic, at)
    final = final_at(mic, session, delay)
    if at >= final:
        return "daily", final
    if not is_session(mic, at.date()):
        return None
    tick = tick_at(at, timedelta(minutes=settings.fetch_interval_minutes))
    opened: datetime = load_calendar(mic).session_open(session.isoformat()).to_pydatetime()
    return ("intraday", tick) if tick >= opened else None


async def propose_tick(settings: Settings, *, simulated: bool, clock: Clock) -> CycleReport | None:
    """Propose the tick that is due; None when there is none. An error is logged, not raised."""
    due = due_tick(settings, clock.now())
    if due is None:
        return None
    kind, scheduled_for = due
    try:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            report = await run_cycle(ws, kind=kind, scheduled_for=scheduled_for)
            log.info("cycle", status=report.status, kind=kind, on=str(report.metric_date), rows=report.rows)
            why_not = await try_measuring(ws)
            not_valued = await try_refreshing(ws)
    except PacesetterError as error:
        log.error("cycle failed", kind=kind, scheduled_for=scheduled_for.isoformat(), cause=str(error))
        return None
    if why_not:
        log.error("confidence not measured", cause=why_not)
    if not_valued:
        log.error("portfolios not valued", cause=not_valued)
    return report


async def propose_batch(settings: Settings, *, simulated: bool, clock: Clock) -> BatchReport | None:
    """Propose the batch that is due; None when there is none. An error is logged, not raised.

    Each phase of it has one row that decides which process works on it. On the evening of its session
    a batch is done again where prices came late; after the next session's opening only if it was missed.
    """
    due = due_session(settings, clock.now())
    if due is None:
        return None
    try:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            async with ws.db.read() as conn:
                done, prices = await newest_done(conn), (await phases_on(conn, due)).get("prices")
            if done is not None and done >= due != latest_session(settings.calendar, clock.now()):
                return None
            if prices is not None and prices.state == "failed" and clock.now() - prices.ended_at < AGAIN:
                return None
            report = await run_batch(ws, until=due)
            not_valued = await try_refreshing(ws)  # reads little where nothing has changed
    except PacesetterError as error:
        log.error("batch failed", on=str(due), cause=str(error))
        return None
    if not_valued:
        log.error("portfolios not valued", cause=not_valued)
    for on, why_not in report.not_measured.items():
        log.error("session not measured", on=str(on), cause=why_not)
    if any(one.state == "done" for one in report.phases):
        log.info("batch", on=str(report.metric_date), rows=sum(one.rows for one in report.phases))
    return report


async def propose_night(settings: Settings, *, simulated: bool, clock: Clock) -> list[NightReport]:
    """Work through the nights that are due: from 07:00 London time on weekdays. An error is logged, not
    raised: the next look tries again. The night's own row decides which process's work counts."""
    done: list[NightReport] = []
    try:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            done = await run_due_nights(ws)
    except PacesetterError as error:
        log.error("night failed", cause=str(error))
    for one in done:
        log.info("night", on=str(one.night.night_on), status=one.status, **one.night.counts)
    return done


async def propose_history(settings: Settings, *, simulated: bool, clock: Clock) -> list[NightReport]:
    """Give a new simulated home its past. An error is logged, not raised: the next look tries again."""
    if not simulated:
        return []
    try:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            done = await make_first_history(ws)
    except PacesetterError as error:
        log.error("no first history", cause=str(error))
        return []
    for one in done:
        log.info("night", on=str(one.night.night_on), status=one.status, **one.night.counts)
    return done


async def propose_look(settings: Settings, *, simulated: bool, clock: Clock) -> InboxReport | None:
    """Look into the inbox; None where nothing lies there. An error is logged, not raised."""
    if simulated or not holds_files(settings):
        return None
    try:
        async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
            report = await watch_inbox(ws)
    except PacesetterError as error:
        log.error("inbox not looked at", cause=str(error))
        return None
    for one in report.files:
        log.info("inbox", file=f"{one.folder}/{one.name}", status=one.status, summary=one.summary)
    return report


def run_scheduler(settings: Settings, simulated: bool) -> None:
    """Propose ticks until the process is ended (blocking)."""
    from apscheduler.schedulers.blocking import BlockingScheduler

    clock = SystemClock()

    def tick() -> None:
        asyncio.run(propose_tick(settings, simulated=simulated, clock=clock))
        asyncio.run(propose_history(settings, simulated=simulated, clock=clock))
        asyncio.run(propose_batch(settings, simulated=simulated, clock=clock))
        asyncio.run(propose_night(settings, simulated=simulated, clock=clock))

    def look() -> None:
        asyncio.run(propose_look(settings, simulated=simulated, clock=clock))

    scheduler = BlockingScheduler(timezone=UTC)
    every = min(settings.fetch_interval_minutes, 5)  # looks often, so that a daily tick is not late
    scheduler.add_job(
        tick, "interval", minutes=every, next_run_time=datetime.now(UTC), coalesce=True, max_instances=1
    )
    scheduler.add_job(look, "interval", minutes=1, coalesce=True, max_instances=1)
    scheduler.start()
