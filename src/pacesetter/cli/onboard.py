"""``pacesetter onboard``: bring symbols in, work on the queue, or list it."""

from __future__ import annotations

import asyncio
import getpass
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, moment, say, show, warn_simulated
from pacesetter.cli.progress import Report, watch
from pacesetter.cli.source import SourceName
from pacesetter.kernel.errors import BadParameter, InputError

if TYPE_CHECKING:
    from pacesetter.jobs.symbols.ask_symbols import Onboarding, Priority
    from pacesetter.jobs.workspace import Workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)

PRIORITIES = ("high", "normal", "low")
STATUSES = ("pending", "processing", "completed", "failed")
LISTED = 1000
LOOK_EVERY_S = 0.5


@app.command()
def onboard(
    ctx: typer.Context,
    symbols: Annotated[
        list[str] | None, typer.Argument(metavar="SYMBOL", help="Such as NVDA or VOD.L; several.")
    ] = None,
    priority: Annotated[
        str, typer.Option("--priority", help=f"Of the symbols asked for: {', '.join(PRIORITIES)}.")
    ] = "normal",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Work on them until they are done, or only queue them.")
    ] = True,
    work: Annotated[
        bool, typer.Option("--work", help="Work on the whole queue, until stopped by Ctrl-C or SIGTERM.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the queue, the newest first.")] = False,
    status: Annotated[
        str | None, typer.Option("--status", help=f"With --list, only these: {', '.join(STATUSES)}.")
    ] = None,
    source: Annotated[
        SourceName | None, typer.Option("--source", help="Where to fetch prices from; none: what is stored.")
    ] = None,
) -> None:
    """Bring symbols in: prices, exposures and figures; or work on the queue of them, or list it.

    A symbol that is on its way already is joined, not asked for twice. Several processes may work on the
    queue at once, a running server among them.
    """
    options = options_of(ctx)
    check_choice("--priority", priority, PRIORITIES)
    if status is not None:
        check_choice("--status", status, STATUSES)
    if bool(symbols) + work + listed != 1:
        raise InputError("one of SYMBOL, --work and --list has to be given", mend="`pacesetter onboard NVDA`")
    if status is not None and not listed:
        raise InputError("--status goes with --list", mend="`pacesetter onboard --list --status failed`")
    if listed:
        tell(options, *asyncio.run(look(options, status)))
    elif work:
        work_on(options, source)
    else:
        jobs, simulated = asyncio.run(bring_in(options, symbols or [], priority, wait, source))
        tell(options, jobs, simulated)
        if any(job.status == "failed" or (wait and job.waits) for job in jobs):
            raise typer.Exit(FINDINGS)


def check_choice(flag: str, given: str, known: tuple[str, ...]) -> None:
    """``BadParameter`` for a word that is none of them."""
    if given not in known:
        raise BadParameter(f"{given!r} is none of them", where=flag, mend=f"choose {', '.join(known)}")


async def look(options: Options, status: Any) -> tuple[list[Onboarding], bool]:
    """The newest jobs of the queue."""
    from pacesetter.jobs.symbols.ask_symbols import look_through
    from pacesetter.jobs.workspace import open_workspace

    async with open_workspace(options.settings()) as ws:
        jobs, _ = await look_through(ws, status=status, limit=LISTED)
        return jobs, ws.simulated


async def bring_in(
    options: Options, symbols: list[str], priority: Any, wait: bool, source: str | None
) -> tuple[list[Onboarding], bool]:
    """Ask for symbols, and see each to its end: those that nobody else works on are worked on here."""
    from pacesetter.jobs.runner.onboarding_worker import work_queue
    from pacesetter.jobs.symbols.ask_symbols import ask_symbols, look_at
    from pacesetter.jobs.workspace import open_workspace

    wanted: Priority = priority
    settings = options.settings(source=source)
    async with open_workspace(settings) as ws:
        jobs = await ask_symbols(ws, symbols, by=getpass.getuser(), priority=wanted)
        joined = [job.symbol for job in jobs if job.joined]
        if joined:
            say(options, f"on its way already: {', '.join(joined)[:120]}")
        if not wait:
            say(options, "queued: a running server or `pacesetter onboard --work` works on it")
            return jobs, ws.simulated
        ids = [job.id for job in jobs]
        with watch(options, "onboard") as report:
            telling = asyncio.create_task(keep_telling(ws, ids, report))
            try:
                at_once = max(1, settings.onboarding_at_once)
                await work_queue(ws, asyncio.Event(), only=ids, at_once=at_once)
            finally:
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling
        found = {job.id: job for job in await look_at(ws, ids)}
        return [found[job_id] for job_id in ids], ws.simulated


async def keep_telling(ws: Workspace, ids: list[UUID], report: Report) -> None:
    """Say how many are done, and what the first one that is worked on is at."""
    from pacesetter.jobs.symbols.ask_symbols import look_at

    while True:
        jobs = await look_at(ws, ids)
        ended = sum(job.status in ("completed", "failed") for job in jobs)
        at_work = next((f"{job.symbol}, {job.stage}" for job in jobs if job.status == "processing"), "")
        again = next((f"{job.symbol}, again soon: {job.error}" for job in jobs if job.error), "")
        if ended < len(jobs):
            report(at_work or again or "waiting", ended, len(jobs))
        await asyncio.sleep(LOOK_EVERY_S)


def work_on(options: Options, source: str | None) -> None:
    """Work on the queue until told to stop; what it is in the middle of goes back into the queue."""
    from pacesetter.jobs.runner.onboarding_worker import Worked, work_queue
    from pacesetter.jobs.workspace import open_workspace

    settings = options.settings(source=source)

    async def work() -> tuple[Worked, bool]:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        async with open_workspace(settings) as ws:
            say(options, "working on the queue of symbols (Ctrl-C stops it)")
            return await work_queue(ws, stop, at_once=max(1, settings.onboarding_at_once)), ws.simulated

    worked, simulated = asyncio.run(work())
    warn_simulated(options, simulated)
    columns = [Column(name.replace("_", " "), right=True) for name in vars(worked)]
    show(options, {**vars(worked), "simulated": simulated}, Table("", columns, [list(vars(worked).values())]))


def tell(options: Options, jobs: list[Onboarding], simulated: bool) -> None:
    """One row a symbol."""
    warn_simulated(options, simulated)
    columns = [
        Column("symbol"),
        Column("status"),
        Column("stage"),
        Column("priority"),
        Column("asked for", moment, wide_only=True),
        Column("by", wide_only=True),
        Column("tries", right=True),
        Column("seconds left", right=True, if_any=True),
        Column("cause", if_any=True),
        Column("why", if_any=True),
        Column("to mend it", if_any=True),
    ]
    rows = [
        [
            job.symbol,
            job.status,
            job.stage,
            job.priority,
            job.requested_at,
            ", ".join(job.requested_by),
            job.attempts,
            job.eta_s,
            job.cause,
            job.error,
            job.mend,
        ]
        for job in jobs
    ]
    body = {"simulated": simulated, "rows": [plain(job) for job in jobs]}
    show(options, body, Table("", columns, rows, "" if rows else "none"))


def plain(job: Onboarding) -> dict[str, Any]:
    """A job for JSON."""
    return {**vars(job), "stages": [vars(stage) for stage in job.stages]}
