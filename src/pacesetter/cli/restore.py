"""``pacesetter restore``: a backup back in its place."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A file of the backups folder.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, also on a terminal.")] = False,
) -> None:
    """Put a backup in the place of the database.

    The backup is checked first; the former state is kept as a backup of its own.
    On a terminal it asks before it does so.
    """
    options = options_of(ctx)
    settings = options.settings()
    if not yes and file.exists() and sys.stdin.isatty():
        typer.confirm(f"put {file.name} in the place of the database?", abort=True, err=True)
    done = asyncio.run(bring_back(settings, file))
    show(options, done, Table("", [Column("restored"), Column("into")], [[done["restored"], done["into"]]]))
    if done["kept"]:
        say(options, f"the former state is kept: {done['kept']}")


async def bring_back(settings: Any, file: Path) -> dict[str, Any]:
    """Restore without opening the database first: it may be the broken one."""
    from pacesetter.jobs.workspace import open_workspace
    from pacesetter.kernel.clock import SystemClock
    from pacesetter.store.database.backup import restore as put_back
    from pacesetter.store.database.engine import Database
    from pacesetter.store.database.home import Home, database_url

    home = Home(settings.home.expanduser())
    simulated = settings.database_url is None and file.name.startswith(home.simulated_db.stem)
    home.create()
    db = Database(database_url(settings.database_url, home, simulated=simulated))
    try:
        kept = await put_back(db, home, file, SystemClock().now())
    finally:
        await db.close()
    async with open_workspace(settings, simulated=simulated) as ws:  # migrates an older backup
        return {"restored": str(file), "into": ws.db.where, "kept": str(kept) if kept else None}
