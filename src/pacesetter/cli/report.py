"""``pacesetter report``: what the desk has to say in the morning."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pacesetter.cli.options import OnDate, Options, date_option, options_of
from pacesetter.cli.output import Column, Table, clean, make_console, moment, say, show, warn_simulated
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.jobs.report.send_report import Sending
    from pacesetter.jobs.workspace import Workspace
    from pacesetter.store.desk.desk_reports import ReportRow

Form = Literal["text", "html", "markdown", "json"]
app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Show the morning report, write it to a file, send it; list the reports that are kept.",
)
FormOption = Annotated[Form, typer.Option("--format", help="How it is written.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write it to a file instead.", show_default=False)
]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="An earlier version of that day's.", show_default=False)
]
STYLES = {"+ ": "green", "- ": "red", "! ": "yellow", "  s": "dim", "  n": "dim", "  a": "dim"}


@app.command()
def morning(
    ctx: typer.Context,
    on: OnDate = None,
    form: FormOption = "text",
    out: OutOption = None,
    send: Annotated[
        bool, typer.Option("--send", help="Send it to where the settings say, if that was not done yet.")
    ] = False,
) -> None:
    """Show the newest morning report, or a day's; `pacesetter night` makes it."""
    options = options_of(ctx)
    row, sending = asyncio.run(_open(options, lambda ws: _read(ws, on, None, send=send)))
    tell(options, row, form, out)
    if sending is not None:
        say(options, sending.in_words())
        if sending.status == "failed":
            raise typer.Exit(1)


@app.command(name="show")
def show_(
    ctx: typer.Context,
    on: Annotated[
        date, typer.Argument(parser=date_option("DATE"), metavar="DATE", help="The session that it tells of.")
    ],
    form: FormOption = "text",
    out: OutOption = None,
    version: VersionOption = None,
) -> None:
    """Show the report of a day, its newest version unless told."""
    options = options_of(ctx)
    row, _ = asyncio.run(_open(options, lambda ws: _read(ws, on, version)))
    tell(options, row, form, out)


@app.command(name="list")
def list_(ctx: typer.Context) -> None:
    """List the reports that are kept, the newest first."""
    from pacesetter.jobs.report.make_report import list_reports

    options = options_of(ctx)

    async def look(ws: Workspace) -> tuple[list[ReportRow], bool]:
        return await list_reports(ws), ws.simulated

    rows, simulated = asyncio.run(_open(options, look))
    warn_simulated(options, simulated)
    columns = [
        Column("date"),
        Column("version", right=True),
        Column("material", lambda value: "yes" if value else "quiet"),
        Column("analysed", right=True),
        Column("proposed", right=True),
        Column("sent", moment),
    ]
    table = [
        [r.date, r.version, r.content["material"], r.stocks_analyzed, r.recommendations_count, r.sent_at]
        for r in rows
    ]
    names = ("date", "version", "material", "analysed", "proposed", "sent_at")
    body = {"simulated": simulated, "rows": [dict(zip(names, row, strict=True)) for row in table]}
    foot = "" if rows else "no reports yet: `pacesetter night` makes one"
    show(options, body, Table("", columns, table, foot))


async def _open(options: Options, work: Callable[[Workspace], Awaitable[Any]]) -> Any:
    from pacesetter.jobs.workspace import open_workspace

    async with open_workspace(options.settings()) as ws:
        return await work(ws)


async def _read(
    ws: Workspace, on: date | None, version: int | None, *, send: bool = False
) -> tuple[ReportRow, Sending | None]:
    from pacesetter.jobs.report.make_report import read_report
    from pacesetter.jobs.report.send_report import send_report

    row = await read_report(ws, on, version)
    return row, await send_report(ws, row) if send else None


def tell(options: Options, row: ReportRow, form: Form, out: Path | None) -> None:
    """Print a report, or write it to a file."""
    if options.csv:
        raise InputError("a report is no table", where="--csv", mend="use --format json")
    text = write(row, "json" if options.json else form)
    if out is not None:
        write_file(out, text)
        say(options, f"written: {out}")
    elif form == "text" and not options.json and sys.stdout.isatty():
        print_lines(options, row)
    else:
        sys.stdout.flush()
        if (raw := getattr(sys.stdout, "buffer", None)) is None:  # what stands in for it takes text alone
            sys.stdout.write(text)
        else:
            raw.write(text.encode())


def write(row: ReportRow, form: Form) -> str:
    """A report in a form."""
    from pacesetter.reports.render_html import render_html
    from pacesetter.reports.render_json import render_json
    from pacesetter.reports.render_markdown import render_markdown
    from pacesetter.reports.render_text import render_text

    forms = {"text": render_text, "html": render_html, "markdown": render_markdown, "json": render_json}
    return forms[form](row.content)


def print_lines(options: Options, row: ReportRow) -> None:
    """The text in the colours of a terminal, as wide as it is, at most 110 characters."""
    from rich.text import Text

    from pacesetter.reports.render_text import render_text

    console = make_console(options)
    for line in render_text(row.content, min(console.width, 110)).splitlines():
        is_title = bool(line) and line == line.upper() and line[0].isalpha()
        style = "bold" if is_title else STYLES.get(line[:3], STYLES.get(line[:2], ""))
        console.print(Text(clean(line), style=style), soft_wrap=True)


def write_file(path: Path, text: str) -> None:
    """Write a file, whole or not at all."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise InputError("a file cannot be written there", where=str(path), mend="name a file in a folder")
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_text(text, "utf-8")
        os.replace(half, path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise InputError(
            f"it cannot be written: {error.strerror}", where=str(path), mend="choose another place"
        ) from None
