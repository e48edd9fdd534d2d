"""``pacesetter backup``: a checked copy of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.workspace import Workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def backup(ctx: typer.Context) -> None:
    """Copy the whole database into the backups folder.

    It may be in use meanwhile. `pacesetter restore FILE` brings a copy back.
    """
    from pacesetter.store.database.backup import back_up

    options = options_of(ctx)

    async def work(ws: Workspace) -> dict[str, Any]:
        path = await back_up(ws.db, ws.home, ws.now())
        return {"path": str(path), "bytes": path.stat().st_size, "simulated": ws.simulated}

    done = in_home(options, work)
    if options.json or options.csv:
        show(options, done, Table("", [Column("backup"), Column("bytes")], [[done["path"], done["bytes"]]]))
        return
    typer.echo(done["path"])  # nothing else, and in one line: the next command takes it
    say(options, f"{done['bytes']:,} bytes, checked; `pacesetter restore FILE` brings it back")
