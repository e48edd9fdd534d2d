"""Boxes that may be one under two ids: a guess by price alone, for a person to judge."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from pacesetter.jobs.boxes.rows import BoxFacts, facts_of
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.box_twins import MOST_DAYS, MOST_DIFFERENCE_PCT, find_ends, find_twins
from pacesetter.store.boxes.box_pages import newest_box_dates
from pacesetter.store.boxes.box_points import read_seams
from pacesetter.store.boxes.box_records import list_boxes

GUESS = (
    f"a guess by price alone: an unnamed box whose first floor price is within {MOST_DIFFERENCE_PCT:g} % of "
    f"the last one of a named box that ended at most {MOST_DAYS} days before; "
    "`pacesetter boxes join UNNAMED NAMED` says that two are one"
)


@dataclass(frozen=True)
class Twins:
    """An unnamed box, and the named one that it may be: floor prices in dollars on the last day of the one
    and the first of the other, ``gap_days`` apart; the later one differs by ``difference_pct``."""

    unnamed: BoxFacts
    named: BoxFacts
    ended_on: date
    ended_usd: float
    begins_on: date
    begins_usd: float
    gap_days: int
    difference_pct: float


@dataclass(frozen=True)
class TwinsView:
    """The nearest pair first; ``as_of``: the newest day with observations."""

    as_of: date | None
    simulated: bool
    remarks: list[str]
    rows: list[Twins]


async def view_twins(ws: Workspace) -> TwinsView:
    """All pairs that may be one box; one box may stand in several."""
    async with ws.db.read() as conn:
        _, as_of = await newest_box_dates(conn)
        facts = {row.symbol: facts_of(row) for row in await list_boxes(conn)}
        seams = await read_seams(conn)
    pairs = await asyncio.to_thread(lambda: find_twins(find_ends(seams)))
    rows = [
        Twins(facts[row.pop("symbol")], facts[row.pop("twin")], **row) for row in pairs.iter_rows(named=True)
    ]
    return TwinsView(as_of, ws.simulated, [GUESS], rows)
