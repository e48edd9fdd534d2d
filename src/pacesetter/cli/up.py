"""``pacesetter up``: everything, with one command."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import make_console, print_table, say
from pacesetter.cli.progress import watch
from pacesetter.cli.source import SourceName

app = typer.Typer(add_completion=False, rich_markup_mode=None)

BANNER = """
  +---------------------------------------------------------------+
  |  S I M U L A T E D   an invented market, no real prices       |
  |  pacesetter import prices FILE brings your own                |
  +---------------------------------------------------------------+
"""


@app.command()
def up(
    ctx: typer.Context,
    source: Annotated[
        SourceName | None,
        typer.Option("--source", help="Where prices come from; none: serve what is stored, fetch nothing."),
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on (0: any free one).")] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
) -> None:
    """Start Pacesetter: fetch, rank, and serve page and API."""
    from pacesetter.cli.rank import leader_tables
    from pacesetter.jobs.accounts.first_owner import first_owner
    from pacesetter.jobs.accounts.logins import first_link
    from pacesetter.jobs.runner.start import first_start
    from pacesetter.web.server import check_address, locked, serve

    options = options_of(ctx)
    settings = options.settings(source=source, port=port, host=host)
    check_address(
        settings.host, settings.port, locked=settings.owner_password_file is not None or locked(settings)
    )
    with watch(options, "start") as progress:
        started = asyncio.run(first_start(settings, echo=lambda line: say(options, line), progress=progress))
    if started.leaders is not None:
        console = make_console(options)
        for table in leader_tables(started.leaders)[:1]:
            print_table(console, table)
    else:
        say(options, "nothing is ranked yet: `pacesetter import prices FILE`, then `pacesetter cycle`")
    if started.simulated:
        typer.echo(BANNER)
    if asyncio.run(first_owner(started.settings, simulated=started.simulated)):
        say(options, f"there is a user `owner` now, whose password is in {settings.owner_password_file}")
    token = asyncio.run(first_link(started.settings, simulated=started.simulated))

    def announce(address: str) -> None:
        typer.echo(f"Pacesetter is at {address} (Ctrl-C stops it)")
        if token is not None:  # no data, and not for a file: it lets in whoever opens it
            typer.echo(f"To be its owner, open within ten minutes: {address}/login?token={token}", err=True)

    serve(started.settings, simulated=started.simulated, announce=announce)
