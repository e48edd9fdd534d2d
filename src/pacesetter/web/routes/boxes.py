"""The leaderboard of boxes: by rank or by any measure, on any observed date."""

from __future__ import annotations

import datetime as dt
from math import isfinite
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from pacesetter.jobs.boxes.rows import RANKED_BY, check_measure, say_reasons
from pacesetter.jobs.boxes.view_boxes import BoxesAsked, Leaderboard, Order, better_first, view_boxes
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate
from pacesetter.store.boxes.box_pages import Place
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import BoxItem, MeasureItem, MeasureName, box_item, days_fresh, measure_items
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import bad_cursor, read_cursor, write_cursor
from pacesetter.web.parameters import On
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["boxes"], dependencies=[Requires("read")])
MOST = 100
LARGEST = 2**31 - 1  # no database holds every whole number


class BoxesBody(Body):
    """A page of the boxes observed on a day: ``count`` in all, ``next`` is the next page's cursor."""

    observed_on: dt.date | None = Field(description="Newest day with observations, ranked or not.")
    previous_on: dt.date | None = Field(description="The day that the ranks are compared with.")
    sort: str
    order: Literal["asc", "desc"]
    count: int
    observed: int = Field(description="Boxes observed on the day.")
    ranked: int = Field(description="Of them, those with a rank.")
    games: list[str] = Field(description="The games that there are boxes of.")
    remarks: list[str] = Field(description="What one has to know to read this.")
    words: dict[str, str] = Field(description="The codes of `reasons` and `unranked_reason` in words.")
    next: str | None
    rows: list[BoxItem]


class MeasuresBody(Body):
    """Every measure that boxes can be sorted and ranked by; ``ranked_by``: the one behind `rank`."""

    ranked_by: str
    rows: list[MeasureItem]


@router.get("/boxes", response_model=BoxesBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_boxes(
    request: Request,
    ws: Reading,
    on: On = None,
    sort: MeasureName = "rank",
    order: Annotated[
        Order | None, Query(description="Default: the better end first. Missing values come last either way.")
    ] = None,
    limit: Annotated[Whole, Query(ge=1, le=MOST, description="At most so many rows.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=400, description="`next` of the page before; null on the last one.")
    ] = None,
    game: Annotated[str | None, Query(max_length=80, description="Only boxes of this game.")] = None,
    search: Annotated[
        str | None,
        Query(max_length=40, description="Only boxes whose symbol, name, set or external id contains it."),
    ] = None,
    fields: Fields = None,
) -> Any:
    """The boxes observed on a day (default: the newest with ranks enough), best first; ties by symbol."""
    check_measure(sort, where="sort")
    order = order or better_first(sort)
    day, after = read_place(cursor, sort, order)
    if day is not None and on not in (None, day):
        raise bad_cursor()
    asked = BoxesAsked(sort, order, limit, game, search, on or day, after)
    found = await view_boxes(ws, asked)
    body = BoxesBody(
        **days_fresh(ws, found.as_of, found.sources),
        **{name: getattr(found, name) for name in ("observed_on", "previous_on", "sort", "order", "count")},
        **{name: getattr(found, name) for name in ("observed", "ranked", "games", "remarks")},
        words=say_reasons(found.rows),
        next=write_place(found) if found.more else None,
        rows=[box_item(row) for row in found.rows],
    )
    return present(request, body, fields)


@router.get("/boxes/measures")
@kept("series")
async def read_measures(ws: Reading) -> MeasuresBody:
    """What each measure means: its formula, its unit and which end is better."""
    found = await view_boxes(ws, BoxesAsked(limit=1))
    fresh = days_fresh(ws, found.as_of, found.sources)
    return MeasuresBody(**fresh, ranked_by=RANKED_BY, rows=measure_items())


def write_place(found: Leaderboard) -> str:
    """The cursor behind a page. It names the day: the next page is of the same one, whatever is published
    meanwhile."""
    last = found.rows[-1]
    value = last.current_rank if found.sort == "rank" else last.figures[found.sort]
    place = (value is None, 0 if value is None else value, last.facts.symbol)
    return write_cursor((found.sort, found.order, str(found.as_of), *place))


def read_place(cursor: str | None, sort: str, order: Order) -> tuple[dt.date | None, Place | None]:
    """The day and the place that a cursor names; ``BadParameter`` for one of another list."""
    if cursor is None:
        return None, None
    try:
        *list_, day, missing, value, symbol = read_cursor(cursor)
        number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        named = isinstance(symbol, str) and "\0" not in symbol
        whole = sort != "rank" or (isinstance(value, int) and abs(value) <= LARGEST)
        if list_ != [sort, order] or not (isinstance(missing, bool) and number and named and whole):
            raise bad_cursor()
        return parse_date(day, where="cursor"), (missing, value if sort == "rank" else float(value), symbol)
    except (BadDate, ValueError, TypeError, AttributeError):
        raise bad_cursor() from None
