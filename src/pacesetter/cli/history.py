"""``pacesetter history``: a symbol's published ranks over time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import KnownAt, Plot, date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, print_csv, say, show, signed, warn_simulated
from pacesetter.cli.tables.board import movement, place
from pacesetter.kernel.errors import InputError
from pacesetter.reports.picture import check_path, save_figure

if TYPE_CHECKING:
    from pacesetter.jobs.boards.symbol_history import BoardHistory, HistoryRow, SymbolHistory, TrendView

MOST_DATES = 30  # a board in the text; JSON and CSV hold all

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def history(
    ctx: typer.Context,
    symbol: Annotated[
        str, typer.Argument(metavar="SYMBOL", show_default=False, help="Such as NVDA or BRK.B.")
    ],
    board: Annotated[
        str | None, typer.Option("--board", help="Only this board (default: all of the symbol's).")
    ] = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from", parser=date_option("--from"), metavar="DATE", help="First date (default: all)."
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option(
            "--to", parser=date_option("--to"), metavar="DATE", help="Last date (default: the newest)."
        ),
    ] = None,
    known_at: KnownAt = None,
    plot: Plot = None,
) -> None:
    """Show a symbol's published ranks over time, and the trend of its score.

    The trend is the least-squares slope of the score over the last seven dates with final ranks.
    """
    from pacesetter.jobs.boards.symbol_history import read_symbol_history

    options = options_of(ctx)
    if plot is not None:
        check_path(plot)

    found = in_home(
        options,
        lambda ws: read_symbol_history(ws, symbol, board=board, first=first, last=last, known_at=known_at),
    )
    if plot is not None and len(found.boards) > 1:
        names = ", ".join(one.board for one in found.boards)
        raise InputError("--plot draws one board", mend=f"name it with --board: {names}")
    warn_simulated(options, found.simulated)
    if options.csv:
        print_csv(long_table(found))
    else:
        show(options, payload(found), *(board_table(found, one) for one in found.boards))
    if plot is not None:
        draw(found, found.boards[0], plot)
        say(options, f"drawn: {plot}")


def payload(found: SymbolHistory) -> dict[str, Any]:
    """The JSON of a history."""
    head = {name: value for name, value in vars(found).items() if name != "boards"}
    return {**head, "boards": [board_payload(one) for one in found.boards]}


def board_payload(one: BoardHistory) -> dict[str, Any]:
    """The JSON of one board: the trend, and every row."""
    return {
        "board": one.board,
        "slug": one.slug,
        "as_of": one.rows[0].on,
        "left_on": one.left_on,
        **trend_payload(one.trend),
        "rows": [{"date": row.on, **{k: v for k, v in vars(row).items() if k != "on"}} for row in one.rows],
    }


def trend_payload(view: TrendView) -> dict[str, Any]:
    """The JSON of a trend, or why there is none."""
    return {"trend": view.trend, "trend_until": view.until, "trend_reason": view.reason}


def long_table(found: SymbolHistory) -> Table:
    """All boards' rows one below the other, for CSV."""
    names = ["rank", "rank_change", "previous_rank", "previous_on", "score", "composite", "coverage"]
    names.append("unranked_reason")
    columns = ["symbol", "board", "date", *names, "state", "method"]
    rows = [
        [found.symbol, one.board, row.on, *(getattr(row, name) for name in names), state(row), row.method]
        for one in found.boards
        for row in one.rows
    ]
    return Table("", [Column(name) for name in columns], rows)


def board_table(found: SymbolHistory, one: BoardHistory) -> Table:
    """The newest dates on one board, and the trend below."""
    from pacesetter.jobs.words import in_words

    several = len({row.method for row in one.rows}) > 1
    columns = [
        Column("date"),
        Column("rank", place, right=True),
        Column("change", movement, right=True),
        Column("since", if_any=True),
        Column("score", decimals(1), right=True),
        Column("composite", signed, right=True),
        Column("coverage", decimals(2), right=True),
        Column("state"),
        Column("unranked", in_words, if_any=True),
        Column("method", if_any=True),
    ]
    rows: list[list[Any]] = [
        [
            row.on,
            row.rank,
            movement_of(row),
            row.previous_on,
            row.score,
            row.composite,
            row.coverage,
            state(row),
            row.unranked_reason,
            row.method if several else None,
        ]
        for row in one.rows[:MOST_DATES]
    ]
    marks = {n: "dim" for n, row in enumerate(one.rows[:MOST_DATES]) if row.rank is None}
    return Table(title(found, one), columns, rows, foot(found, one), marks)


def movement_of(row: HistoryRow) -> int | str | None:
    """The change of rank, ``new`` for one that had no rank on the date before."""
    newcomer = row.rank is not None and row.rank_change is None and row.previous_on is not None
    return "new" if newcomer else row.rank_change


def state(row: HistoryRow) -> str:
    """Whether later prices of that session may still change the rank."""
    return "provisional" if row.provisional else "final"


def title(found: SymbolHistory, one: BoardHistory) -> str:
    """Who, where and over which dates."""
    name = f" ({found.name})" if found.name else ""
    flags = ["SIMULATED"] * found.simulated
    return " · ".join([f"{found.symbol}{name}", one.board, span(one), *flags])


def span(one: BoardHistory) -> str:
    """The first and the last date."""
    first, last = one.rows[-1].on, one.rows[0].on
    return str(last) if first == last else f"{first} to {last}"


def foot(found: SymbolHistory, one: BoardHistory) -> str:
    """The trend, the method, and what is not shown."""
    lines = [f"not on the board since {one.left_on}"] if one.left_on else []
    lines.append(trend_line(one.trend, one.rows[0].on))
    more = len(one.rows) - MOST_DATES
    if more > 0:
        lines.append(f"{more} earlier date{'s' * (more > 1)} not shown: --json and --csv give all")
    methods = list(dict.fromkeys(row.method for row in one.rows))
    knowledge = f" · as published by {found.known_at:%Y-%m-%d %H:%M} UTC" if found.known_at else ""
    lines.append(f"method {', '.join(methods)}{knowledge}")
    return "\n".join(lines) + "\n"


def trend_line(view: TrendView, as_of: date) -> str:
    """``trend of the last 7 dates: up, +1.2 points a date``, or why there is none."""
    from pacesetter.jobs.words import in_words

    if view.trend is None:
        return f"no trend: {in_words(view.reason)}"
    slope = round(view.trend.slope, 1) + 0.0  # no "-0.0"
    # provisional ranks do not count, so the seven may end before the newest date
    ending = f" (final ones, to {view.until})" if view.until != as_of else ""
    return f"trend of the last 7 dates{ending}: {view.trend.direction}, {slope:+.1f} points a date"


def draw(found: SymbolHistory, one: BoardHistory, path: Path) -> None:
    """The ranks over time, oldest first."""
    from pacesetter.reports.charts.rank_history import draw_rank_history

    simulated = "SIMULATED · " if found.simulated else ""
    methods = ", ".join(dict.fromkeys(row.method for row in reversed(one.rows)))
    note = f"{simulated}{one.board} · {span(one)} · method {methods}"
    save_figure(draw_rank_history(one.points, f"Rank of {found.symbol}", note), path)
