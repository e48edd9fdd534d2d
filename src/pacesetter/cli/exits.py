"""From an error to one line and an exit code; the only place that knows the codes.

0 all is well · 1 the doctor or a verification found something · 2 wrong input · 3 configuration · 4 database
5 data provider · 70 a bug, with a report in HOME/logs · 130 stopped by Ctrl-C
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import typer

from pacesetter.cli.options import Options
from pacesetter.kernel.errors import (
    AccessError,
    ApiError,
    ConfigError,
    InputError,
    JobStopped,
    PacesetterError,
    PluginError,
    ProviderError,
    StoreError,
)

FINDINGS, USAGE, BUG, STOPPED = 1, 2, 70, 130
CODES: dict[type[PacesetterError], int] = {
    InputError: USAGE,
    AccessError: USAGE,
    ApiError: USAGE,
    ConfigError: 3,
    PluginError: 3,
    StoreError: 4,
    ProviderError: 5,
    JobStopped: STOPPED,
}


def code_of(error: PacesetterError) -> int:
    """The exit code of the nearest class in the tree."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), BUG)


def settle(error: BaseException, options: Options) -> int:
    """Say what went wrong in one line on stderr and return the exit code."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else BUG
    if isinstance(error, BrokenPipeError):  # the reader of a pipe has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        print_error("stopped")
        return STOPPED
    if options.debug:
        traceback.print_exception(error)
    if isinstance(error, PacesetterError):
        print_error(f"error: {error}")
        return code_of(error)
    if isinstance(error, typer.TyperException):
        print_error(f"error: {usage(error)}")
        return USAGE
    if isinstance(error, OSError) and error.filename is not None:
        print_error(f"error: {error.strerror} ({error.filename})")
        return USAGE
    print_error(f"error: unexpected {type(error).__name__}: {one_line(error)} — {report(error, options)}")
    return BUG


def usage(error: typer.TyperException) -> str:
    """The parser's complaint in this program's form, with the help to read."""
    context = getattr(error, "ctx", None)
    said = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    asked = context.command_path if context is not None else "pacesetter"
    return f"{said[:1].lower()}{said[1:]} — see `{asked} --help`"


def report(error: BaseException, options: Options) -> str:
    """Write the traceback into HOME/logs and say where; ``--debug`` shows it at once."""
    try:
        folder = Path(options.settings().home).expanduser() / "logs"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
        path.write_text("".join(traceback.format_exception(error)), "utf-8")
    except (OSError, PacesetterError):
        return "this is a bug; --debug shows where"
    return f"this is a bug; what happened is in {path}"


def one_line(error: BaseException) -> str:
    """The first line of a message, cut where it is endless."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else "no message"


def print_error(line: str) -> None:
    """One line on stderr, whatever the message holds."""
    clean = "".join(c if c.isprintable() else " " for c in " ".join(line.split()))
    print(clean, file=sys.stderr, flush=True)
