"""``pacesetter portfolio``: portfolios from files and trades, and what they are worth and open to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from pacesetter.cli.exits import USAGE
from pacesetter.cli.home import in_market
from pacesetter.cli.options import DryRun, date_option, options_of
from pacesetter.cli.output import Column, Table, say, show
from pacesetter.cli.tables.portfolio import (
    figure_tables,
    import_tables,
    list_table,
    plain_view,
    stress_table,
    trade_table,
)
from pacesetter.cli.tables.portfolio_values import read_decimal, split_mapping
from pacesetter.kernel.errors import BadFile

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="Portfolios: import files, enter trades, and see value, risk, exposures and stress.",
)
Result = TypeVar("Result")
Name = Annotated[str, typer.Argument(metavar="PORTFOLIO", help="Name or id of a portfolio.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="What a column means; remembered for the next file."),
]


Number = Annotated[Decimal | None, typer.Option(parser=read_decimal, metavar="NUMBER")]


@app.callback()
def portfolio(ctx: typer.Context) -> None:
    """Portfolios: import files, enter trades, and see value, risk, exposures and stress."""
    if ctx.invoked_subcommand is None:
        list_(ctx)


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List all portfolios with their value."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_over

    found, _ = in_market(options_of(ctx), look_over)
    show(options_of(ctx), {"portfolios": [plain_view(one) for one in found]}, list_table(found))


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the portfolio is called.")],
    currency: Annotated[str, typer.Option("--currency", help="Its base currency, such as EUR.")] = "USD",
    benchmark: Annotated[
        str | None, typer.Option("--benchmark", help="A known symbol (default: SPY).")
    ] = None,
) -> None:
    """Make a portfolio, for everyone who may read here."""
    from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio

    made, _ = in_market(
        options_of(ctx),
        lambda ws: create_portfolio(ws, name, base_currency=currency, benchmark=benchmark, user_id=None),
    )
    foot = f"`pacesetter portfolio import {name!r} FILE` fills it"
    show(options_of(ctx), plain_view(made), Table("", list_table([]).columns, list_table([made]).rows, foot))


@app.command("show")
def show_(ctx: typer.Context, name: Name) -> None:
    """Show what a portfolio holds, what it is worth and how it did; brought up to date first."""
    from pacesetter.jobs.portfolios.view_portfolio import view_positions

    (found, positions), _ = in_market(options_of(ctx), lambda ws: brought_up(ws, name, view_positions))
    body = plain_view(found.about) | {k: v for k, v in vars(found).items() if k != "about"}
    body["positions"] = [{**one, "id": str(one["id"])} for one in positions]
    show(options_of(ctx), body, *figure_tables(found, positions))


@app.command()
def stress(ctx: typer.Context, name: Name) -> None:
    """Show what nineteen scenarios would do to a portfolio."""
    from pacesetter.jobs.portfolios.view_portfolio import view_snapshot

    found, _ = in_market(options_of(ctx), lambda ws: brought_up(ws, name, view_snapshot))
    head = {"portfolio": found.about.name, "as_of": found.about.metric_date}
    show(options_of(ctx), {**head, "rows": found.stress}, stress_table(found))


async def brought_up(ws: Any, name: str, view: Callable[[Any, Any], Awaitable[Result]]) -> Result:
    """A view of a portfolio that is up to date."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_for
    from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios

    about = await look_for(ws, name)
    await refresh_portfolios(ws, portfolio_ids=[about.id])
    return await view(ws, about.id)


@app.command("import")
def import_(
    ctx: typer.Context,
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file of positions or of trades.")],
    dry_run: DryRun = False,
    mapped: Map = None,
) -> None:
    """Import positions or trades: all of a file, or all that is wrong with it."""
    from pacesetter.jobs.imports.import_portfolio import import_portfolio
    from pacesetter.jobs.portfolios.keep_portfolios import look_for

    options = options_of(ctx)
    if not file.is_file():
        raise BadFile("there is no such file", where=str(file), mend="check the path")
    data, mapping = file.read_bytes(), dict(split_mapping(text) for text in mapped or [])

    async def work(ws: Any) -> Any:
        about = await look_for(ws, name)
        return await import_portfolio(ws, about.id, data, file.name, mapping=mapping, dry_run=dry_run)

    done, _ = in_market(options_of(ctx), work)
    say(options, *done.said)
    body = vars(done) | {
        "faults": [vars(one) for one in done.faults],
        "rows": [vars(one) for one in done.rows],
    }
    show(options, {**body, "portfolio": name}, *import_tables(done))
    if dry_run:
        say(options, "dry run: nothing was kept")
    if not done.accepted:
        raise typer.Exit(USAGE)


@app.command()
def trades(ctx: typer.Context, name: Name) -> None:
    """List the trades of a portfolio with their ids, oldest first."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_for
    from pacesetter.jobs.portfolios.trade_portfolio import look_through

    async def work(ws: Any) -> list[Any]:
        about = await look_for(ws, name)
        return (await look_through(ws, about.id, before=None, limit=1_000_000))[1][::-1]

    rows, _ = in_market(options_of(ctx), work)
    names = ("id", "traded_on", "action", "symbol", "quantity", "price", "amount", "commission", "currency")
    shown = [{**{n: getattr(row, n) for n in names}, "import_id": row.import_id} for row in rows]
    show(options_of(ctx), {"portfolio": name, "rows": shown}, trade_table(rows))


@app.command()
def trade(
    ctx: typer.Context,
    name: Name,
    action: Annotated[
        str, typer.Argument(help="buy, sell, short, cover, deposit, withdrawal, dividend, fee.")
    ],
    on: Annotated[date, typer.Option("--on", parser=date_option("--on"), metavar="DATE", help="Its day.")],
    symbol: Annotated[str | None, typer.Option("--symbol", help="What was traded.")] = None,
    quantity: Number = None,
    price: Number = None,
    amount: Number = None,
    commission: Number = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Default: the symbol's own.")] = None,
) -> None:
    """Add one trade."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_for
    from pacesetter.jobs.portfolios.trade_portfolio import add_trade

    given: dict[str, Any] = {"action": action, "traded_on": on, "symbol": symbol, "currency": currency}
    given |= {"quantity": quantity, "price": price, "amount": amount, "commission": commission or Decimal(0)}

    async def work(ws: Any) -> Any:
        return await add_trade(ws, (await look_for(ws, name)).id, **given)

    done, _ = in_market(options_of(ctx), work)
    say(options_of(ctx), *done.said)
    show(options_of(ctx), vars(done), Table("", [Column("added"), Column("id", str)], [[action, done.id]]))


@app.command()
def undo(
    ctx: typer.Context,
    name: Name,
    which: Annotated[str, typer.Argument(metavar="ID", help="Id of an import or a trade, or a part of it.")],
) -> None:
    """Take a whole import back, or one trade."""
    from pacesetter.jobs.imports.undo_portfolio import undo as take_back

    done, _ = in_market(options_of(ctx), lambda ws: take_back(ws, name, which))
    show(options_of(ctx), done, Table("", [Column(key) for key in done], [list(done.values())]))


@app.command()
def refresh(ctx: typer.Context) -> None:
    """Bring all portfolios up to date; what has not changed is left alone."""
    from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios

    done, _ = in_market(options_of(ctx), refresh_portfolios)
    names = ("asked", "refreshed", "unchanged", "partial", "took_s")
    row = [getattr(done, name) for name in names[:-1]] + [f"{done.took_s:.1f}"]
    say(options_of(ctx), *(f"{one.name} ({one.id}) could not be valued: {one.why}" for one in done.failed))
    body = vars(done) | {"failed": [vars(one) for one in done.failed]}
    show(options_of(ctx), body, Table("", [Column(n, right=True) for n in names], [row]))


@app.command()
def remove(ctx: typer.Context, name: Name) -> None:
    """Take a portfolio away; its trades stay stored."""
    from pacesetter.jobs.portfolios.keep_portfolios import look_for, remove_portfolio

    async def work(ws: Any) -> Any:
        return await remove_portfolio(ws, (await look_for(ws, name)).id)

    gone, _ = in_market(options_of(ctx), work)
    show(options_of(ctx), {"removed": gone.name}, Table("", [Column("removed")], [[gone.name]]))
