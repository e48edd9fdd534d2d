"""``pacesetter leakage``: whether any number knows its future."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.exits import FINDINGS
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, show, warn_simulated
from pacesetter.cli.progress import watch

if TYPE_CHECKING:
    from pacesetter.jobs.boards.check_leakage import LeakageReport

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def leakage(
    ctx: typer.Context,
    board: Annotated[str, typer.Argument(metavar="BOARD", help="Whose method and symbols.")] = "AI/Tech",
    factor: Annotated[str | None, typer.Option("--factor", help="Only this factor.")] = None,
    dates: Annotated[int, typer.Option("--dates", min=1, help="How many dates to try.")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Which dates, and how the future is shuffled.")] = 1,
) -> None:
    """Value past dates again without the future, and list every number that changes.

    All bars and facts behind a date are removed, then shuffled. Exit code 1 when any
    factor or score turns out to have known them.
    """
    from pacesetter.jobs.boards.check_leakage import check_leakage
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)

    async def work() -> LeakageReport:
        with watch(options, "leakage") as progress:
            async with open_workspace(options.settings()) as ws:
                return await check_leakage(ws, board, only=factor, tried=dates, seed=seed, progress=progress)

    found = asyncio.run(work())
    warn_simulated(options, found.simulated)
    names = ("factor", "symbol", "on", "kind", "before", "after")
    rows = [[getattr(leak, name) for name in names] for leak in found.leaks]
    what = f"{len(found.factors)} factors" + ("" if factor else f" and the scores of {found.method}")
    said = f"{len(rows)} changed with the future" if rows else "none knows its future"
    foot = f"{what}, {found.symbols} symbols, {len(found.dates)} dates: {said}"
    show(
        options,
        {**vars(found), "leaks": [dict(zip(names, row, strict=True)) for row in rows]},
        Table("", [Column(name) for name in names], rows, foot),
    )
    if rows:
        raise typer.Exit(FINDINGS)
