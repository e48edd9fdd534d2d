"""``pacesetter methods``: how boards are ranked, by what, and methods of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_home
from pacesetter.cli.options import OnDate, Options, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show, warn_simulated
from pacesetter.cli.rank import read_method
from pacesetter.cli.tables.board import movement
from pacesetter.kernel.errors import InputError

if TYPE_CHECKING:
    from pacesetter.jobs.boards.try_weights import Trial
    from pacesetter.ranking.method import Method

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the ranking methods with their weights, or all factors; keep, compare and try methods.",
)
Board = Annotated[str, typer.Option("--board", help="The board to look at, such as AI/Tech.")]


@app.callback()
def methods(
    ctx: typer.Context,
    factors: Annotated[
        bool, typer.Option("--factors", help="List every factor with its formula instead.")
    ] = False,
) -> None:
    """List the ranking methods with their weights, or all factors; keep, compare and try methods."""
    if ctx.invoked_subcommand is not None:
        return
    options = options_of(ctx)
    payload, tables = list_factors() if factors else list_methods(in_home(options, newest_methods))
    show(options, payload, *tables)


@app.command()
def write(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A stored method.")],
    version: Annotated[int | None, typer.Option("--version", help="An older version.")] = None,
) -> None:
    """Print a method as TOML: a beginning for one of your own."""
    from pacesetter.ranking.method import write_method
    from pacesetter.store.boards.methods import find_method

    async def work(ws: Any) -> Method:
        async with ws.db.read() as conn:
            return (await find_method(conn, name, version))[0]

    typer.echo(write_method(in_home(options_of(ctx), work)), nl=False)


@app.command()
def save(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="A method of your own.")],
) -> None:
    """Keep a method, or the next version of one; boards that use it follow with the next cycle."""
    from pacesetter.jobs.boards.keep_method import save_method

    options = options_of(ctx)
    text = read_text(file)
    kept = in_home(options, lambda ws: save_method(ws, text, where=str(file)))
    said = f"saved as version {kept.version}" if kept.changed else f"unchanged: it is version {kept.version}"
    if kept.boards and kept.changed:
        say(options, f"ranked by it from the next cycle on: {', '.join(kept.boards)}")
    columns = [Column("method"), Column("version", right=True), Column("")]
    show(options, vars(kept), Table("", columns, [[kept.name, kept.version, said]]))


@app.command()
def compare(
    ctx: typer.Context,
    one: Annotated[str, typer.Argument(metavar="METHOD", help="A stored method, or FILE.toml.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Another.")],
    board: Board,
    on: OnDate = None,
) -> None:
    """Rank a board by two methods."""
    from pacesetter.jobs.boards.compare_methods import compare_methods

    options = options_of(ctx)
    pair = [read_method(one), read_method(other)]
    found = in_home(options, lambda ws: compare_methods(ws, board, pair[0], pair[1], on=on))  # type: ignore[arg-type]
    dash = lambda rank: "–" if rank is None else str(rank)  # noqa: E731
    columns = [
        Column("symbol"),
        Column("name"),
        Column(found.methods[0], dash, right=True),
        Column(found.methods[1], dash, right=True),
        Column("difference", lambda d: "–" if d is None else f"{d:+d}".replace("-", "−"), right=True),
    ]
    rows = [[*row, row[2] - row[3] if row[2] and row[3] else None] for row in found.rows]
    foot = "" if found.correlation is None else f"rank correlation {found.correlation:.3f}"
    show(options, vars(found), Table(f"{found.board} · {found.as_of}", columns, rows, foot))


@app.command(name="try")
def try_weights(
    ctx: typer.Context,
    weights: Annotated[
        str, typer.Argument(metavar="WEIGHTS", help="momentum=0.5,volatility=0.5,… (any positive sum).")
    ],
    board: Board,
    method: Annotated[
        str | None, typer.Option("--method", help="Whose factors (default: the board's).")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many movers to show.")] = 12,
) -> None:
    """Rank a board with other weights over ten years, before you save them."""
    from pacesetter.jobs.boards.try_weights import try_method

    options = options_of(ctx)
    asked = parse_weights(weights)
    found = in_home(options, lambda ws: try_method(ws, board, asked, method=method))
    show_trial(options, found, top)


def show_trial(options: Options, found: Trial, top: int) -> None:
    """What history says of either, and who would change places."""
    warn_simulated(options, found.simulated)
    weights = ", ".join(f"{name} {weight:g}" for name, weight in found.then.weights.items())
    history = Table(
        f"{found.board} · {found.method} · {weights}",
        [
            Column(""),
            Column("IC at 21 sessions", decimals(4), right=True),
            Column("turnover a session", decimals(3), right=True),
        ],
        [
            ["now", found.now.ic_mean, found.now.turnover_mean],
            ["with these weights", found.then.ic_mean, found.then.turnover_mean],
        ],
        f"means over {len(found.then.sessions)} sessions; turnover of the top fifth\n",
    )
    ranks = zip(found.then.symbols, found.now.ranks.tolist(), found.then.ranks.tolist(), strict=True)
    body: list[list[Any]] = [
        [symbol, now or None, then or None, now - then if now and then else None]
        for symbol, now, then in ranks
    ]
    body.sort(key=lambda row: (-abs(row[3] or 0), row[2] or len(body) + 1, row[0]))
    moved = sum(row[1] != row[2] for row in body)
    places = Table(
        "",
        [
            Column("symbol"),
            Column("rank now", right=True),
            Column("with these", right=True),
            Column("change", movement, right=True),
        ],
        body[:top],
        f"{moved} of {len(body)} would move" + f"; the first {top} are shown" * (len(body) > top),
    )
    payload = {
        "board": found.board,
        "method": found.method,
        "simulated": found.simulated,
        "weights": dict(found.then.weights),
        "rows": [{"symbol": s, "rank_before": b, "rank": a, "rank_change": c} for s, b, a, c in body],
        "ic_mean_before": found.now.ic_mean,
        "ic_mean": found.then.ic_mean,
        "turnover_mean_before": found.now.turnover_mean,
        "turnover_mean": found.then.turnover_mean,
        "sessions": len(found.then.sessions),
    }
    show(options, payload, *((replace(places, rows=body),) if options.csv else (history, places)))


def parse_weights(text: str) -> dict[str, float]:
    """``momentum=0.5,volatility=0.5``."""
    weights = {}
    for part in text.replace(",", " ").split():
        name, sign, number = part.partition("=")
        try:
            weights[name] = float(number) if sign else float("nan")
        except ValueError:
            weights[name] = float("nan")
        if weights[name] != weights[name]:
            raise InputError(
                f"{part!r} is no weight", where="WEIGHTS", mend="write name=number, such as momentum=0.5"
            )
    return weights


def read_text(path: Path) -> str:
    """A method's text; ``read_method`` has the words for what can be wrong with a file."""
    read_method(str(path))
    return path.read_text("utf-8")


async def newest_methods(ws: Any) -> list[Method]:
    """Every stored method in its newest version."""
    from pacesetter.store.boards.methods import find_method, list_methods

    async with ws.db.read() as conn:
        names = sorted({row.name for row in await list_methods(conn)})
        return [(await find_method(conn, name))[0] for name in names]


def list_methods(every: list[Method]) -> tuple[dict[str, Any], list[Table]]:
    """Every method: what it weighs and how it normalises."""
    from dataclasses import asdict

    columns = [Column("method"), Column("factor"), Column("uses"), Column("weight", decimals(2), right=True)]
    rows = [[one.name, part.name, part.uses, part.weight] for one in every for part in one.factors]
    foot = "\n".join(
        f"{one.name} v{one.version}: {one.title}; {one.normalise}, score {one.score}, "
        f"ranked from coverage {one.coverage_min:g}, clip ±{one.clip:g}"
        for one in every
    )
    payload = {"methods": [asdict(one) | {"sha256": one.sha256} for one in every]}
    return payload, [Table("", columns, rows, foot)]


def list_factors() -> tuple[dict[str, Any], list[Table]]:
    """Every registered factor: what it is, over which window, which direction is better."""
    from pacesetter.factors.base import factors

    names = ("name", "of", "title", "unit", "window", "minimum", "higher_is_better", "formula", "source")
    rows = [{name: getattr(one, name) for name in names} for one in factors]
    columns = [
        Column("name"),
        Column("of"),
        Column("window", right=True),
        Column("better", lambda high: "high" if high else "low"),
        Column("unit"),
        Column("formula"),
        Column("title", wide_only=True),
    ]
    shown = ("name", "of", "window", "higher_is_better", "unit", "formula", "title")
    return {"factors": rows}, [Table("", columns, [[row[name] for name in shown] for row in rows])]
