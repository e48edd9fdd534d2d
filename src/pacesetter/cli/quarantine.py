"""``pacesetter quarantine``: suspicious prices that wait for a decision."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home, in_market
from pacesetter.cli.options import Options, date_option, options_of
from pacesetter.cli.output import Column, Table, compact, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.bars.decide_bar import Decision

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the prices that are held back; accept or repair one.",
)
Symbol = Annotated[str, typer.Argument(metavar="SYMBOL", help="Such as NVDA or BRK.B.")]
Session = Annotated[
    date, typer.Argument(parser=date_option("DATE"), metavar="DATE", help="The session of the price.")
]
FIELDS = ("symbol", "date", "open", "high", "low", "close", "adj_close", "volume", "reason", "detail")


@app.callback()
def quarantine(
    ctx: typer.Context,
    symbol: Annotated[str | None, typer.Option("--symbol", help="Only this symbol's.")] = None,
) -> None:
    """List the prices that are held back; accept or repair one."""
    if ctx.invoked_subcommand is None:
        list_held(options_of(ctx), symbol)


@app.command()
def accept(ctx: typer.Context, symbol: Symbol, on: Session) -> None:
    """Take a held price as it is; the next cycle ranks again what it touches."""
    from pacesetter.jobs.bars.decide_bar import accept_bar

    tell(options_of(ctx), lambda ws: accept_bar(ws, symbol, on, by=getpass.getuser()))


@app.command()
def repair(
    ctx: typer.Context,
    symbol: Symbol,
    on: Session,
    close: Annotated[float | None, typer.Option("--close", help="What it should have been.")] = None,
    open_: Annotated[float | None, typer.Option("--open")] = None,
    high: Annotated[float | None, typer.Option("--high")] = None,
    low: Annotated[float | None, typer.Option("--low")] = None,
    adj_close: Annotated[float | None, typer.Option("--adj-close")] = None,
    volume: Annotated[float | None, typer.Option("--volume")] = None,
    scale: Annotated[float, typer.Option("--scale", help="All prices times this, such as 0.01.")] = 1.0,
) -> None:
    """Take a held price with other values, which no later fetch overwrites."""
    from pacesetter.jobs.bars.decide_bar import repair_bar

    given = {
        "open": open_,
        "high": high,
        "low": low,
        "close": close,
        "adj_close": adj_close,
        "volume": volume,
    }
    values = {name: value for name, value in given.items() if value is not None}
    by = getpass.getuser()
    tell(options_of(ctx), lambda ws: repair_bar(ws, symbol, on, values, by=by, scale=scale))


def list_held(options: Options, symbol: str | None) -> None:
    """Every held bar, newest first."""
    from pacesetter.jobs.bars.decide_bar import list_cases
    from pacesetter.jobs.words import held_bar_in_words

    found, simulated = in_market(options, lambda ws: list_cases(ws, symbol))
    columns = [
        Column("symbol"),
        Column("date"),
        *[Column(name, compact, right=True, wide_only=name != "close") for name in FIELDS[2:7]],
        Column("volume", right=True, wide_only=True),
        Column("why", held_bar_in_words),
        Column("detail", if_any=True),
    ]
    rows = [[getattr(row, name) for name in FIELDS] for row in found]
    foot = "`pacesetter quarantine accept SYMBOL DATE` takes one as it is, `… repair` with other values"
    body = [{name: getattr(row, name) for name in (*FIELDS, "data_source", "fetched_at")} for row in found]
    show(options, {"simulated": simulated, "rows": body}, Table("", columns, rows, foot if rows else "none"))


def tell(options: Options, work: Callable[[Any], Awaitable[Decision]]) -> None:
    """Decide, and say what is stored now."""
    done = in_home(options, work)
    names = [name for name in FIELDS[2:8] if done.bar.get(name) is not None]
    columns = [Column("symbol"), Column("date"), Column("state"), *(Column(n, right=True) for n in names)]
    row = [done.symbol, done.on, done.state, *(done.bar[name] for name in names)]
    show(options, vars(done), Table("", columns, [row]))
    say(options, "the next cycle ranks again the dates that it touches: `pacesetter cycle`")
