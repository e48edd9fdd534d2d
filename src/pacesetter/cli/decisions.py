"""``pacesetter decisions``: what the desk proposes, and what a person makes of it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import date_option, options_of
from pacesetter.cli.output import say, show
from pacesetter.cli.tables.decisions import decision_tables, list_table, plain_decision
from pacesetter.cli.tables.portfolio_values import read_decimal

if TYPE_CHECKING:
    from pacesetter.jobs.decisions.answer_decision import Answered

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the desk's decisions; show, approve, reject or modify one; log its trade.",
)
Which = Annotated[
    str, typer.Argument(metavar="ID|SYMBOL", help="An id, the beginning or end of one, or a symbol.")
]
Number = Annotated[Decimal | None, typer.Option(parser=read_decimal, metavar="NUMBER")]


@app.callback()
def decisions(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that are answered, too.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """List the desk's decisions; show, approve, reject or modify one; log its trade."""
    if ctx.invoked_subcommand is None:
        from pacesetter.jobs.decisions.view_decisions import list_decisions

        found, _ = in_market(options_of(ctx), lambda ws: list_decisions(ws, to_do=not every, limit=limit))
        show(options_of(ctx), {"rows": [plain_decision(row) for row in found]}, list_table(found, every))


@app.command("show")
def show_(ctx: typer.Context, which: Which) -> None:
    """Show a decision with its votes, reasons, the challenge, and the limits that cut it."""
    from pacesetter.jobs.decisions.view_decisions import view_decision

    row, _ = in_market(options_of(ctx), lambda ws: view_decision(ws, which))
    show(options_of(ctx), asdict(row), *decision_tables(row))


@app.command()
def approve(ctx: typer.Context, which: Which) -> None:
    """Approve a decision; on paper it is traded at the next session's open."""
    from pacesetter.jobs.decisions.answer_decision import approve as act

    answer(ctx, which, lambda ws, row, by: act(ws, row.id, by=by))


@app.command()
def reject(
    ctx: typer.Context,
    which: Which,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
) -> None:
    """Reject a decision, for a reason."""
    from pacesetter.jobs.decisions.answer_decision import reject as act

    answer(ctx, which, lambda ws, row, by: act(ws, row.id, reason=reason, by=by))


@app.command()
def modify(
    ctx: typer.Context,
    which: Which,
    quantity: Number = None,
    price: Number = None,
    stop: Number = None,
    target: Number = None,
) -> None:
    """Change a decision's quantity, price, stop or target; it then waits for approval."""
    from pacesetter.jobs.decisions.answer_decision import modify as act

    terms: dict[str, Any] = {"quantity": quantity, "price": price, "stop": stop, "target": target}
    answer(ctx, which, lambda ws, row, by: act(ws, row.id, by=by, **terms))


@app.command()
def trade(
    ctx: typer.Context,
    which: Which,
    price: Annotated[Decimal, typer.Option("--price", parser=read_decimal, metavar="NUMBER", help="Of one.")],
    quantity: Number = None,
    on: Annotated[
        date | None, typer.Option("--on", parser=date_option("--on"), metavar="DATE", help="Default: today.")
    ] = None,
    commission: Number = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Of the price; GBX for pence. Default: the symbol's own.")
    ] = None,
    portfolio: Annotated[
        str | None, typer.Option("--portfolio", help="Where, for a decision without a portfolio.")
    ] = None,
) -> None:
    """Log the trade of an approved decision: it goes into the portfolio, with stop and target."""
    from pacesetter.jobs.decisions.log_trade import log_trade as act

    given: dict[str, Any] = {"price": price, "quantity": quantity, "traded_on": on}
    given |= {"commission": commission or Decimal(0), "currency": currency, "portfolio": portfolio}
    answer(ctx, which, lambda ws, row, by: act(ws, row.id, by=by, **given))


def answer(ctx: typer.Context, which: str, act: Callable[[Any, Any, str], Any]) -> None:
    """Take a step with one decision, and show what it is then."""
    from pacesetter.jobs.decisions.view_decisions import view_decision

    async def work(ws: Any) -> Answered:
        row = await view_decision(ws, which)
        done: Answered = await act(ws, row, getpass.getuser())
        return done

    options = options_of(ctx)
    done, _ = in_market(options_of(ctx), work)
    body = asdict(done.decision) | {"event": done.event, "kept": done.kept, "said": list(done.said)}
    show(options, body, list_table([done.decision], True))
    say(options, f"{done.decision.symbol}: {done.event}", *done.said)
    if not done.kept:
        say(options, "dry run: nothing was kept")
