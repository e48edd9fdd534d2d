"""``pacesetter cycle``: one cycle by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.options import OnDate, Options, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, warn_simulated
from pacesetter.cli.progress import watch
from pacesetter.cli.source import SourceName

if TYPE_CHECKING:
    from pacesetter.jobs.boards.daily_cycle import CycleReport

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def cycle(
    ctx: typer.Context,
    on: OnDate = None,
    source: Annotated[
        SourceName | None,
        typer.Option("--source", help="Where to fetch prices from; none: rank what is stored."),
    ] = None,
) -> None:
    """Fetch what is missing, rank a session and publish it.

    Without --on it is the latest session that has opened. Doing a date again changes
    nothing unless its data has changed. How firm the newest ranks are is measured after
    they are published.
    """
    from pacesetter.jobs.boards.daily_cycle import run_cycle
    from pacesetter.jobs.boards.measure_confidence import try_measuring
    from pacesetter.jobs.portfolios.refresh_portfolios import try_refreshing
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)
    settings = options.settings(source=source)

    async def work() -> tuple[CycleReport, bool]:
        with watch(options, "cycle") as progress:
            async with open_workspace(settings) as ws:
                report = await run_cycle(ws, on=on, source=source, progress=progress)
                if why_not := await try_measuring(ws, progress):
                    say(options, f"confidence not measured: {why_not}")
                if why_not := await try_refreshing(ws):
                    say(options, f"portfolios not valued: {why_not}")
                return report, ws.simulated

    report, simulated = asyncio.run(work())
    warn_simulated(options, simulated)
    tell(options, report)
    figures = {name: value for name, value in vars(report).items() if name not in ("failures", "said")}
    failures = [{"symbol": f.symbol, "cause": f.cause, "detail": f.detail} for f in report.failures]
    payload = {**figures, "simulated": simulated, "failures": failures, "said": list(report.said)}
    show(options, payload, report_table(report))


def tell(options: Options, report: CycleReport) -> None:
    """What a person should know besides the figures."""
    say(options, *report.said)
    for cause, count in Counter(failure.cause for failure in report.failures).items():
        names = ", ".join(f.symbol for f in report.failures if f.cause == cause)
        say(options, f"{count} symbols not fetched, {cause}: {names[:120]}")
    if report.again:
        first, last, n = report.again[0], report.again[-1], len(report.again)
        say(options, f"held bars were released: {n} dates ranked again, {first} to {last}")
    if report.provisional:
        say(options, "provisional: the session's prices are not final yet")


def report_table(report: CycleReport) -> Table:
    """One row with the outcome."""
    return Table(
        "",
        [
            Column("session"),
            Column("status"),
            Column("boards", right=True),
            Column("rows", right=True),
            Column("changed", right=True),
            Column("source", lambda name: name or "–"),
            Column("seconds", decimals(1), right=True),
        ],
        [
            [
                report.metric_date,
                report.status,
                report.boards,
                report.rows,
                report.changed,
                report.source,
                report.took_s,
            ]
        ],
        "`pacesetter rank` shows the leaders"
        if report.status == "published"
        else "another process has this tick",
    )
