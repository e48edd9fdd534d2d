"""Options that hold for every command, and arguments that several of them take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.kernel.dates import parse_date, parse_instant
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.settings import Settings


@dataclass
class Options:
    """What was said before the command (or after it), for the whole call."""

    home: Path | None = None
    json: bool = False
    csv: bool = False
    quiet: bool = False
    no_color: bool = False
    debug: bool = False

    def settings(self, **over: Any) -> Settings:
        """The settings in force; ``over`` are options of the command itself."""
        from pacesetter.settings import load_settings  # pydantic is slow to import, and help needs none of it

        return load_settings(home=self.home, **over)

    def check(self) -> None:
        """Refuse options that exclude each other."""
        if self.json and self.csv:
            raise InputError("--json and --csv exclude each other", mend="choose one")


def options_of(ctx: typer.Context) -> Options:
    """The options of this call."""
    options: Options = ctx.obj
    options.check()
    return options


def date_option(flag: str) -> Any:
    """A parser of dates that names the option in its message."""
    return lambda text: parse_date(text, where=flag)


OnDate = Annotated[
    date | None,
    typer.Option(
        "--on", parser=date_option("--on"), metavar="DATE", help="Session to look at, as YYYY-MM-DD."
    ),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at",
        parser=lambda text: parse_instant(text, where="--known-at"),
        metavar="INSTANT",
        help="As it was published or known then: a date (its end), or 2025-07-24T21:30 (UTC).",
    ),
]
Plot = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE", help="Draw it, too: FILE.svg or FILE.png.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would become of each row, and keep nothing.")
]
InputFile = Annotated[
    Path, typer.Argument(metavar="FILE", show_default=False, help="CSV or Parquet file, or a folder of them.")
]
