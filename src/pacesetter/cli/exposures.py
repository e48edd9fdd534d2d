"""``pacesetter exposures``: what a symbol moves with, and how sure that is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import OnDate, Options, date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, plain, show, signed

if TYPE_CHECKING:
    from pacesetter.jobs.symbols.view_exposures import ExposuresView, ExposureView

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def exposures(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="SYMBOL|PORTFOLIO", help="A symbol, such as NVDA, or a portfolio.")
    ],
    on: OnDate = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=date_option("--from"),
            metavar="DATE",
            help="First session of a history; what is not stored is measured and kept.",
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=date_option("--to"), metavar="DATE", help="Last session of a history."),
    ] = None,
) -> None:
    """Show what a symbol moves with: its exposure to every factor, and how sure that is.

    beta: by how much it moved where the factor moved by one; ±: its standard error (of a
    ridge factor conditional on the penalty). Without a date: the newest of the nightly batch.
    """
    from pacesetter.cli.tables.portfolio import show_exposures  # imports nothing slow

    if on is None and first is None and last is None and show_exposures(options_of(ctx), name):
        return
    show_symbol(options_of(ctx), name, on, first, last)


def show_symbol(
    options: Options, symbol: str, on: date | None, first: date | None, last: date | None
) -> None:
    """The exposures of a symbol."""
    from pacesetter.jobs.symbols.view_exposures import view_exposures

    span = first is not None or last is not None
    found, simulated = in_market(
        options, lambda ws: view_exposures(ws, symbol, on=on, first=first, last=last, store=span)
    )
    head = {"symbol": found.symbol, "as_of": found.as_of, "simulated": simulated}
    show(options, {**head, "rows": [row_of(one) for one in found.rows]}, table_of(found, simulated))


def row_of(one: ExposureView) -> dict[str, Any]:
    """An exposure in JSON."""
    names = ("on", "factor", "method", "beta", "se", "r2", "n", "vif", "quality", "reason")
    return {name: getattr(one, name) for name in names}


def table_of(found: ExposuresView, simulated: bool = False) -> Table:
    """A row for every factor of every session."""
    several = len({one.on for one in found.rows}) > 1
    title = f"{found.symbol}{f' · {found.name}' if found.name else ''}"
    title += "" if several or found.as_of is None else f" · {found.as_of}"
    title += " · SIMULATED" if simulated else ""
    columns = [
        Column("session", only="" if several else "csv"),
        Column("factor"),
        Column("of", wide_only=True, note="of: the fund that stands for the factor, or one less another"),
        Column("method", wide_only=True),
        Column("beta", signed, right=True),
        Column("±", decimals(3), right=True),
        Column("r²", decimals(3), right=True),
        Column("n", right=True),
        Column("VIF", lambda value: "" if value is None else f"{value:.1f}", right=True, wide_only=True),
        Column("quality"),
        Column("no value because", plain, if_any=True),
    ]
    rows = [
        [
            one.on,
            one.factor,
            one.proxy if one.minus is None else f"{one.proxy} − {one.minus}",
            one.method,
            one.beta,
            one.se,
            one.r2,
            one.n,
            one.vif,
            one.quality,
            one.because,
        ]
        for one in found.rows
    ]
    foot = "" if rows else "no prices are stored: `pacesetter import prices FILE`, or `pacesetter up`"
    return Table(title, columns, rows, foot)
