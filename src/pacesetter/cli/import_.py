"""``pacesetter import``: prices, fundamentals, symbols, boxes, rates; what was imported; one taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import DryRun, InputFile, Options, date_option, options_of
from pacesetter.cli.output import Column, Table, moment, say, show
from pacesetter.cli.progress import watch

if TYPE_CHECKING:
    from pacesetter.jobs.imports.import_report import ImportReport

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=False,
    help="Import prices, fundamentals, symbols, boxes or rates; list imports; take one back.",
)


@app.command()
def prices(
    ctx: typer.Context,
    file: InputFile,
    dry_run: DryRun = False,
    asset_type: Annotated[
        Literal["equity", "etf", "index"] | None,
        typer.Option(
            "--asset-type", help="What the symbols are (default: as known, else guessed, and said)."
        ),
    ] = None,
    basis: Annotated[
        Literal["raw", "split", "split_dividend"] | None,
        typer.Option(
            "--basis", help="How the prices are adjusted (default: found out from the columns, and said)."
        ),
    ] = None,
) -> None:
    """Import prices: every row is stored, held back or refused, with a reason."""
    from pacesetter.jobs.imports.import_prices import import_prices

    def work(ws: Any, progress: Any) -> Awaitable[ImportReport]:
        return import_prices(ws, file, dry_run=dry_run, asset_type=asset_type, basis=basis, progress=progress)

    take(options_of(ctx), file, work)


@app.command()
def fundamentals(
    ctx: typer.Context,
    file: InputFile,
    dry_run: DryRun = False,
    known_on: Annotated[
        date | None,
        typer.Option(
            "--known-on",
            parser=date_option("--known-on"),
            metavar="DATE",
            help="Day the figures were known, as YYYY-MM-DD (default: today).",
        ),
    ] = None,
) -> None:
    """Import fundamentals, known from today or from a stated date on."""
    from pacesetter.jobs.imports.import_fundamentals import import_fundamentals

    def work(ws: Any, progress: Any) -> Awaitable[ImportReport]:
        return import_fundamentals(ws, file, known_on=known_on, dry_run=dry_run, progress=progress)

    take(options_of(ctx), file, work)


@app.command()
def symbols(ctx: typer.Context, file: InputFile, dry_run: DryRun = False) -> None:
    """Import names, sectors and listings of symbols; a blank erases nothing."""
    from pacesetter.jobs.imports.import_symbols import import_symbols

    def work(ws: Any, progress: Any) -> Awaitable[ImportReport]:
        return import_symbols(ws, file, dry_run=dry_run, progress=progress)

    take(options_of(ctx), file, work)


@app.command()
def fx(ctx: typer.Context, file: InputFile, dry_run: DryRun = False) -> None:
    """Import exchange rates: columns date, base, quote, rate; or date and one a pair, such as EURUSD."""
    from pacesetter.jobs.imports.import_rates import import_rates

    def work(ws: Any, progress: Any) -> Awaitable[ImportReport]:
        return import_rates(ws, file, dry_run=dry_run, progress=progress)

    take(options_of(ctx), file, work)


@app.command()
def boxes(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="CSV, Parquet or JSON file.")
    ],
    dry_run: DryRun = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="NAME", help="Who saw it, for rows that do not say (default: unknown)."
        ),
    ] = None,
) -> None:
    """Import sealed boxes: what was seen of them each day, and facts about them; they are ranked at once."""
    from pacesetter.jobs.imports.import_boxes import import_boxes

    def work(ws: Any, progress: Any) -> Awaitable[ImportReport]:
        return import_boxes(ws, file, dry_run=dry_run, source=source, progress=progress)

    take(options_of(ctx), file, work)


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List the newest imports with their ids."""
    from pacesetter.jobs.imports.undo_import import list_imports

    options = options_of(ctx)

    rows = [described(row) for row in in_home(options, list_imports)]
    figures = ("read", "stored", "quarantined", "refused")
    columns = [
        *[Column(name) for name in ("id", "kind", "file")],
        Column("started_at", moment),
        *[Column(name, lambda n: "–" if n is None else f"{n:,}", right=True) for name in figures],
        Column("undone_at", moment, if_any=True),
    ]
    cells = [[row[column.name] for column in columns] for row in rows]
    table = Table("", columns, cells, "" if rows else "nothing has been imported")
    show(options, {"imports": rows}, table)


@app.command()
def undo(
    ctx: typer.Context,
    import_id: Annotated[
        str,
        typer.Argument(metavar="ID", show_default=False, help="Id of the import, or its beginning or end."),
    ],
) -> None:
    """Take a whole import back, as if it had never been."""
    from pacesetter.jobs.imports.undo_import import undo as take_back

    options = options_of(ctx)

    done = in_home(options, lambda ws: take_back(ws, import_id))
    if done["kind"] in ("boxes", "box_join"):
        say(options, "boxes are measured and ranked again without it")
    elif done["kind"] == "fx":
        say(options, "`pacesetter portfolio refresh` values portfolios without it")
    elif done["kind"] != "box_facts":
        say(options, "published ranks stay as they are; `pacesetter cycle` ranks again")
    show(options, done, Table("", [Column(name) for name in done], [list(done.values())]))


def described(row: Any) -> dict[str, Any]:
    """An import as plain values."""
    counts = row.counts or {}
    return {
        "id": str(row.id),
        "kind": row.kind,
        "file": row.file_name,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "undone_at": row.undone_at,
        **{name: counts.get(name) for name in ("read", "stored", "quarantined", "refused")},
    }


Work = Callable[[Any, Any], Awaitable["ImportReport"]]


def take(options: Options, file: Path, work: Work) -> None:
    """Import a file into the real database; it must be there before anything is made."""
    from pacesetter.kernel.errors import BadFile

    if not file.exists():
        raise BadFile("there is no such file", where=str(file), mend="check the path")
    run_import(options, work)


def run_import(options: Options, work: Work) -> None:
    """Do the work with its progress and show what became of every row."""
    from pacesetter.jobs.workspace import holds_simulation
    from pacesetter.store.database.home import Home

    settings = options.settings()
    was_simulated = holds_simulation(settings, Home(settings.home.expanduser()))

    with watch(options, "import") as progress:
        report = in_home(options, lambda ws: work(ws, progress), simulated=False)
    if was_simulated and not report.dry_run:
        say(options, "real data from now on; the simulated market stays in a file of its own")
    say(options, *report.said)
    show(options, report.as_json(), report_table(report))
    say(options, *report.refused_rows)
    if report.report_path is not None:
        say(options, f"refused rows: {report.report_path}")
    if report.dry_run:
        say(options, "dry run: nothing was kept")


def report_table(report: ImportReport) -> Table:
    """The fate of the rows; the three in the middle add up to those read."""
    names = ("read", "stored", "quarantined", "refused", "inserted", "changed", "unchanged", "released")
    reasons = "".join(f"\n{n:>12,} {reason.replace('_', ' ')}" for reason, n in report.reasons.items())
    why = f"\nwhy rows were held back or refused:{reasons}" if reasons else ""
    key = f" · import {report.import_id}" if report.import_id else ""
    return Table(
        f"{report.kind} from {report.file}",
        [Column(name, lambda n: f"{n:,}", right=True) for name in names],
        [[getattr(report, name) for name in names]],
        f"{report.took_s:.1f} s{key}{why}",
    )
