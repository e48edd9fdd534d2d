"""``pacesetter batch``: the nightly work on every symbol, by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.options import Options, date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, warn_simulated
from pacesetter.cli.progress import watch

if TYPE_CHECKING:
    from pacesetter.jobs.symbols.batch_phase import PhaseReport
    from pacesetter.jobs.symbols.symbol_batch import BatchReport

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def batch(
    ctx: typer.Context,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=date_option("--on"), metavar="DATE", help="Only this session, as YYYY-MM-DD."
        ),
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
    """Measure every symbol's exposures and figures; missed sessions are caught up.

    Without a date it is the newest session with final prices, and up to 30 missed ones
    before it. Doing a session again changes nothing unless its data has changed. One of
    which nobody has a price yet is not measured: the exit code says so, and the next batch tries again.
    """
    from pacesetter.jobs.portfolios.refresh_portfolios import try_refreshing
    from pacesetter.jobs.symbols.symbol_batch import run_batch
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)

    async def work() -> tuple[BatchReport, bool]:
        with watch(options, "batch") as progress:
            async with open_workspace(options.settings()) as ws:
                report = await run_batch(ws, on=on, first=first, last=last, progress=progress)
                if why_not := await try_refreshing(ws):
                    say(options, f"portfolios not valued: {why_not}")
                return report, ws.simulated

    report, simulated = asyncio.run(work())
    warn_simulated(options, simulated)
    tell(options, report)
    rows = [vars(one) for one in report.phases]
    failures = [{"symbol": f.symbol, "cause": f.cause, "detail": f.detail} for f in report.failures]
    without = [{"session": on, "why": why} for on, why in report.not_measured.items()]
    head = {name: getattr(report, name) for name in ("status", "metric_date", "took_s")}
    head |= {"simulated": simulated, "not_measured": without}
    show(options, {**head, "said": list(report.said), "failures": failures, "rows": rows}, table_of(report))
    if without:
        raise typer.Exit(FINDINGS)


def tell(options: Options, report: BatchReport) -> None:
    """What a person should know besides the figures."""
    say(options, *report.said)
    for cause, count in Counter(failure.cause for failure in report.failures).items():
        names = ", ".join(f.symbol for f in report.failures if f.cause == cause)
        say(options, f"{count} symbols not fetched, {cause}: {names[:120]}")


def table_of(report: BatchReport) -> Table:
    """A row for every phase of every session."""
    return Table(
        "",
        [
            Column("session"),
            Column("phase"),
            Column("state", STATES.__getitem__),
            Column("symbols", right=True),
            Column("of", right=True),
            Column("rows", right=True),
            Column("without a value", if_any=True),
            Column("seconds", decimals(2), right=True),
        ],
        [line(one) for one in report.phases],
        "another process works on the batch: it goes on there" if report.status == "taken" else "",
    )


STATES = {
    "done": "done",
    "skipped": "done before, with the same data",
    "taken": "being done elsewhere",
    "failed": "failed",
}


def line(one: PhaseReport) -> list[Any]:
    """A phase as a row."""
    from pacesetter.jobs.words import in_words

    problems = "; ".join(f"{len(names)}: {in_words(reason)}" for reason, names in one.problems.items())
    return [one.on, one.phase, one.state, one.done, one.total, one.rows, problems, one.took_s]
