"""``pacesetter rank``: a board on a date, or the leaders of all boards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import KnownAt, OnDate, Options, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, signed, warn_simulated
from pacesetter.cli.tables.board import board_table, place
from pacesetter.kernel.errors import BadFile, InputError

if TYPE_CHECKING:
    from pacesetter.jobs.boards.board_view import BoardView, LeadersView
    from pacesetter.jobs.workspace import Workspace
    from pacesetter.ranking.method import Method

METHODS = "check the path; `pacesetter methods` lists the shipped ones"

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def rank(
    ctx: typer.Context,
    board: Annotated[
        str | None,
        typer.Argument(metavar="BOARD", show_default=False, help="Name of a board, such as AI/Tech."),
    ] = None,
    on: OnDate = None,
    method: Annotated[
        str | None,
        typer.Option("--method", help="Rank by this method, on the spot: a shipped one, or your FILE.toml."),
    ] = None,
    known_at: KnownAt = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Only the first so many rows.")] = None,
) -> None:
    """Show a board, or the leaders of all boards and the best overall."""
    from pacesetter.jobs.boards.view_board import view_board
    from pacesetter.jobs.boards.view_leaders import view_leaders

    options = options_of(ctx)
    for flag, given in (("--method", method), ("--known-at", known_at)):
        if board is None and given is not None:
            raise InputError(f"{flag} needs a board", mend=f"name one: pacesetter rank BOARD {flag} …")

    wanted = read_method(method)

    async def look(ws: Workspace) -> BoardView | LeadersView:
        if board is not None:
            return await view_board(ws, board, on=on, method=wanted, known_at=known_at, top=top)
        leaders = await view_leaders(ws, on=on, top=top or 10)
        if not leaders.leaders:
            raise nothing_ranked(on)
        return leaders

    view = in_home(options, look)
    warn_simulated(options, view.simulated)
    if board is not None:
        show_board(options, view)  # type: ignore[arg-type]
    else:
        show_leaders(options, view)  # type: ignore[arg-type]


def read_method(name: str | None) -> str | Method | None:
    """A method of one's own from its file; any other name is left for the shipped ones."""
    if name is None or not name.casefold().endswith(".toml"):
        return name
    from pacesetter.ranking.method import parse_method

    try:
        return parse_method(Path(name).read_text("utf-8"), where=name)
    except OSError as error:
        raise BadFile(f"the method cannot be read: {error.strerror}", where=name, mend=METHODS) from None
    except UnicodeDecodeError:
        raise BadFile("the method is no text in UTF-8", where=name, mend="save it as UTF-8") from None


def nothing_ranked(on: date | None) -> InputError:
    """The mistake of looking before anything was ranked."""
    from pacesetter.jobs.boards.published_board import NOTHING

    if on is None:
        return InputError("nothing is ranked yet", mend=NOTHING)
    return InputError(f"no boards are published for {on}", mend=f"`pacesetter cycle --on {on}` ranks it")


def show_board(options: Options, view: BoardView) -> None:
    """One board, best first."""
    if view.stale_sessions:
        say(options, f"note: {say_behind(view.stale_sessions, view.asset_type)} newer than these ranks")
    say(options, *(f"note: {remark}" for remark in view.remarks))
    show(options, board_payload(view), board_table(view))


def say_behind(behind: int, asset_type: str = "equity") -> str:
    """How many sessions, or of boxes days, there were since: ``3 completed sessions are``."""
    what = "day" if asset_type == "sealed_box" else "session"
    return f"1 completed {what} is" if behind == 1 else f"{behind} completed {what}s are"


def board_payload(view: BoardView) -> dict[str, Any]:
    """The JSON of a board."""
    head = {name: value for name, value in vars(view).items() if name != "rows"}
    return {"board": view.board, "method": view.method, "as_of": view.as_of, **head, "rows": view.rows}


def show_leaders(options: Options, view: LeadersView) -> None:
    """The first of every board, and the best of all."""
    if view.stale_sessions:
        say(options, f"note: {say_behind(view.stale_sessions)} newer than these ranks")
    payload = {
        "as_of": view.as_of,
        "simulated": view.simulated,
        "stale_sessions": view.stale_sessions,
        "provisional": view.provisional,
        "leaders": view.leaders,
        "best": view.best,
    }
    show(options, payload, *leader_tables(view))


def leader_tables(view: LeadersView) -> list[Table]:
    """The leaders' table and the best overall."""
    from pacesetter.jobs.words import held_in_words

    flags = ["provisional"] * view.provisional + ["SIMULATED"] * view.simulated
    title = " · ".join([f"Leaders of {len(view.leaders)} boards", str(view.as_of), *flags])
    leaders = Table(
        title,
        [
            Column("board"),
            Column("leader", lambda symbol: symbol or "–"),
            Column("name"),
            Column("score", decimals(1), right=True),
            Column("composite", signed, right=True),
            Column("ranked", right=True),
            Column("members", right=True),
            Column("held", if_any=True),
        ],
        [
            [x.board, x.symbol, x.name, x.score, x.composite, x.ranked, x.members, held_in_words(x.held_bars)]
            for x in view.leaders
        ],
    )
    best = Table(
        "Best overall",
        [
            Column("rank", place, right=True),
            Column("symbol"),
            Column("name"),
            Column("score", decimals(1), right=True),
            Column("composite", signed, right=True),
            Column("coverage", decimals(2), right=True),
            Column("held", if_any=True),
        ],
        [
            [x.rank, x.symbol, x.name, x.score, x.composite, x.coverage, held_in_words(x.held_bars)]
            for x in view.best
        ],
        ""
        if view.best
        else "no board's scores are on the scale of the whole universe, so none can be compared",
    )
    return [leaders, best]
