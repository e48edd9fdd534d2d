"""``pacesetter backup``: a checked copy of the database."""

from __future__ import annotations

import asyncio
from typing import Any

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def backup(ctx: typer.Context) -> None:
    """Copy the whole database into the backups folder.

    It may be in use meanwhile. `pacesetter restore FILE` brings a copy back.
    """
    from pacesetter.jobs.workspace import open_workspace
    from pacesetter.store.database.backup import back_up

    options = options_of(ctx)

    async def work() -> dict[str, Any]:
        async with open_workspace(options.settings()) as ws:
            path = await back_up(ws.db, ws.home, ws.now())
            return {"path": str(path), "bytes": path.stat().st_size, "simulated": ws.simulated}

    done = asyncio.run(work())
    if options.json or options.csv:
        show(options, done, Table("", [Column("backup"), Column("bytes")], [[done["path"], done["bytes"]]]))
        return
    typer.echo(done["path"])  # nothing else, and in one line: the next command takes it
    say(options, f"{done['bytes']:,} bytes, checked; `pacesetter restore FILE` brings it back")
