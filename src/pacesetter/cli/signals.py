"""``pacesetter signals``: what was noticed, and what it comes to together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pacesetter.cli.home import in_market
from pacesetter.cli.options import Options, date_option, options_of
from pacesetter.cli.output import Column, Table, decimals, say, show

if TYPE_CHECKING:
    from pacesetter.jobs.desk.view_convergence import SymbolConvergence
    from pacesetter.store.desk.convergences import ConvergenceRow

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    help="List the signals of the last days with what is left of each; show what they come to.",
)
AHEAD = (5, 10, 30)  # days
On = Annotated[
    date | None,
    typer.Option("--on", parser=date_option("--on"), metavar="DATE", help="As they stood on this day."),
]


@app.callback()
def signals(
    ctx: typer.Context,
    symbol: Annotated[str | None, typer.Option("--symbol", help="Only this symbol's.")] = None,
    signal_type: Annotated[str | None, typer.Option("--type", help="Only this type, as news.")] = None,
    on: On = None,
    days: Annotated[int, typer.Option("--days", help="Seen in so many days.")] = 30,
    limit: Annotated[int, typer.Option("--limit", help="At most so many.")] = 100,
) -> None:
    """List the signals of the last days with what is left of each; show what they come to."""
    if ctx.invoked_subcommand is not None:
        return
    from pacesetter.jobs.desk.list_signals import list_signals

    options = options_of(ctx)

    rows, simulated = in_market(
        options,
        lambda ws: list_signals(ws, on=on, days=days, symbol=symbol, signal_type=signal_type, limit=limit),
    )
    columns = [
        Column("seen"),
        Column("symbol"),
        Column("type"),
        Column("source", wide_only=True),
        Column("score", decimals(1), right=True),
        Column("sure", decimals(2), right=True),
        Column("days", right=True),
        Column("left", decimals(1), right=True),
        Column("fades", wide_only=True),
    ]
    cells = [
        [
            r.signal_on,
            r.symbol,
            r.signal_type,
            r.source,
            r.score,
            r.confidence,
            r.age_days,
            r.decayed,
            r.fades,
        ]
        for r in rows
    ]
    foot = "" if rows else "none; `pacesetter night` looks for them"
    show(options, {"simulated": simulated, "rows": [vars(r) for r in rows]}, Table("", columns, cells, foot))


@app.command()
def best(
    ctx: typer.Context,
    on: On = None,
    band: Annotated[
        str | None, typer.Option("--band", help="monitor, research, deep_analysis or priority.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 30,
) -> None:
    """Rank symbols by what their signals come to together."""
    from pacesetter.jobs.desk.view_convergence import view_convergence
    from pacesetter.kernel.errors import unknown

    options = options_of(ctx)

    view, simulated = in_market(options, lambda ws: view_convergence(ws, on))
    if band is not None and band not in view.bands:
        raise unknown("band", band, list(view.bands))
    rows = [row for row in view.rows if band in (None, row.band)][:limit]
    columns = [
        Column("night"),
        Column("symbol"),
        Column("score", decimals(1), right=True),
        Column("band"),
        Column("signals", right=True),
        Column("kinds", right=True),
        Column("of what"),
    ]
    cells = [
        [r.converged_on, r.symbol, r.score, r.band, r.n_signals, r.n_kinds, ", ".join(r.breakdown["kinds"])]
        for r in rows
    ]
    foot = "" if rows else "none; `pacesetter night` looks for them"
    show(options, {"simulated": simulated, "rows": [tell(r) for r in rows]}, Table("", columns, cells, foot))


@app.command()
def explain(
    ctx: typer.Context,
    symbol: Annotated[str, typer.Argument(metavar="SYMBOL", help="Such as NVDA or BRK.B.")],
    on: On = None,
) -> None:
    """Show what a symbol's signals come to on a night, number by number, and how that fades."""
    from pacesetter.jobs.desk.view_convergence import view_symbol_convergence

    options = options_of(ctx)

    view, simulated = in_market(options, lambda ws: view_symbol_convergence(ws, symbol, on))
    fades = [{"on": day, "score": score, "band": band} for day, score, band in view.fades]
    past = [{"on": day, "score": score, "band": band} for day, score, band in view.past]
    head = {"symbol": view.symbol, "name": view.name, "on": view.on}
    body = {"simulated": simulated, **head, "breakdown": view.breakdown, "fades": fades, "past": past}
    show(options, body, table_of(view))
    if not (options.json or options.csv) and view.breakdown["parts"]:
        say_sum(options, view)


def tell(row: ConvergenceRow) -> dict[str, Any]:
    """A convergence for JSON."""
    return {name: value for name, value in vars(row).items() if name != "created_at"}


def table_of(view: SymbolConvergence) -> Table:
    """Every signal's part."""
    columns = [
        Column("seen"),
        Column("type"),
        Column("source", wide_only=True),
        Column("score", decimals(2), right=True),
        Column("days", right=True),
        Column("factor", decimals(3), right=True),
        Column("left", decimals(2), right=True),
    ]
    names = ("seen_on", "signal_type", "source", "base_score", "age_days", "decay_factor", "decayed")
    parts = view.breakdown["parts"]
    _, score, band = view.fades[0]
    foot = "" if parts else "no signal of it counts on that night"
    title = f"{view.symbol} · {view.on} · {score:.1f} · {band}"
    return Table(title, columns, [[part[name] for name in names] for part in parts], foot)


def say_sum(options: Options, view: SymbolConvergence) -> None:
    """The multiplication as a person would write it, and what is left of it in a while."""
    told = view.breakdown
    n = len(told["kinds"])
    say(
        options,
        f"{told['decayed_sum']:.2f} (sum) × {told['regime_multiplier']:g} ({told['regime']} market) × "
        f"{told['sector_multiplier']:g} ({told['sector_favour']} sector) × {told['bonus']:g} "
        f"({n} {'kind' if n == 1 else 'kinds'}) = {told['score']:.2f}",
        "if nothing new comes: " + ", ".join(f"{view.fades[day][1]:.1f} in {day} days" for day in AHEAD),
    )
