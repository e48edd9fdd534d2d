"""``pacesetter doctor``: what is wrong, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.home import in_market
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, show

if TYPE_CHECKING:
    pass

MARKS = {"ok": "✓ ok", "warn": "! warn", "bad": "✗ bad"}
STYLES = {"ok": "green", "warn": "yellow", "bad": "red"}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def doctor(
    ctx: typer.Context,
    symbol: Annotated[
        str | None,
        typer.Argument(
            metavar="SYMBOL", show_default=False, help="Say why this symbol is missing or unranked."
        ),
    ] = None,
) -> None:
    """Say what is wrong, and the one command that mends it.

    The exit code is 1 when something is bad.
    """
    from pacesetter.jobs.health.diagnose import diagnose

    options = options_of(ctx)

    findings, simulated = in_market(options, lambda ws: diagnose(ws, symbol))
    bad = sum(finding.level == "bad" for finding in findings)
    table = Table(
        "",
        [Column("", lambda level: MARKS[level]), Column("what"), Column("where"), Column("what mends it")],
        [[f.level, f.what, f.where, f.mend] for f in findings],
        marks={n: STYLES[f.level] for n, f in enumerate(findings) if f.level != "ok"},
    )
    show(options, {"bad": bad, "simulated": simulated, "findings": findings}, table)
    if bad:
        raise typer.Exit(FINDINGS)
