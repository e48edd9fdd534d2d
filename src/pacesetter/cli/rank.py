"""``pacesetter rank``: a board on a date, or the leaders of all boards."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.options import OnDate, Options, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, signed, warn_simulated

if TYPE_CHECKING:
    from pacesetter.jobs.board_view import BoardRow, BoardView, LeadersView

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def rank(
    ctx: typer.Context,
    board: Annotated[
        str | None, typer.Argument(metavar="BOARD", show_default=False, help="Name of a board, such as AI/Tech.")
    ] = None,
    on: OnDate = None,
    method: Annotated[str | None, typer.Option("--method", help="Rank by this method, on the spot.")] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Only the first so many rows.")] = None,
) -> None:
    """Show a board, or the leaders of all boards and the best overall."""
    from pacesetter.jobs.view_board import view_board, view_leaders
    from pacesetter.jobs.workspace import open_workspace
    from pacesetter.kernel.errors import InputError

    options = options_of(ctx)
    if board is None and method is not None:
        raise InputError("--method needs a board", mend="name one: pacesetter rank BOARD --method M")

    async def look() -> BoardView | LeadersView:
        async with open_workspace(options.settings()) as ws:
            if board is not None:
                return await view_board(ws, board, on=on, method=method, top=top)
            leaders = await view_leaders(ws, on=on, top=top or 10)
            if not leaders.leaders:
                raise nothing_ranked(str(on) if on else "")
            return leaders

    view = asyncio.run(look())
    warn_simulated(options, view.simulated)
    if board is not None:
        show_board(options, view)  # type: ignore[arg-type]
    else:
        show_leaders(options, view)  # type: ignore[arg-type]


def nothing_ranked(where: str) -> Exception:
    """The mistake of looking before anything was ranked."""
    from pacesetter.jobs.view_board import NOTHING
    from pacesetter.kernel.errors import InputError

    return InputError("nothing is ranked yet", where=where, mend=NOTHING)


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
    from pacesetter.web.words import scope_in_words

    names = list(next((row.factors for row in view.rows if row.factors), {}))
    columns = [
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("symbol"),
        Column("name"),
        Column("score", decimals(1), right=True),
        Column("composite", signed, right=True),
        Column("coverage", decimals(2), right=True),
        *[Column(name, signed, right=True, wide_only=True) for name in names],
        Column("missing"),
    ]
    rows = [
        [
            row.rank,
            movement_of(row),
            row.symbol,
            row.name,
            row.score,
            row.composite,
            row.coverage,
            *[row.factors[name].contribution if name in row.factors else None for name in names],
            missing(row),
        ]
        for row in view.rows
    ]
    before = f" · changes since {view.previous_on}" if view.previous_on else ""
    kind = "published" if view.origin == "published" else "computed now, not published"
    foot = f"method {view.method} v{view.method_version} · {kind} · compared with {scope_in_words(view.scope)}{before}"
    if names:
        foot += "\nfactor columns are contributions (weight × z); `pacesetter explain SYMBOL` shows the rest"
    flags = ["provisional"] * view.provisional + ["SIMULATED"] * view.simulated
    title = " · ".join([view.board, str(view.as_of), *flags])
    marks = {n: "dim" for n, row in enumerate(view.rows) if row.rank is None}
    return Table(title, columns, rows, foot, marks)


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


def missing(row: BoardRow) -> str:
    """Why there is no rank, and which factors have no value."""
    from pacesetter.web.words import in_words

    parts = [f"unranked: {in_words(row.unranked_reason)}"] if row.unranked_reason else []
    reasons = [(name, f.missing_reason) for name, f in row.factors.items() if f.missing_reason]
    if len({reason for _, reason in reasons}) == 1 and len(reasons) == len(row.factors):
        return "; ".join(parts or [in_words(reasons[0][1])])
    return "; ".join([*parts, *(f"{name} ({in_words(reason)})" for name, reason in reasons)])


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
        ],
        [[x.board, x.symbol, x.name, x.score, x.composite, x.ranked, x.members] for x in view.leaders],
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
        ],
        [[x.rank, x.symbol, x.name, x.score, x.composite, x.coverage] for x in view.best],
        "" if view.best else "no board's scores are on the scale of the whole universe, so none can be compared",
    )
    return [leaders, best]
