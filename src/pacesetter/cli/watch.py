"""``pacesetter watch``: what to be told of, and whether it would have happened often."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import options_of
from pacesetter.cli.output import say, show
from pacesetter.cli.tables.watch import tell_facts, tell_trial, tell_views
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.jobs.workspace import Workspace

Result = TypeVar("Result")

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the watchlist; add, edit and remove entries; try a condition on the past year.",
)


def parse_until(text: str) -> date | Literal["never"]:
    """A last date, or never."""
    return "never" if text.strip().lower() == "never" else parse_date(text, where="--until")


Symbol = Annotated[str, typer.Argument(metavar="SYMBOL", help="Such as NVDA or VOD.L.")]
Entry = Annotated[
    str, typer.Argument(metavar="ENTRY", help="Its id, or the symbol where that has one entry alone.")
]
Wanted = Annotated[
    str,
    typer.Argument(metavar="CONDITION", help='Such as "price.close < 180 and rank.rank <= 20"; in quotes.'),
]
Thesis = Annotated[
    str | None, typer.Option("--thesis", metavar="TEXT", help="Why: asked again when it fires.")
]
LastDate = Annotated[
    Any,
    typer.Option("--until", parser=parse_until, metavar="DATE", help="The last date that counts, or never."),
]
Back = Annotated[
    float | None,
    typer.Option("--hysteresis", metavar="PCT", help="How far it goes back before it can fire again, in %."),
]
Rest = Annotated[
    int | None, typer.Option("--cool-down", metavar="DAYS", help="How long it rests after it fired.")
]
Status = Annotated[str | None, typer.Option("--status", help="Only these: armed, fired, expired or invalid.")]
OfSymbol = Annotated[str | None, typer.Option("--symbol", metavar="SYMBOL", help="Only of this symbol.")]


@app.callback()
def watch(ctx: typer.Context) -> None:
    """List the watchlist; add, edit and remove entries; try a condition on the past year."""
    if ctx.invoked_subcommand is None:
        list_entries(ctx)


@app.command(name="list")
def list_entries(ctx: typer.Context, status: Status = None, symbol: OfSymbol = None) -> None:
    """What is watched for, by symbol."""
    from pacesetter.jobs.desk.watchlist import list_watches

    options = options_of(ctx)
    views, simulated = in_market(options, lambda ws: list_watches(ws, status=status, symbol=symbol))
    show(options, *tell_views(views, simulated, 'none: `pacesetter watch add SYMBOL "price.close < 180"`'))


@app.command()
def add(
    ctx: typer.Context,
    symbol: Symbol,
    condition: Wanted,
    thesis: Thesis = None,
    until: LastDate = None,
    hysteresis: Back = None,
    cool_down: Rest = None,
) -> None:
    """Watch a symbol for a condition; says how often it would have fired in the last year."""
    from pacesetter.jobs.desk.watch_terms import WatchTerms
    from pacesetter.jobs.desk.watchlist import add_watch

    options = options_of(ctx)
    view, simulated = in_market(
        options,
        lambda ws: add_watch(
            ws,
            symbol,
            WatchTerms(
                condition=condition,
                thesis=thesis,
                expires_on=until,
                hysteresis_pct=hysteresis,
                cool_down_days=cool_down,
            ),
        ),
    )
    show(options, *tell_views([view], simulated))


@app.command(name="show")
def show_entry(ctx: typer.Context, entry: Entry) -> None:
    """One entry, what it last fired on, and how often it would have fired in the last year."""
    from pacesetter.jobs.desk.name_watch import name_watch
    from pacesetter.jobs.desk.watchlist import show_watch

    options = options_of(ctx)

    async def look(ws: Workspace) -> Any:
        return await show_watch(ws, await name_watch(ws, entry))

    view, simulated = in_market(options, look)
    show(options, *tell_views([view], simulated, details=True))


@app.command()
def edit(
    ctx: typer.Context,
    entry: Entry,
    condition: Annotated[
        str | None,
        typer.Option("--condition", metavar="CONDITION", help="Another one: it starts armed again."),
    ] = None,
    thesis: Thesis = None,
    until: LastDate = None,
    hysteresis: Back = None,
    cool_down: Rest = None,
    holds: Annotated[
        bool | None,
        typer.Option("--holds/--broken", help="Whether the thesis still holds; a broken one ends the entry."),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="With --holds or --broken: why.")
    ] = "",
) -> None:
    """Change an entry, or say whether its thesis still holds."""
    from pacesetter.jobs.desk.name_watch import name_watch
    from pacesetter.jobs.desk.watch_terms import WatchTerms
    from pacesetter.jobs.desk.watchlist import edit_watch

    options = options_of(ctx)
    given = (condition, thesis, until, hysteresis, cool_down, holds)
    if all(one is None for one in given):
        raise InputError("nothing to change was given", mend="--condition, --thesis, --until, --holds …")

    async def work(ws: Workspace) -> Any:
        return await edit_watch(
            ws,
            await name_watch(ws, entry),
            WatchTerms(
                condition=condition,
                thesis=thesis,
                expires_on=until,
                hysteresis_pct=hysteresis,
                cool_down_days=cool_down,
            ),
            holds=holds,
            reason=reason,
        )

    view, simulated = in_market(options, work)
    show(options, *tell_views([view], simulated, details=True))


@app.command()
def remove(ctx: typer.Context, entry: Entry) -> None:
    """Take an entry off the watchlist."""
    from pacesetter.jobs.desk.name_watch import name_watch
    from pacesetter.jobs.desk.watch_terms import text_of
    from pacesetter.jobs.desk.watchlist import remove_watch

    options = options_of(ctx)

    async def work(ws: Workspace) -> Any:
        return await remove_watch(ws, await name_watch(ws, entry))

    row, _ = in_market(options, work)
    say(options, f"no more watched for: {row.symbol}, {text_of(row)}")


@app.command()
def facts(
    ctx: typer.Context,
    symbol: Annotated[
        str | None, typer.Argument(metavar="[SYMBOL]", help="Show its present values, too.")
    ] = None,
) -> None:
    """All facts that a condition can use, each with what it is; with a symbol, its values."""
    options = options_of(ctx)
    if symbol is None:
        show(options, *tell_facts(None, None))
        return
    from pacesetter.jobs.desk.try_watch import read_facts

    wanted = symbol
    (found, on, values), simulated = in_market(options, lambda ws: read_facts(ws, wanted))
    show(options, *tell_facts((found, on), values, simulated))


@app.command(name="try")
def try_(
    ctx: typer.Context, symbol: Symbol, condition: Wanted, hysteresis: Back = None, cool_down: Rest = None
) -> None:
    """How often a condition would have fired in the last year, with the dates; nothing is stored."""
    from pacesetter.jobs.desk.try_watch import try_condition
    from pacesetter.jobs.desk.watch_terms import read_terms

    options = options_of(ctx)
    wanted = read_terms(condition)
    trial, simulated = in_market(
        options,
        lambda ws: try_condition(ws, symbol, wanted, hysteresis_pct=hysteresis, cool_down_days=cool_down),
    )
    show(options, *tell_trial(trial, wanted, simulated))
