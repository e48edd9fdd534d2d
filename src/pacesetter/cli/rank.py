"""``pacesetter rank``: a board on a date, or the leaders of all boards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.options import KnownAt, OnDate, Options, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, signed, warn_simulated
from pacesetter.kernel.errors import BadFile, InputError

if TYPE_CHECKING:
    from pacesetter.jobs.board_view import BoardRow, BoardView, LeadersView
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
    from pacesetter.jobs.view_board import view_board
    from pacesetter.jobs.view_leaders import view_leaders
    from pacesetter.jobs.workspace import open_workspace

    options = options_of(ctx)
    for flag, given in (("--method", method), ("--known-at", known_at)):
        if board is None and given is not None:
            raise InputError(f"{flag} needs a board", mend=f"name one: pacesetter rank BOARD {flag} …")

    wanted = read_method(method)

    async def look() -> BoardView | LeadersView:
        async with open_workspace(options.settings()) as ws:
            if board is not None:
                return await view_board(ws, board, on=on, method=wanted, known_at=known_at, top=top)
            leaders = await view_leaders(ws, on=on, top=top or 10)
            if not leaders.leaders:
                raise nothing_ranked(on)
            return leaders

    view = asyncio.run(look())
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
    from pacesetter.jobs.published_board import NOTHING

    if on is None:
        return InputError("nothing is ranked yet", mend=NOTHING)
    return InputError(f"no boards are published for {on}", mend=f"`pacesetter cycle --on {on}` ranks it")


def show_board(options: Options, view: BoardView) -> None:
    """One board, best first."""
    if view.stale_sessions:
        say(options, f"note: {view.stale_sessions} completed sessions are newer than these ranks")
    show(options, board_payload(view), board_table(view))


def board_payload(view: BoardView) -> dict[str, Any]:
    """The JSON of a board."""
    head = {name: value for name, value in vars(view).items() if name != "rows"}
    return {"board": view.board, "method": view.method, "as_of": view.as_of, **head, "rows": view.rows}


def board_table(view: BoardView) -> Table:
    """Rank, movement and, where there is room, what each factor contributed."""
    from pacesetter.jobs.words import held_in_words, scope_in_words

    names = list(next((row.factors for row in view.rows if row.factors), {}))
    shared = missing_everywhere(view)
    columns = [
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("symbol"),
        Column("name"),
        Column("score", decimals(1), right=True),
        Column("composite", signed, right=True),
        Column("coverage", decimals(2), right=True),
        *[Column(name, signed, right=True, wide_only=True) for name in names],
        Column("missing", without(shared), if_any=True),
        Column("held", if_any=True),
    ]
    rows = [
        [
            row.rank,
            movement_of(row) if view.previous_on else None,
            row.symbol,
            row.name,
            row.score,
            row.composite,
            row.coverage,
            *[contribution(row, name) for name in names],
            "; ".join(missing(row)),
            held_in_words(row.held_bars),
        ]
        for row in view.rows
    ]
    before = f" · changes since {view.previous_on}" if view.previous_on else ""
    kind = "published" if view.origin == "published" else "computed now, not published"
    compared = f"compared with {scope_in_words(view.scope)}{before}"
    knowledge = f" · as known at {view.known_at:%Y-%m-%d %H:%M} UTC" if view.known_at else ""
    foot = f"method {view.method} v{view.method_version} · {kind}{knowledge} · {compared}"
    if names:
        foot += "\nfactor columns are contributions (weight × z); `pacesetter explain SYMBOL` shows the rest"
    foot = "\n".join([*(f"missing for all: {part}" for part in sorted(shared)), foot])
    flags = ["provisional"] * view.provisional + ["SIMULATED"] * view.simulated
    title = " · ".join([view.board, str(view.as_of), *flags])
    marks = {n: "dim" for n, row in enumerate(view.rows) if row.rank is None}
    return Table(title, columns, rows, foot, marks)


def contribution(row: BoardRow, name: str) -> float | None:
    """What a factor adds to the composite; nothing where there is no composite to add to."""
    view = row.factors.get(name)
    return None if view is None or (row.rank is None and view.raw is None) else view.contribution


def place(rank: Any) -> str:
    """A rank, or a dash for an unranked row."""
    return "–" if rank is None else str(rank)


def movement_of(row: BoardRow) -> int | str | None:
    """The change of rank, ``new`` for a ranked newcomer."""
    return "new" if row.rank is not None and row.rank_change is None else row.rank_change


def movement(change: Any) -> str:
    """▲ up, ▼ down, = unchanged, with the places."""
    if not isinstance(change, int):
        return change or "–"
    return "=" if change == 0 else f"{'▲' if change > 0 else '▼'}{abs(change)}"


def missing(row: BoardRow) -> list[str]:
    """Why there is no rank, and which factors have no value."""
    from pacesetter.jobs.words import in_words

    parts = [f"unranked: {in_words(row.unranked_reason)}"] if row.unranked_reason else []
    reasons = [(name, f.missing_reason) for name, f in row.factors.items() if f.missing_reason]
    if parts and len({reason for _, reason in reasons}) <= 1:
        return parts  # all for the one reason that the symbol is unranked for
    return [*parts, *(f"{name} ({in_words(reason)})" for name, reason in reasons)]


def missing_everywhere(view: BoardView) -> set[str]:
    """What is missing in every row of at least two: said once, below the table."""
    if len(view.rows) < 2:
        return set()
    return set.intersection(*(set(missing(row)) for row in view.rows))


def without(shared: set[str]) -> Callable[[Any], str]:
    """How a row's missing factors are written where some are said below."""
    return lambda text: "; ".join(part for part in text.split("; ") if part not in shared)


def show_leaders(options: Options, view: LeadersView) -> None:
    """The first of every board, and the best of all."""
    if view.stale_sessions:
        say(options, f"note: {view.stale_sessions} completed sessions are newer than these ranks")
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
