"""One box: what it is, its figures of a day and what they mean, its last points, ranks and sources."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pacesetter.jobs.boxes.rows import (
    NAME_IT,
    NO_BOXES,
    BoxFacts,
    BoxRow,
    age_of,
    box_row,
    look_up_asked,
    not_observed,
)
from pacesetter.jobs.boxes.view_box_records import Record, record_of
from pacesetter.jobs.boxes.view_box_series import Point, point_of
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.boxes.box_pages import RANK, describe_box_day
from pacesetter.store.boxes.box_points import read_box_points, read_ranks
from pacesetter.store.boxes.box_records import Observed, find_box_figures, page_records, when_observed

POINTS = 30
RANKS = 400  # of a history: more than a year of days
SHOWN = (
    *("floor_price_usd", "daily_volume_usd", "unified_volume_7d_ema", "active_listings_count"),
    RANK,
)


@dataclass(frozen=True)
class RankPoint:
    """A published rank: ``previous_rank`` and ``rank_change`` compare with ``previous_on``."""

    on: date
    rank: int
    previous_rank: int | None
    previous_on: date | None
    rank_change: int | None


@dataclass(frozen=True)
class BoxView:
    """A box on a date; ``row`` is None where it was never observed. ``ranked`` of the ``observed`` boxes of
    the date have a rank; ``asked_for``: the box that was asked for, where it is joined into this one."""

    facts: BoxFacts
    as_of: date | None
    row: BoxRow | None
    ranked: int
    observed: int
    seen: Observed
    simulated: bool
    age_days: int | None = None
    points: list[Point] = field(default_factory=list)
    ranks: list[RankPoint] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    asked_for: str | None = None


async def view_box(ws: Workspace, name: str, *, on: date | None = None) -> BoxView:
    """A box on a date; default: the newest on which it is ranked, else on which it was observed.

    ``UnknownName`` for what is no box, ``InputError`` for a date on which it was not observed.
    """
    async with ws.db.read() as conn:
        asked_for, facts = await look_up_asked(conn, name)
        seen = await when_observed(conn, facts.symbol)
        day = on or seen.ranked_on or seen.last_on
        remarks = [f"{asked_for} is joined into {facts.symbol}: this is that box"] if asked_for else []
        remarks += [] if facts.name else [f"nobody has named this box yet; {NAME_IT}"]
        if day is None or seen.last_on is None:
            if on is not None:
                raise await not_observed(conn, on, facts.symbol)
            remarks.append(f"this box was never observed: {NO_BOXES}")
            nothing = BoxView(facts, None, None, 0, 0, seen, ws.simulated, remarks=remarks)
            return replace(nothing, asked_for=asked_for)
        found = await find_box_figures(conn, facts.symbol, day)
        whole = await describe_box_day(conn, day)
        if found is None or whole is None:
            raise await not_observed(conn, day, facts.symbol)
        if on is None and seen.last_on > day:
            remarks.append(f"it was observed on {seen.last_on}, too, but not with what a rank needs")
        points = await read_box_points(conn, facts.symbol, SHOWN, last=day, limit=POINTS)
        ranks = await read_ranks(conn, facts.symbol, until=day, limit=RANKS)
        records = await page_records(conn, facts.symbol, on=day, current=True, limit=1000)
    return BoxView(
        facts,
        day,
        box_row(found),
        whole.ranked,
        whole.observed,
        seen,
        ws.simulated,
        age_days=age_of(ws, day),
        points=[point_of(row, SHOWN) for row in points],
        ranks=[rank_point(row) for row in ranks],
        records=[record_of(row) for row in records],
        remarks=remarks,
        asked_for=asked_for,
    )


def rank_point(row: Any) -> RankPoint:
    """A stored rank as people look at it."""
    return RankPoint(row.metric_date, row.current_rank, row.previous_rank, row.previous_on, row.rank_change)
