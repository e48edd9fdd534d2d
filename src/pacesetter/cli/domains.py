"""``pacesetter domains``: the boards, and boards of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import Options, date_option, options_of
from pacesetter.cli.output import Column, Table, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.boards.define_board import BoardDefined
    from pacesetter.jobs.workspace import Workspace

MOST_SHOWN = 30

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the boards and their members; make, edit and remove boards of your own.",
)


@app.callback()
def domains(ctx: typer.Context) -> None:
    """List the boards and their members; make, edit and remove boards of your own."""
    if ctx.invoked_subcommand is None:
        list_boards(options_of(ctx))


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the board is called.")],
    symbols: Annotated[
        str | None, typer.Option("--symbols", help="Its members, separated by commas.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="CSV or Parquet file with a symbol column.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help='"all", or such as "sector = Energy | Utilities".')
    ] = None,
    asset_type: Annotated[str, typer.Option("--asset-type", help="equity, etf or sealed_box.")] = "equity",
    method: Annotated[
        str | None,
        typer.Option("--method", help="The method that ranks it (default: core; boxes, of boxes)."),
    ] = None,
    description: Annotated[str | None, typer.Option("--description", help="A line about it.")] = None,
    since: Annotated[
        date | None,
        typer.Option(
            "--since",
            parser=date_option("--since"),
            metavar="DATE",
            help="Members from this date on (default: ever).",
        ),
    ] = None,
) -> None:
    """Make a board from a list, a file or a rule; the next cycle ranks it."""
    from pacesetter.jobs.boards.define_board import create_board

    listed = split(symbols)
    if file is not None:
        from pacesetter.providers.files import read_symbols

        listed += read_symbols(file).frame["symbol"].to_list()

    def work(ws: Any) -> Awaitable[BoardDefined]:
        return create_board(
            ws,
            name,
            symbols=listed,
            rule=rule,
            asset_type=asset_type,
            method=method,
            description=description,
            since=since,
        )

    tell(options_of(ctx), work)


@app.command()
def edit(
    ctx: typer.Context,
    board: Annotated[str, typer.Argument(metavar="BOARD", help="Name of a board.")],
    join: Annotated[str | None, typer.Option("--add", help="Symbols that join, separated by commas.")] = None,
    drop: Annotated[str | None, typer.Option("--drop", help="Symbols that leave.")] = None,
    method: Annotated[str | None, typer.Option("--method", help="Rank it by this method.")] = None,
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=date_option("--on"), metavar="DATE", help="From when on (default: today)."
        ),
    ] = None,
) -> None:
    """Let symbols join or leave a board, or rank it by another method."""
    from pacesetter.jobs.boards.define_board import edit_board

    tell(
        options_of(ctx),
        lambda ws: edit_board(ws, board, add=split(join), drop=split(drop), method=method, on=on),
    )


@app.command()
def remove(
    ctx: typer.Context, board: Annotated[str, typer.Argument(metavar="BOARD", help="Name of a board.")]
) -> None:
    """Take a board out of use; what was published stays."""
    from pacesetter.jobs.boards.define_board import remove_board

    options = options_of(ctx)

    name = in_home(options, lambda ws: remove_board(ws, board))
    show(options, {"removed": name}, Table("", [Column("removed")], [[name]]))


def split(text: str | None) -> list[str]:
    """Names separated by commas or spaces."""
    return (text or "").replace(",", " ").split()


def tell(options: Options, work: Callable[[Any], Awaitable[BoardDefined]]) -> None:
    """Do the change and show the board."""
    done = in_home(options, work)
    say(options, *done.said)
    members = shorten(done.members)
    columns = [Column("board"), Column("count", right=True), Column("joined", right=True)]
    columns += [Column("left", right=True), Column("members")]
    row = [done.name, len(done.members), len(done.added), len(done.ended), members]
    show(options, vars(done), Table("", columns, [row], f"`pacesetter {done.ranked_by}` ranks it"))


def list_boards(options: Options) -> None:
    """Every board with its members today."""
    from pacesetter.store.boards.memberships import members_on
    from pacesetter.store.symbols.domains import list_domains

    async def look(ws: Workspace) -> list[dict[str, Any]]:
        async with ws.db.read() as conn:
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

    rows = in_home(options, look)
    table = Table(
        "",
        [
            Column("board"),
            Column("slug"),
            Column("method"),
            Column("members"),
            Column("description", wide_only=True),
        ],
        [[x["name"], x["slug"], x["method"], shorten(x["members"]), x["description"]] for x in rows],
    )
    show(options, {"domains": rows}, table)


def shorten(members: list[str]) -> str:
    """The first members, and how many there are."""
    if len(members) <= MOST_SHOWN:
        return " ".join(members)
    return f"{' '.join(members[:MOST_SHOWN])} … {len(members)} in all"
