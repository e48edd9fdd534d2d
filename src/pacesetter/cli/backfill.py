"""``pacesetter backfill``: ranks of past dates."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.options import date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, warn_simulated
from pacesetter.cli.progress import watch

if TYPE_CHECKING:
    from pacesetter.jobs.backfill.backfill_report import BackfillReport

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Rank past dates, or all history.")


@app.callback()
def backfill() -> None:
    """Rank past dates, or all history."""


@app.command()
def ranks(
    ctx: typer.Context,
    board: Annotated[str | None, typer.Option("--board", help="Only this board (default: all).")] = None,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=date_option("--from"), metavar="DATE", help="First session to rank."),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=date_option("--to"), metavar="DATE", help="Last session to rank."),
    ] = None,
) -> None:
    """Rank every session that has prices, and publish them in order.

    Stopped, it goes on where it was; done again, it changes nothing.
    """
    from pacesetter.jobs.backfill.backfill_ranks import backfill_ranks
    from pacesetter.jobs.boards.measure_confidence import try_measuring
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)

    async def work() -> tuple[BackfillReport, bool]:
        with watch(options, "backfill") as progress:
            async with open_workspace(options.settings()) as ws:
                report = await backfill_ranks(ws, board=board, first=first, last=last, progress=progress)
                if why_not := await try_measuring(ws, progress):
                    say(options, f"confidence not measured: {why_not}")
                return report, ws.simulated

    report, simulated = asyncio.run(work())
    warn_simulated(options, simulated)
    if report.resumed_after:
        say(options, f"went on behind {report.resumed_after}, where an earlier run was stopped")
    say(options, *report.problems)
    columns = [
        Column("from"),
        Column("to"),
        Column("boards", right=True),
        Column("sessions", right=True),
        Column("published", right=True),
        Column("rows", right=True),
        Column("changed", right=True),
        Column("seconds", decimals(1), right=True),
    ]
    row = [
        report.first,
        report.last,
        len(report.boards),
        report.asked,
        report.published,
        report.rows,
        report.changed,
        report.took_s,
    ]
    show(options, {**vars(report), "simulated": simulated}, Table("", columns, [row]))
