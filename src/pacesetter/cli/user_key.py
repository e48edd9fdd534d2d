"""``pacesetter user key``: keys for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, moment, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.accounts.api_keys import Key

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List keys for programs; make and revoke them.",
)

User = Annotated[str, typer.Argument(metavar="USER", help="Whose key it is.")]


@app.callback()
def key(ctx: typer.Context) -> None:
    """List keys for programs; make and revoke them."""
    if ctx.invoked_subcommand is None:
        list_all(ctx)


@app.command(name="list")
def list_all(
    ctx: typer.Context,
    of: Annotated[str | None, typer.Option("--user", metavar="USER", help="Those of one user.")] = None,
) -> None:
    """All keys by their first characters, also revoked ones."""
    from pacesetter.jobs.accounts.api_keys import list_keys

    options = options_of(ctx)
    show_keys(options, in_home(options, lambda ws: list_keys(ws, of)))


@app.command()
def add(
    ctx: typer.Context,
    user: User,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="read, write or admin; may be repeated.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=0, max=3650, help="Days until it expires (0: never).")
    ] = 365,
) -> None:
    """Make a key with a part of its user's rights; it is shown once."""
    from pacesetter.jobs.accounts.api_keys import create_key

    options = options_of(ctx)
    scopes = scope or ["read"]
    made = in_home(options, lambda ws: create_key(ws, user, name, scopes=scopes, days=days or None))
    say(options, "keep it now: it is shown once, and not stored")
    shown = {**vars(made.key), "key": made.secret}
    show(options, shown, Table("", [Column("key")], [[made.secret]]))


@app.command()
def revoke(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="KEY", help="First characters, id or name of a key.")],
    of: Annotated[str | None, typer.Option("--user", metavar="USER", help="Whose key it is.")] = None,
) -> None:
    """Revoke a key."""
    from pacesetter.jobs.accounts.api_keys import revoke_key

    options = options_of(ctx)
    show_keys(options, [in_home(options, lambda ws: revoke_key(ws, which, user=of))])


def show_keys(options: Options, keys: Sequence[Key]) -> None:
    """Keys as a table or as data."""
    columns = [Column("key"), Column("user"), Column("name"), Column("scopes")]
    columns += [Column(f"{word} (UTC)", moment) for word in ("expires", "last used", "revoked")]
    rows: list[list[Any]] = [
        [k.prefix, k.user, k.name, " ".join(k.scopes), k.expires_at, k.last_used_at, k.revoked_at]
        for k in keys
    ]
    show(options, {"keys": keys}, Table("", columns, rows))
