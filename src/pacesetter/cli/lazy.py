"""Commands that are imported only when they are called, so that help costs nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from pacesetter.cli.options import Options

SHARED = ("home", "json", "csv", "quiet", "no_color", "debug")  # accepted after the command, too

COMMANDS = {  # in the order of use; a test compares each line with the command's own first one
    "up": "Start Pacesetter: fetch, rank, and serve page and API.",
    "cycle": "Fetch what is missing, rank a session and publish it.",
    "import": "Import prices, fundamentals, symbols, boxes or rates; list imports; take one back.",
    "inbox": "List what came by the watched folder; look into it now; make its folders; put a file back.",
    "rank": "Show a board, or the leaders of all boards and the best overall.",
    "explain": "Show what a symbol's rank is made of, number by number.",
    "changes": "Split each change of rank exactly among its causes.",
    "history": "Show a symbol's published ranks over time, and the trend of its score.",
    "backfill": "Rank past dates, or all history.",
    "onboard": "Bring symbols in: prices, exposures and figures; or work on the queue of them, or list it.",
    "batch": "Measure every symbol's exposures and figures; missed sessions are caught up.",
    "exposures": "Show what a symbol moves with: its exposure to every factor, and how sure that is.",
    "portfolio": "Portfolios: import files, enter trades, and see value, risk, exposures and stress.",
    "boxes": "Show sealed boxes by volume or any measure, one in full, or their market; enter figures.",
    "night": "Let the desk work over a finished session: signals, queue, opinions, decisions, report.",
    "signals": "List the signals of the last days with what is left of each; show what they come to.",
    "queue": "Show the research queue: who waits, the best first; who left it, or a symbol's past in it.",
    "watch": "List the watchlist; add, edit and remove entries; try a condition on the past year.",
    "decisions": "List the desk's decisions; show, approve, reject or modify one; log its trade.",
    "agents": "List the desk's agents with weight and track record; set one, or all by a preset or a file.",
    "report": "Show the morning report, write it to a file, send it; list the reports that are kept.",
    "jobs": "List the jobs that the server was asked for, or show one.",
    "verify": "Rebuild a published date from what was known then, and compare every number.",
    "validate": "Hold a board's scores and factors against the returns that followed.",
    "leakage": "Value past dates again without the future, and list every number that changes.",
    "quarantine": "List the prices that are held back; accept or repair one.",
    "domains": "List the boards and their members; make, edit and remove boards of your own.",
    "methods": "List the ranking methods with their weights, or all factors; keep, compare and try methods.",
    "audit": "List who changed what and when; check that the record is whole.",
    "user": "List who may log in; add and remove users; login links, keys for programs.",
    "doctor": "Say what is wrong, and the one command that mends it.",
    "backup": "Copy the whole database into the backups folder.",
    "restore": "Put a backup in the place of the database.",
    "llm": "Show the language model that adds texts to opinions, and what it took; or try it.",
    "cache": "Look at the answers that the running server keeps, and make the ones asked for most.",
    "config": "Show the settings in force and where each comes from.",
}


class LazyCommands(Mapping[str, Any]):
    """Commands by name; a module is imported when its command is asked for."""

    def __init__(self, shared: list[Any]) -> None:
        self._shared = shared
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        if name not in self._loaded:
            module = import_module(f"pacesetter.cli.{name}{'_' * (name == 'import')}")
            command = typer.main.get_command(module.app)
            command.name = name
            self._loaded[name] = accept(command, self._shared)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class LazyGroup(TyperGroup):
    """The root of the command line. Its help reads the table above and imports no command."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        shared = [param for param in self.params if param.name in SHARED]
        for param in shared:
            param.callback = note
        self.commands: Any = LazyCommands([late(param) for param in shared])

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Names in the order of use."""
        return list(COMMANDS)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        """The list of commands in the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def accept(command: Any, shared: list[Any]) -> Any:
    """Let a command, and all commands inside it, take the shared options after its name."""
    taken = {flag for param in command.params for flag in param.opts}
    command.params += [param for param in shared if not taken & set(param.opts)]
    for inner in getattr(command, "commands", {}).values():
        accept(inner, shared)
    return command


def late(param: Any) -> Any:
    """A hidden copy of a shared option, for the place after the command."""
    twin = copy.copy(param)
    twin.hidden, twin.expose_value = True, False
    return twin


def note(ctx: Any, param: Any, value: Any) -> Any:
    """Take a shared option over into ``Options`` as soon as it is read: a later error needs it."""
    if value and isinstance(ctx.obj, Options):
        setattr(ctx.obj, param.name, value)
    return value
