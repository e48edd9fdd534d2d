"""The first start: decide what data there is, open it, and rank it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pacesetter.jobs.boards.board_view import LeadersView
from pacesetter.jobs.boards.daily_cycle import run_cycle
from pacesetter.jobs.boards.view_leaders import view_leaders
from pacesetter.jobs.night.run_night import run_night
from pacesetter.jobs.runner.scheduler import due_tick
from pacesetter.jobs.workspace import Progress, Workspace, open_workspace, say_nothing, stored_kind
from pacesetter.kernel.clock import Clock, SystemClock
from pacesetter.kernel.errors import InputError, PacesetterError, ProviderError
from pacesetter.providers.base import FetchRequest
from pacesetter.settings import Settings, Source
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home, holds_data

PROBE_S = 8.0


@dataclass(frozen=True)
class Started:
    """What was opened: the settings with the source that was decided on, the kind of data, and
    the leaders (None: nothing is ranked yet)."""

    settings: Settings
    simulated: bool
    leaders: LeadersView | None


async def first_start(
    settings: Settings,
    *,
    echo: Callable[[str], None],
    clock: Clock | None = None,
    progress: Progress = say_nothing,
) -> Started:
    """Decide on the source, open the database of its kind, and bring it up to date once.

    ``auto`` takes real data where there is any, else Yahoo where it can be reached, else
    the simulated market; which of them is said aloud, never switched in silence.
    """
    clock = clock or SystemClock()
    kind = await look_at_kind(settings)
    source, why = await asyncio.to_thread(decide_source, settings, clock, kind)
    echo(why)
    decided = settings.model_copy(update={"source": source})
    simulated = {"simulated": True, "none": None}.get(source, False)
    async with open_workspace(decided, clock=clock, simulated=simulated) as ws:
        await bring_up_to_date(ws, echo, progress)
        leaders = await view_leaders(ws)
        return Started(decided, ws.simulated, leaders if leaders.as_of else None)


async def look_at_kind(settings: Settings) -> bool | None:
    """The kind of data that a database given by its address holds already (True: simulated)."""
    if not settings.database_url:
        return None
    db = Database(settings.database_url)
    try:
        return await stored_kind(db)
    finally:
        await db.close()


def decide_source(settings: Settings, clock: Clock, kind: bool | None = None) -> tuple[Source, str]:
    """The source to use, and the sentence that says so. ``kind``: what the database holds for life."""
    home = Home(settings.home.expanduser())
    if settings.source == "none":
        return "none", "source: none, as asked: nothing is fetched; symbols without stored prices wait"
    if settings.source != "auto":
        return settings.source, f"source: {settings.source}, as asked"
    if kind:
        return "simulated", "source: the SIMULATED market, which is what this database holds for life"
    if kind is False or (not settings.database_url and holds_data(home.real_db)):
        names = ", then ".join(settings.providers)
        return (
            "auto",
            f"source: the stored real prices, brought up to date by {names} where it can be reached",
        )
    if settings.providers != ["yahoo"]:
        return "auto", f"source: {', then '.join(settings.providers)}, as PACESETTER_PROVIDERS says"
    problem = probe_yahoo(settings, clock)
    if problem is None:
        return "auto", "source: Yahoo, which can be reached"
    return "simulated", f"source: the SIMULATED market, because Yahoo cannot be used here ({problem})"


def probe_yahoo(settings: Settings, clock: Clock) -> str | None:
    """None when Yahoo answers, else why not."""
    from pacesetter.providers.yahoo import Yahoo

    today = clock.now().date()
    try:
        provider = Yahoo(
            base_url=settings.yahoo_url,
            requests_per_minute=settings.yahoo_requests_per_minute,
            deadline_s=PROBE_S,
        )
        result = provider.fetch(FetchRequest(("SPY",), today - timedelta(days=10), today), clock)
    except ProviderError as error:
        return error.what
    if result.bars.is_empty():
        return result.failures[0].detail if result.failures else "it gave no bars"
    return None


async def bring_up_to_date(ws: Workspace, echo: Callable[[str], None], progress: Progress) -> None:
    """Run the tick that is due; on a database without a published date, rank what is stored."""
    kind, scheduled_for = due_tick(ws.settings, ws.now()) or ("manual", ws.now())
    async with ws.db.read() as conn:
        newest, published = await newest_price_date(conn), await newest_published_date(conn)
    if ws.settings.source == "none":
        if newest is None:
            echo("no prices are stored: `pacesetter import prices FILE`, then `pacesetter cycle`")
        return
    try:
        report = await run_cycle(ws, kind=kind, scheduled_for=scheduled_for, progress=progress)
    except InputError as error:
        echo(str(error))
        return
    for line in report.said:
        echo(line)
    if report.status == "published":
        echo(f"ranked {report.boards} boards for {report.metric_date} in {report.took_s:.1f} s")
        if published is None and ws.simulated:  # the scheduler makes it a past: first_history.py
            echo("next, while you look: ranks of the weeks before, and the desk's first morning reports")
        elif published is None and not report.provisional:
            await make_first_report(ws, echo)
    elif published is None:
        echo("another process is ranking; the pages show it when it is done")


async def make_first_report(ws: Workspace, echo: Callable[[str], None]) -> None:
    """Let the desk work over the session that was just ranked: a new home has something to read at once.
    Later nights wait for their morning. A start never fails for it."""
    try:
        report = await run_night(ws)
    except PacesetterError as error:
        echo(f"no morning report yet: {error}")
        return
    echo(f"wrote the first morning report, of {report.night.night_on}")
