"""The program ``pacesetter``: options before the command, and one exit for every outcome."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pacesetter import __version__
from pacesetter.cli.exits import settle
from pacesetter.cli.lazy import LazyGroup
from pacesetter.cli.options import Options
from pacesetter.kernel.collector import spare_what_is_loaded

app = typer.Typer(
    name="pacesetter",
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"pacesetter {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def pacesetter(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="Folder that holds all state (PACESETTER_HOME)."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print data as JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print data as CSV.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print data and errors only.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (as NO_COLOR=1).")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Rank what you follow every day, and see why each rank is what it is."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def call(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    options = Options(debug="--debug" in arguments)
    try:
        command = typer.main.get_command(app)
        code = command.main(args=arguments, prog_name="pacesetter", standalone_mode=False, obj=options)
        sys.stdout.flush()
    except BaseException as error:
        return settle(error, options)
    return code if isinstance(code, int) else 0


def run() -> None:
    """The entry point of the installed program."""
    spare_what_is_loaded()
    sys.exit(call(sys.argv[1:]))
