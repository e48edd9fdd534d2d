"""``pacesetter config``: the settings in force."""

from __future__ import annotations

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, show

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Show the settings in force and where each comes from."
)


@app.callback()
def config() -> None:
    """Show the settings in force and where each comes from."""


@app.command("show")
def show_(ctx: typer.Context) -> None:
    """List every setting with its value and where it comes from."""
    from pacesetter.settings import describe_settings

    options = options_of(ctx)
    rows = describe_settings(home=options.home)
    table = Table(
        "",
        [Column("setting"), Column("value"), Column("from"), Column("variable", wide_only=True)],
        [[row.name, row.value, row.origin, row.variable] for row in rows],
    )
    payload = [{"name": r.name, "value": r.value, "from": r.origin, "variable": r.variable} for r in rows]
    show(options, {"settings": payload}, table)
