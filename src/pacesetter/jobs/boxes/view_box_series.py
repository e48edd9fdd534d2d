"""Figures of boxes over time: series of one box, and the small lines of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pacesetter.jobs.boxes.rows import BoxFacts, check_measure, column_of, look_up_box
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter
from pacesetter.store.boxes.box_pages import RANK, newest_box_dates, page_boxes
from pacesetter.store.boxes.box_points import read_box_lines, read_box_points, read_box_symbols
from pacesetter.store.boxes.box_records import Observed, when_observed

MOST_LINES = 100
LINES_OF = f"name at most {MOST_LINES} boxes"


@dataclass(frozen=True)
class Point:
    """A day on which a box was observed; ``gap_days``: since the day before on which it was, None for
    its first. ``values`` by measure (and ``rank``), None where one is missing."""

    on: date
    gap_days: int | None
    values: dict[str, float | None]


@dataclass(frozen=True)
class BoxSeries:
    """The points of a box, oldest first."""

    facts: BoxFacts
    measures: list[str]
    seen: Observed
    points: list[Point]
    simulated: bool


@dataclass(frozen=True)
class BoxLine:
    """The last points of a box: dates, and the values on them (None where one is missing)."""

    symbol: str
    dates: list[date]
    values: list[float | None]


async def view_box_series(
    ws: Workspace,
    name: str,
    measures: Sequence[str],
    *,
    first: date | None = None,
    last: date | None = None,
    limit: int,
) -> BoxSeries:
    """The newest ``limit`` points of a box within the dates, oldest first; nothing between is filled in."""
    chosen = list(dict.fromkeys(check_measure(one, where="measure") for one in measures))
    if not chosen:
        raise BadParameter("no measure is named", where="measure", mend="such as floor_price_usd,rank")
    columns = [column_of(one) for one in chosen]
    async with ws.db.read() as conn:
        facts = await look_up_box(conn, name)
        seen = await when_observed(conn, facts.symbol)
        rows = await read_box_points(conn, facts.symbol, columns, first=first, last=last, limit=limit)
    return BoxSeries(facts, chosen, seen, [point_of(row, columns) for row in rows], ws.simulated)


def point_of(row: Any, columns: Sequence[str]) -> Point:
    """A stored point as people look at it."""
    before = row.point_before
    values = {("rank" if name == RANK else name): getattr(row, name) for name in columns}
    return Point(row.metric_date, None if before is None else (row.metric_date - before).days, values)


async def view_box_lines(
    ws: Workspace, symbols: Sequence[str] | None, measure: str, *, on: date | None = None, points: int
) -> tuple[date | None, list[BoxLine]]:
    """The last ``points`` points of each box up to ``on`` (default: the newest ranked date), in the order
    asked for; without ``symbols`` of the first hundred by rank. ``UnknownName`` for what is no box."""
    column = column_of(check_measure(measure, where="measure"))
    async with ws.db.read() as conn:
        ranked_on, observed_on = await newest_box_dates(conn, until=on)
        day = ranked_on or observed_on
        if symbols is None:
            first = []
            if day is not None:
                first = await page_boxes(conn, day, RANK, down=False, after=None, limit=MOST_LINES)
            wanted = [row.symbol for row in first]
        else:
            asked = list(dict.fromkeys(name.strip().upper() for name in symbols))
            if len(asked) > MOST_LINES:
                raise BadParameter(f"{len(asked)} boxes are too many", where="symbols", mend=LINES_OF)
            known = await read_box_symbols(conn)
            wanted = [name if name in known else (await look_up_box(conn, name)).symbol for name in asked]
        rows = await read_box_lines(conn, wanted, column, until=on or day, points=points)
    lines = {symbol: BoxLine(symbol, [], []) for symbol in wanted}
    for row in rows:
        lines[row.symbol].dates.append(row.metric_date)
        lines[row.symbol].values.append(row.value)
    return day, list(lines.values())
