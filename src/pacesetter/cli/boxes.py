"""``pacesetter boxes``: sealed boxes by volume or any measure, each in full, and their market."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pacesetter.cli import box_entry, box_joins
from pacesetter.cli.home import in_home
from pacesetter.cli.options import date_option, options_of
from pacesetter.cli.output import say, show, warn_simulated
from pacesetter.cli.tables.box_detail import box_payload, box_tables, series_payload, series_table
from pacesetter.cli.tables.box_market import market_payload, market_tables, measures_table
from pacesetter.cli.tables.boxes import leaderboard_payload, leaderboard_table
from pacesetter.kernel.errors import BadParameter

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.view_boxes import Order

Found = TypeVar("Found")
SHOWN_DAYS = 20  # of the market, where no first day is named; JSON and CSV hold all
ABOUT = "Show sealed boxes by volume or any measure, one in full, or their market; enter figures."

app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True, help=ABOUT)

OnDay = Annotated[
    date | None,
    typer.Option(
        "--on",
        parser=date_option("--on"),
        metavar="DATE",
        help="Day to look at (default: the newest with ranks enough).",
    ),
]
From = Annotated[
    date | None, typer.Option("--from", parser=date_option("--from"), metavar="DATE", help="First day.")
]
To = Annotated[
    date | None, typer.Option("--to", parser=date_option("--to"), metavar="DATE", help="Last day.")
]
Box = Annotated[
    str, typer.Argument(metavar="SYMBOL", help="Such as BOX-OP01; or what its source calls it, or its name.")
]


@app.callback()
def boxes(
    ctx: typer.Context,
    on: OnDay = None,
    sort: Annotated[
        str, typer.Option("--sort", help="rank, or a measure: `pacesetter boxes measures` lists them.")
    ] = "rank",
    order: Annotated[
        str | None, typer.Option("--order", help="asc or desc (default: the better end first).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="At most so many rows.")] = 50,
    game: Annotated[str | None, typer.Option("--game", help="Only boxes of this game.")] = None,
    search: Annotated[
        str | None, typer.Option("--search", help="Only boxes whose symbol, name or set contains it.")
    ] = None,
) -> None:
    """Show sealed boxes by volume or any measure, one in full, or their market; enter figures."""
    if ctx.invoked_subcommand is not None:
        return
    from pacesetter.jobs.boxes.view_boxes import BoxesAsked, view_boxes

    options = options_of(ctx)
    asked = BoxesAsked(sort, read_order(order), limit, game, search, on)
    found = in_home(options, lambda ws: view_boxes(ws, asked))
    warn_simulated(options, found.simulated)
    say(options, *(f"note: {remark}" for remark in found.remarks))
    show(options, leaderboard_payload(found), leaderboard_table(found))


@app.command("show")
def show_box(ctx: typer.Context, symbol: Box, on: OnDay = None) -> None:
    """Show a box in full: its figures and why one is missing, its last days, ranks and sources."""
    from pacesetter.jobs.boxes.view_box import view_box

    options = options_of(ctx)
    found = in_home(options, lambda ws: view_box(ws, symbol, on=on))
    warn_simulated(options, found.simulated)
    say(options, *(f"note: {remark}" for remark in found.remarks))
    show(options, box_payload(found), *box_tables(found))


@app.command()
def series(
    ctx: typer.Context,
    symbol: Box,
    measure: Annotated[
        str, typer.Option("--measure", help="Measures, or rank, separated by commas.")
    ] = "floor_price_usd,unified_volume_7d_ema,active_listings_count,rank",
    first: From = None,
    last: To = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="The newest so many.")] = 1000,
) -> None:
    """Show figures of a box over time: a row a day on which somebody looked."""
    from pacesetter.jobs.boxes.view_box_series import view_box_series

    options = options_of(ctx)
    names = [name.strip() for name in measure.split(",") if name.strip()]
    found = in_home(
        options, lambda ws: view_box_series(ws, symbol, names, first=first, last=last, limit=limit)
    )
    warn_simulated(options, found.simulated)
    show(options, series_payload(found), series_table(found))


@app.command()
def market(ctx: typer.Context, first: From = None, last: To = None) -> None:
    """Show the index of all boxes, its breadth and volume, and who rose and fell the most."""
    from pacesetter.jobs.boxes.view_box_market import view_box_market

    options = options_of(ctx)
    found = in_home(options, lambda ws: view_box_market(ws, first=first, last=last))
    warn_simulated(options, found.simulated)
    say(options, *(f"note: {remark}" for remark in found.remarks))
    shown = None if options.csv or first is not None else SHOWN_DAYS
    show(options, market_payload(found), *market_tables(found, shown=shown))


@app.command()
def measures(ctx: typer.Context) -> None:
    """List the measures that boxes can be sorted by, with their units and formulas."""
    from pacesetter.market.box_measures import MEASURES

    options = options_of(ctx)
    rows = [vars(one) for one in MEASURES.values()]
    show(options, {"rows": rows}, measures_table(list(MEASURES.values())))


box_entry.register(app)
box_joins.register(app)


def read_order(given: str | None) -> Order | None:
    """The direction asked for."""
    if given in (None, "asc", "desc"):
        return given  # type: ignore[return-value]
    raise BadParameter(f"unknown order {given!r}", where="--order", mend="asc or desc")
