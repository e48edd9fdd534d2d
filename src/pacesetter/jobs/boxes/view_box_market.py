"""The market of boxes: its index over time, and who rose and fell the most."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.boxes.rows import NO_BOXES, BoxFacts, age_of, facts_of
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.boxes.box_metrics import name_figures
from pacesetter.store.boxes.box_pages import CHANGES, describe_box_day, find_movers
from pacesetter.store.boxes.box_points import read_market_frame

MOST_MOVERS = 5


@dataclass(frozen=True)
class Mover:
    """A box whose floor price changed by ``change_pct`` percent since ``compared_on``."""

    facts: BoxFacts
    floor_price_usd: float
    change_pct: float
    compared_on: date


@dataclass(frozen=True)
class Movers:
    """The five boxes that rose and fell the most over ``days``; each is compared with a day of its own."""

    days: int
    gainers: list[Mover]
    losers: list[Mover]


@dataclass(frozen=True)
class BoxMarket:
    """Days of the market, oldest first, as ``market.box_market.measure_market`` gives them; ``as_of``: the
    newest of them with a floor price."""

    as_of: date | None
    sources: list[str]
    simulated: bool
    age_days: int | None = None
    days: list[dict[str, Any]] = field(default_factory=list)
    movers: list[Movers] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


async def view_box_market(
    ws: Workspace, *, first: date | None = None, last: date | None = None, days: int | None = None
) -> BoxMarket:
    """The index of all boxes, made from all days up to ``last`` and shown from ``first`` on; and the movers
    of its newest day over 1, 7 and 30 days, or only over ``days``."""
    async with ws.db.read() as conn:
        key = ("the market of boxes", *await name_figures(conn))
        made = await ws.facts.of(key, partial(make_market, conn))
        made = [row for row in made if last is None or row["metric_date"] <= last]
        if not made:
            return BoxMarket(None, [], ws.simulated, remarks=[f"no box was observed yet: {NO_BOXES}"])
        priced = [row["metric_date"] for row in made if row["n_floors"]]
        as_of = priced[-1] if priced else made[-1]["metric_date"]
        day = await describe_box_day(conn, as_of)
        movers = []
        for one in CHANGES if days is None else (days,):
            up = await find_movers(conn, as_of, one, up=True, most=MOST_MOVERS)
            down = await find_movers(conn, as_of, one, up=False, most=MOST_MOVERS)
            movers.append(Movers(one, [mover(row, one) for row in up], [mover(row, one) for row in down]))
    return BoxMarket(
        as_of,
        [] if day is None else day.sources,
        ws.simulated,
        age_days=age_of(ws, as_of),
        days=[row for row in made if first is None or row["metric_date"] >= first],
        movers=movers,
        remarks=remarks_on(made, as_of),
    )


async def make_market(conn: AsyncConnection) -> list[dict[str, Any]]:
    """Every day of the market: none depends on a later one. It takes all figures that there are."""
    from pacesetter.market.box_market import measure_market

    frame = await read_market_frame(conn)
    return (await asyncio.to_thread(measure_market, frame)).to_dicts()


def mover(row: Any, days: int) -> Mover:
    """A stored row as a mover."""
    change, since = f"floor_price_{days}d_change_pct", f"floor_price_{days}d_from"
    return Mover(facts_of(row), row.floor_price_usd, getattr(row, change), getattr(row, since))


def remarks_on(days: list[dict[str, Any]], as_of: date) -> list[str]:
    """What a reader of the index has to know: days without prices, and where its line is broken."""
    said = []
    last = days[-1]["metric_date"]
    if last > as_of:
        said.append(f"{last} is newer, but no floor price is known there")
    lines = sorted({row["base_on"] for row in days if row["base_on"] is not None})
    if len(lines) > 1:
        begun = ", ".join(map(str, lines))
        said.append(f"too few boxes lie on both sides of some gaps: lines of their own begin at {begun}")
    return said
