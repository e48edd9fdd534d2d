"""The market of boxes on the terminal, and what the measures mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pacesetter.cli.output import Column, Table, decimals, plain
from pacesetter.cli.tables.box_figures import aged, dollars, percent

if TYPE_CHECKING:
    from pacesetter.jobs.boxes.view_box_market import BoxMarket, Mover
    from pacesetter.market.box_measures import Measure


def market_payload(found: BoxMarket) -> dict[str, Any]:
    """The JSON of the market."""
    movers = [
        {
            "days": one.days,
            "gainers": [mover_payload(box) for box in one.gainers],
            "losers": [mover_payload(box) for box in one.losers],
        }
        for one in found.movers
    ]
    head = {name: getattr(found, name) for name in ("as_of", "age_days", "sources", "simulated", "remarks")}
    return {**head, "movers": movers, "rows": [dated(row) for row in found.days]}


def dated(row: dict[str, Any]) -> dict[str, Any]:
    """A day of the market, with its date under the name that series have for it."""
    return {"date" if name == "metric_date" else name: value for name, value in row.items()}


def mover_payload(one: Mover) -> dict[str, Any]:
    """The JSON of a mover."""
    own = {name: value for name, value in vars(one).items() if name != "facts"}
    return {"symbol": one.facts.symbol, "title": one.facts.title, **own}


def market_tables(found: BoxMarket, *, shown: int | None) -> list[Table]:
    """The last ``shown`` days of the index (None: all), and the movers of the newest."""
    days = [dated(row) for row in (found.days if shown is None else found.days[-shown:])]
    columns = [
        Column(name, market_writer(name), right=True, wide_only=name in ("base_on", "mean_floor_usd"))
        for name in (days[0] if days else ())
    ]
    title = ["Market of boxes", str(found.as_of or "nothing observed yet"), aged(found.age_days)]
    foot = (
        "index: 100 on base_on, moved by the boxes that have a floor price both on the day and on linked_on"
    )
    if len(days) < len(found.days):
        foot += f"\nthe last {len(days)} of {len(found.days)} days: --from DATE shows more"
    tables = [
        Table(
            " · ".join(filter(None, title)),
            columns,
            [list(row.values()) for row in days],
            foot if days else "",
        )
    ]
    for one in found.movers:
        rows = [
            [box.facts.symbol, box.facts.title, box.floor_price_usd, box.change_pct, box.compared_on]
            for box in (*one.gainers, *reversed(one.losers))
        ]
        tables.append(movers_table(one.days, found.as_of, rows))
    return tables


def movers_table(days: int, as_of: date | None, rows: Sequence[Sequence[Any]]) -> Table:
    """Who rose and fell the most over a number of days."""
    columns = [
        Column("symbol"),
        Column("name"),
        Column("floor $", dollars, right=True),
        Column("change", percent, right=True),
        Column("since"),
    ]
    span = "1 day" if days == 1 else f"{days} days"
    return Table(f"Movers over {span} to {as_of}", columns, rows, "" if rows else "none moved")


def market_writer(name: str) -> Callable[[Any], str]:
    """How a column of the market is written."""
    if name.endswith("_usd"):
        return dollars
    if name in ("index", "breadth"):
        return decimals(2)
    return plain


def measures_table(measures: Sequence[Measure]) -> Table:
    """What there is to sort by."""
    names = ("name", "unit", "title", "formula", "about")
    columns = [*[Column(name) for name in names[:3]], Column("better")]
    columns += [Column("formula"), Column("about", wide_only=True)]
    rows = [
        [one.name, one.unit, one.title, "higher" if one.higher_is_better else "lower", one.formula, one.about]
        for one in measures
    ]
    return Table("Measures of boxes", columns, rows, "rank: by unified_volume_7d_ema")
