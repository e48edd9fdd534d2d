"""``pacesetter user``: who may log in, and with which rights."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pacesetter.cli import user_key, user_link
from pacesetter.cli.home import in_home
from pacesetter.cli.options import Options, options_of
from pacesetter.cli.output import Column, Table, moment, show
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.jobs.accounts.users import Account

Result = TypeVar("Result")

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List who may log in; add and remove users; login links, keys for programs.",
)
app.add_typer(user_key.app, name="key")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a user.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
]


@app.callback()
def user(ctx: typer.Context) -> None:
    """List who may log in; add and remove users; login links, keys for programs."""
    if ctx.invoked_subcommand is None:
        list_users(ctx)


@app.command(name="list")
def list_users(ctx: typer.Context) -> None:
    """All users, also removed ones."""
    from pacesetter.jobs.accounts.users import list_accounts

    options = options_of(ctx)
    show_users(
        options, in_home(options, list_accounts), "`pacesetter user add NAME --role owner` adds the first"
    )


@app.command()
def add(
    ctx: typer.Context,
    name: Name,
    role: Annotated[str, typer.Option("--role", help="owner, analyst or viewer.")] = "viewer",
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Let them in by login links only.")
    ] = False,
) -> None:
    """Add a user, or take a removed one in again; asks for the password."""
    from pacesetter.jobs.accounts.users import check_name, check_role, create_user

    options = options_of(ctx)
    check_role(role)  # before somebody thinks of a password
    check_name(name)
    password = None if no_password else read_password(password_stdin)
    show_users(options, [in_home(options, lambda ws: create_user(ws, name, role, password))])


@app.command()
def password(ctx: typer.Context, name: Name, password_stdin: FromStdin = False) -> None:
    """Set a user's password; their sessions end."""
    from pacesetter.jobs.accounts.users import set_password

    options = options_of(ctx)
    given = read_password(password_stdin)
    show_users(options, [in_home(options, lambda ws: set_password(ws, name, given))])


@app.command()
def role(
    ctx: typer.Context,
    name: Name,
    new_role: Annotated[str, typer.Argument(metavar="ROLE", help="owner, analyst or viewer.")],
) -> None:
    """Give a user another role."""
    from pacesetter.jobs.accounts.users import change_role

    options = options_of(ctx)
    show_users(options, [in_home(options, lambda ws: change_role(ws, name, new_role))])


@app.command()
def remove(ctx: typer.Context, name: Name) -> None:
    """Remove a user: sessions end, keys are revoked; what they did stays."""
    from pacesetter.jobs.accounts.users import deactivate

    options = options_of(ctx)
    show_users(options, [in_home(options, lambda ws: deactivate(ws, name))])


app.command(name="link")(user_link.link)


def read_password(from_stdin: bool) -> str:
    """A password, never from the command line: others can read that."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("there is nobody to ask for the password", mend="--password-stdin reads it")
    given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return given


def show_users(options: Options, accounts: Sequence[Account], if_none: str = "") -> None:
    """Users as a table or as data."""
    columns = [Column("user"), Column("role"), Column("state"), Column("last login (UTC)", moment)]
    rows: list[list[Any]] = []
    for one in accounts:
        enters = "by password" if one.has_password else "by login link"
        rows.append([one.name, one.role, enters if one.is_active else "removed", one.last_login_at])
    show(options, {"users": accounts}, Table("", columns, rows, "" if rows else if_none))
