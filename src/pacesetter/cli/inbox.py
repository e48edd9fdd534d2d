"""``pacesetter inbox``: the watched folder: what came, what became of it; one look now; the folders made."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, moment, say, show, warn_simulated
from pacesetter.kernel.errors import BadParameter

if TYPE_CHECKING:
    from pacesetter.jobs.inbox.list_inbox import InboxView
    from pacesetter.jobs.inbox.report import InboxReport

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List what came by the watched folder; look into it now; make its folders; put a file back.",
)
STATUSES = ("applied", "failed", "duplicate")
WORDS = {"applied": "taken in", "failed": "refused", "duplicate": "taken in before"}


@app.callback()
def inbox(
    ctx: typer.Context,
    status: Annotated[
        str | None, typer.Option("--status", help=f"Only these: {', '.join(STATUSES)}.")
    ] = None,
) -> None:
    """List what came by the watched folder; look into it now; make its folders; put a file back."""
    if ctx.invoked_subcommand is not None:
        return
    if status is not None and status not in STATUSES:
        raise BadParameter(
            f"{status!r} is none of them", where="--status", mend=f"choose {', '.join(STATUSES)}"
        )
    options = options_of(ctx)
    view, simulated = asyncio.run(list_files(options, status))
    warn_simulated(options, simulated)
    columns = [
        Column("id"),
        Column("came at", moment),
        Column("folder"),
        Column("file"),
        Column("outcome"),
        Column("what came of it"),
        Column("lies at", wide_only=True, if_any=True),
    ]
    rows = [
        [f.id.replace("-", "")[-12:], f.found_at, f.folder, f.name, WORDS[f.status], f.summary, f.moved_to]
        for f in view.files
    ]
    foot = "" if rows else "nothing has come yet"
    body = {"simulated": simulated, **vars(view), "files": [vars(one) for one in view.files]}
    body["left"] = [vars(one) for one in view.left]
    tables = [Table(view.path, columns, rows, foot)]
    if view.waiting:
        tables.append(Table("for the next look", [Column("file")], [[one] for one in view.waiting]))
    show(options, body, *tables, *left_table(view.left))
    say(options, *view.said)


async def list_files(options: Options, status: str | None) -> tuple[InboxView, bool]:
    """The inbox as it is."""
    from pacesetter.jobs.inbox.list_inbox import list_inbox
    from pacesetter.jobs.workspace import open_workspace

    async with open_workspace(options.settings()) as ws:
        return await list_inbox(ws, status=status), ws.simulated


@app.command()
def look(ctx: typer.Context) -> None:
    """Look into the folder now: what lies there is taken in, into real data."""
    options = options_of(ctx)
    report, began_real = asyncio.run(look_now(options))
    if began_real:
        say(options, "real data from now on; the simulated market stays in a file of its own")
    columns = [
        Column("folder"),
        Column("file"),
        Column("outcome"),
        Column("what came of it"),
        Column("lies at"),
    ]
    rows = [[f.folder, f.name, WORDS[f.status], f.summary, f.moved_to] for f in report.files]
    body = {**vars(report), "files": [vars(f) for f in report.files], "left": [vars(f) for f in report.left]}
    foot = "" if rows else "nothing lay ready"
    show(options, body, Table(report.path, columns, rows, foot), *left_table(report.left))
    say(options, *report.said)
    if report.count("failed"):
        raise typer.Exit(FINDINGS)


async def look_now(options: Options) -> tuple[InboxReport, bool]:
    """One look; files that lie ready open the real database, as an import does."""
    from pacesetter.jobs.inbox.watch_inbox import holds_files, watch_inbox
    from pacesetter.jobs.workspace import holds_simulation, open_workspace
    from pacesetter.store.database.home import Home

    settings = options.settings()
    begins = holds_simulation(settings, Home(settings.home.expanduser())) and holds_files(settings)
    async with open_workspace(settings, simulated=False if begins else None) as ws:
        return await watch_inbox(ws), begins


@app.command()
def make(ctx: typer.Context) -> None:
    """Make the folders, each with a README.txt that says what belongs there."""
    from pacesetter.jobs.inbox.list_inbox import make_inbox
    from pacesetter.jobs.inbox.watch_inbox import inbox_path

    options = options_of(ctx)
    settings = options.settings()
    path, made = Path(inbox_path(settings)), make_inbox(settings)
    foot = f"drop files into the folders of {path}" if made else f"{path} has its folders already"
    body: dict[str, Any] = {"path": str(path), "made": made}
    show(options, body, Table("", [Column("made")], [[one] for one in made], foot))


@app.command()
def retry(
    ctx: typer.Context,
    file_id: Annotated[
        str, typer.Argument(metavar="ID", show_default=False, help="Id of a file, or how it begins or ends.")
    ],
) -> None:
    """Put a refused file back where it came from, for the next look."""
    from pacesetter.jobs.inbox.list_inbox import retry as put_back
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)

    async def work() -> str:
        async with open_workspace(options.settings()) as ws:
            return await put_back(ws, file_id)

    path = asyncio.run(work())
    show(
        options, {"path": path}, Table("", [Column("lies at")], [[path]], "`pacesetter inbox look` looks now")
    )


def left_table(left: list[Any]) -> list[Table]:
    """What is left where it lies, and why."""
    columns = [Column("left where it is"), Column("why"), Column("to mend it")]
    rows = [[one.path, one.reason, one.mend] for one in left]
    return [Table("", columns, rows)] if rows else []
