"""``pacesetter audit``: who changed what and when, and whether that record is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, moment, say, show

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List who changed what and when; check that the record is whole.",
)
LONGEST = 100  # characters of an entry's details in a table


@app.callback()
def audit(
    ctx: typer.Context,
    action: Annotated[
        str | None, typer.Option("--action", help="Only these: an action (decision.approved) or its noun.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 50,
) -> None:
    """List who changed what and when; check that the record is whole."""
    if ctx.invoked_subcommand is not None:
        return
    from pacesetter.jobs.desk.view_audit import view_audit

    options = options_of(ctx)

    rows, _ = in_market(options, lambda ws: view_audit(ws, action=action, limit=limit))
    payload = [
        {
            "sequence": row.sequence,
            "timestamp": row.timestamp,
            "action": row.action,
            "user": who,
            "data": row.data,
            "hash": row.hash,
        }
        for row, who in rows
    ]
    columns = [
        Column("no.", right=True),
        Column("when", moment),
        Column("action"),
        Column("who"),
        Column("details"),
    ]
    cells = [[row.sequence, row.timestamp, row.action, who, shorten(row.details)] for row, who in rows]
    show(options, payload, Table("Audit log, the newest first", columns, cells))
    if not rows and not (options.json or options.csv):
        say(options, "nothing was changed yet" if action is None else f"there is no entry of {action}")


@app.command()
def verify(
    ctx: typer.Context,
    head: Annotated[
        str | None,
        typer.Option("--head", help="A newest hash noted before: the record must still contain it."),
    ] = None,
) -> None:
    """Look at every entry: none may be changed, missing, added or moved.

    Ends with 1 where one is. Note the newest hash elsewhere, and hand it over with --head
    next time: so a record that was made anew as a whole is found, too.
    """
    from pacesetter.jobs.desk.view_audit import verify_audit

    options = options_of(ctx)

    check, _ = in_market(options, lambda ws: verify_audit(ws, head=head))
    found = [{"sequence": one.sequence, "reason": one.reason} for one in check.breaks]
    payload = {"entries": check.n, "head": check.head, "whole": not found, "breaks": found}
    columns = [Column("no.", right=True), Column("what is wrong")]
    if found or options.json or options.csv:
        show(options, payload, Table("", columns, [[one.sequence, one.reason] for one in check.breaks]))
    if found:
        say(options, f"{check.n:,} entries were read; the record is NOT whole: compare it with a backup")
        raise typer.Exit(1)
    say(options, f"{check.n:,} entries, each following the one before it; the newest hash is {check.head}")


def shorten(details: str) -> str:
    """What a table shows of an entry."""
    return details if len(details) <= LONGEST else f"{details[: LONGEST - 1]}…"
