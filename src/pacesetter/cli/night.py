"""``pacesetter night``: the desk's work over a finished session, by hand."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.options import date_option, options_of
from pacesetter.cli.output import Column, Table, say, show, warn_simulated
from pacesetter.cli.progress import watch

if TYPE_CHECKING:
    from pacesetter.jobs.night.run_night import NightReport

app = typer.Typer(add_completion=False, rich_markup_mode=None)
COUNTS = ("signals", "converged", "waiting", "opinions", "decisions", "fired")


@app.command()
def night(
    ctx: typer.Context,
    on: Annotated[
        date | None,
        typer.Option("--on", parser=date_option("--on"), metavar="DATE", help="The night of this session."),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=date_option("--from"), metavar="DATE", help="First session of a span."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=date_option("--to"), metavar="DATE", help="Last session of a span."),
    ] = None,
) -> None:
    """Let the desk work over a finished session: signals, queue, opinions, decisions, report.

    Without a date it is the newest ranked session. A span is worked through session by
    session, as it would have been: each night knows what was known on its evening. A night
    is done once; the server does it by itself at 07:00 London time on weekdays.
    """
    from pacesetter.jobs.night.due import nights_between
    from pacesetter.jobs.night.run_night import run_night
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)

    async def work() -> tuple[list[NightReport], bool]:
        with watch(options, "night") as progress:
            async with open_workspace(options.settings()) as ws:
                dates = await nights_between(ws, on, first, last)
                done = [await run_night(ws, day, progress=progress) for day in dates]
                return done, ws.simulated

    reports, simulated = asyncio.run(work())
    warn_simulated(options, simulated)
    rows = [
        {
            "session": one.night.night_on,
            "status": one.status,
            "regime": one.night.regime,
            **{name: one.night.counts[name] for name in COUNTS},
            "fingerprint": one.night.fingerprint,
            "as_of": one.said,
        }
        for one in reports
    ]
    columns = [Column("session"), Column("status"), Column("regime")]
    columns += [Column(name, right=True) for name in COUNTS]
    table = Table(
        "",
        [*columns, Column("fingerprint", only="csv"), Column("as_of", only="csv")],
        [list(row.values()) for row in rows],
    )
    show(options, rows, table)
    for said in dict.fromkeys(one.said for one in reports if one.said):
        say(options, said)
    if not (options.json or options.csv):
        say(options, "`pacesetter report morning` reads it out; `pacesetter decisions` asks for answers")
