"""``pacesetter validate``: whether a board's ranks said anything about what followed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import Plot, date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, signed, warn_simulated
from pacesetter.reports.picture import check_path, save_figure

if TYPE_CHECKING:
    from pacesetter.jobs.boards.validate_board import BoardValidated

LINE = ("what", "horizon", "ic", "icir", "t", "n", "turnover", "rank_autocorrelation", "spread")

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def validate(
    ctx: typer.Context,
    board: Annotated[str, typer.Argument(metavar="BOARD", help="Name of a board, such as AI/Tech.")],
    method: Annotated[
        str | None, typer.Option("--method", help="A stored method (default: the board's).")
    ] = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from", parser=date_option("--from"), metavar="DATE", help="First session (default: ten years)."
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=date_option("--to"), metavar="DATE", help="Last session."),
    ] = None,
    plot: Plot = None,
) -> None:
    """Hold a board's scores and factors against the returns that followed.

    IC: rank correlation with the return over the next 1, 5, 21 and 63 sessions; t allows
    for their overlap. A past that was kind is no promise.
    """
    from pacesetter.jobs.boards.validate_board import figures, validate_board

    options = options_of(ctx)
    if plot is not None:
        check_path(plot)

    found = in_home(options, lambda ws: validate_board(ws, board, method=method, first=first, last=last))
    warn_simulated(options, found.simulated)
    lines = figures(found)
    ic = Table(
        f"{found.board} · {found.method} · {found.first} to {found.last} · {found.members} symbols",
        [
            Column("what"),
            Column("after", right=True),
            Column("IC", decimals(4), right=True),
            Column("ICIR", decimals(3), right=True, wide_only=True),
            Column("t", decimals(2), right=True),
            Column("dates", right=True),
            Column("turnover", decimals(3), right=True),
            Column("autocorr.", decimals(3), right=True, wide_only=True, note="autocorr.: of ranks"),
            Column("top−bottom", signed, right=True),
        ],
        [[line[name] for name in LINE] for line in lines],
        "after: so many sessions; t: Newey-West, one lag less; turnover: of the top group",
    )
    head = {
        name: getattr(found, name) for name in ("board", "method", "first", "last", "members", "simulated")
    }
    show(options, {**head, "rows": lines}, ic)
    if plot is not None:
        draw(found, plot)
        say(options, f"drawn: {plot}")


def draw(found: BoardValidated, path: Path) -> None:
    """The running mean of the score's IC, by horizon."""
    from pacesetter.reports.charts.information import draw_information

    simulated = "SIMULATED · " if found.simulated else ""
    note = f"{simulated}{found.method} · {found.first} to {found.last} · {found.members} symbols"
    save_figure(draw_information(found.score, f"Information coefficient of {found.board}", note), path)
