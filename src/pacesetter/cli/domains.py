"""``pacesetter domains``: the boards."""

from __future__ import annotations

import asyncio
from typing import Any

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def domains(ctx: typer.Context) -> None:
    """List the boards and their members."""
    from pacesetter.jobs.workspace import open_workspace
    from pacesetter.store.domains import list_domains
    from pacesetter.store.memberships import members_on

    options = options_of(ctx)

    async def look() -> list[dict[str, Any]]:
        async with open_workspace(options.settings()) as ws, ws.db.read() as conn:
            today = ws.now().date()
            return [
                {
                    "name": row.name,
                    "slug": row.slug,
                    "description": row.description,
                    "asset_type": row.asset_type,
                    "method": row.method,
                    "members": await members_on(conn, row.id, today),
                }
                for row in await list_domains(conn)
            ]

    rows = asyncio.run(look())
    table = Table(
        "",
        [
            Column("board"),
            Column("slug"),
            Column("method"),
            Column("members"),
            Column("description", wide_only=True),
        ],
        [[x["name"], x["slug"], x["method"], " ".join(x["members"]), x["description"]] for x in rows],
    )
    show(options, {"domains": rows}, table)
