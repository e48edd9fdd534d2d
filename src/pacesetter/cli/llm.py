"""``pacesetter llm``: the optional language model, what it took, and a trial."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="Show the language model that adds texts to opinions, and what it took; or try it.",
)


def money(value: Any) -> str:
    """A cost in the currency of the price that is set; a dash where none is."""
    return "–" if value is None else f"{value:.4f}"


@app.callback()
def llm(ctx: typer.Context) -> None:
    """Show the language model that adds texts to opinions, and what it took; or try it."""
    if ctx.invoked_subcommand is not None:
        return
    from pacesetter.jobs.desk.try_model import describe_model
    from pacesetter.store.database.home import Home

    options = options_of(ctx)
    settings = options.settings()
    state = describe_model(settings, Home(settings.home.expanduser()))
    shown = {name: value for name, value in asdict(state).items() if name != "nights"}
    shown["key_set"] = "yes" if state.key_set else "no"
    shown["configured"] = "yes" if state.configured else "no: the desk works by its rules alone"
    nights = Table(
        "what it took",
        [
            Column("night"),
            Column("calls", right=True),
            Column("failed", right=True),
            Column("tokens", right=True),
            Column("cost", money, right=True),
        ],
        [[n.night, n.calls, n.failed, n.tokens, n.cost] for n in state.nights],
        "" if state.nights else "nothing has been asked yet",
    )
    rows = [[name.replace("_", " "), value] for name, value in shown.items()]
    show(options, asdict(state), Table("", [Column("what"), Column("value")], rows), nights)


@app.command("try")
def try_(ctx: typer.Context) -> None:
    """Ask the model once about invented figures, and show its text, tokens and cost."""
    import asyncio
    from datetime import UTC, datetime

    from pacesetter.jobs.desk.try_model import try_model
    from pacesetter.store.database.home import Home

    options = options_of(ctx)
    settings = options.settings()
    trial = asyncio.run(try_model(settings, Home(settings.home.expanduser()), datetime.now(UTC)))
    rows = [[name.replace("_", " "), value] for name, value in asdict(trial).items() if name != "ignored"]
    if trial.ignored:
        say(options, f"ignored in its answer: {', '.join(trial.ignored)}")
    if "~~" in trial.thesis + trial.would_change:
        say(options, "what stands between ~~ is not among the figures that it was given")
    show(options, asdict(trial), Table("", [Column("what"), Column("value")], rows))
