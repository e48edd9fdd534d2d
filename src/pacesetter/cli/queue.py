"""``pacesetter queue``: who waits in the research queue, who left it and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, decimals, show

if TYPE_CHECKING:
    from pacesetter.store.desk.research_queue import QueueRow

app = typer.Typer(add_completion=False, rich_markup_mode=None)

LISTED = 100


@app.command()
def queue(
    ctx: typer.Context,
    symbol: Annotated[
        str | None, typer.Argument(metavar="[SYMBOL]", help="Every time that it was in the queue.")
    ] = None,
    left: Annotated[bool, typer.Option("--left", help="Who left, the last first.")] = False,
    status: Annotated[
        str | None, typer.Option("--status", help="Who left so: promoted, dropped, expired or displaced.")
    ] = None,
) -> None:
    """Show the research queue: who waits, the best first; who left it, or a symbol's past in it."""
    from pacesetter.jobs.desk.view_queue import view_queue

    options = options_of(ctx)
    rows, simulated = in_market(
        options, lambda ws: view_queue(ws, symbol=symbol, left=left, status=status, limit=LISTED)
    )
    columns = [
        Column("symbol"),
        Column("score", decimals(1), right=True),
        Column("status"),
        Column("entered"),
        Column("with", decimals(1), right=True),
        Column("scored"),
        Column("left"),
        Column("why", if_any=True),
    ]
    table = [
        [r.symbol, r.score, r.status, r.entered_on, r.entry_score, r.scored_on, r.left_on, r.reason]
        for r in rows
    ]
    body = {"simulated": simulated, "rows": [tell_entry(row) for row in rows]}
    show(options, body, Table("", columns, table, "" if rows else "none"))


def tell_entry(row: QueueRow) -> dict[str, Any]:
    """An entry for JSON."""
    return {name: value for name, value in vars(row).items() if name != "stock_id"}
