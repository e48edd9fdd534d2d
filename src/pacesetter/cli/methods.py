"""``pacesetter methods``: how boards are ranked, and by what."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pacesetter.cli.options import options_of
from pacesetter.cli.output import Column, Table, decimals, show

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def methods(
    ctx: typer.Context,
    factors: Annotated[
        bool, typer.Option("--factors", help="List every factor with its formula instead.")
    ] = False,
) -> None:
    """List the ranking methods with their weights, or all factors."""
    options = options_of(ctx)
    payload, tables = list_factors() if factors else list_methods()
    show(options, payload, *tables)


def list_methods() -> tuple[dict[str, Any], list[Table]]:
    """Every shipped method: what it weighs and how it normalises."""
    from dataclasses import asdict

    from pacesetter.ranking.method import load_shipped, shipped_names

    every = [load_shipped(name) for name in shipped_names()]
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

    names = ("name", "title", "unit", "window", "minimum", "higher_is_better", "formula", "source")
    rows = [{name: getattr(one, name) for name in names} for one in factors]
    columns = [
        Column("name"),
        Column("window", right=True),
        Column("better", lambda high: "high" if high else "low"),
        Column("unit"),
        Column("formula"),
        Column("title", wide_only=True),
    ]
    shown = ("name", "window", "higher_is_better", "unit", "formula", "title")
    return {"factors": rows}, [Table("", columns, [[row[name] for name in shown] for row in rows])]
