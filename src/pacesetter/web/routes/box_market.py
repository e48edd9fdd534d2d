"""The market of boxes: its index, its movers, and small lines of many boxes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from pacesetter.jobs.boxes.view_box_market import Mover, view_box_market
from pacesetter.jobs.boxes.view_box_series import MOST_LINES, view_box_lines
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import MeasureName, days_fresh, facts_fields
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole, read_whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.parameters import On, Span
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["boxes"], dependencies=[Requires("read")])
Days = Annotated[Literal[1, 7, 30], BeforeValidator(lambda value: as_number(read_whole(value)))]


class MarketItem(BaseModel):
    """The market on a day. Only an index with the same ``base_on`` can be compared."""

    date: dt.date
    index: float | None = Field(description="100 on base_on; null where too few boxes link it to a day.")
    base_on: dt.date | None
    linked_on: dt.date | None = Field(description="The day that floor prices were compared with.")
    n_linked: int = Field(description="Boxes with a floor price on both days.")
    n_floors: int = Field(description="Boxes with a floor price on the day.")
    mean_floor_usd: float | None
    median_floor_usd: float | None
    advancing: int = Field(description="Linked boxes that became dearer.")
    declining: int
    unchanged: int
    breadth: float | None = Field(description="(advancing − declining) / n_linked, from −1 to 1.")
    volume_usd: float | None = Field(description="Sum of the known volumes of the day.")


class MoverItem(BaseModel):
    """A box whose floor price moved."""

    symbol: str
    title: str
    name: str | None
    game: str | None
    set_code: str | None
    image_url: str | None
    floor_price_usd: float
    change_pct: float = Field(description="In percent: 2.5 is 2.5 %.")
    compared_on: dt.date = Field(description="The day that it is measured from.")


class MoversItem(BaseModel):
    """At most five boxes that rose, and five that fell, the most."""

    days: int
    gainers: list[MoverItem]
    losers: list[MoverItem]


class MarketBody(Body):
    """The equal-weighted index of floor prices, oldest day first; boxes that come or go do not move it."""

    remarks: list[str] = Field(description="What one has to know to read this.")
    movers: list[MoversItem] = Field(description="Of as_of.")
    rows: list[MarketItem]


class LineItem(BaseModel):
    """The last points of a box, oldest first; none between them is filled in."""

    symbol: str
    dates: list[dt.date]
    values: list[float | None] = Field(description="One a date; null where the figure is missing.")


class LinesBody(Body):
    """Small lines of many boxes."""

    measure: str
    rows: list[LineItem]


@router.get("/boxes/market", response_model=MarketBody, responses=FORMS)
@kept("series", by_accept=True)
async def read_market(
    request: Request,
    ws: Reading,
    span: Span,
    days: Annotated[Days | None, Query(description="Movers over so many days only; default: all.")] = None,
    fields: Fields = None,
) -> Any:
    """The index of all boxes, its breadth and volume, and who moved the most."""
    found = await view_box_market(ws, first=span[0], last=span[1], days=days)
    body = MarketBody(
        **days_fresh(ws, found.as_of, found.sources),
        remarks=found.remarks,
        movers=[
            MoversItem(
                days=one.days,
                gainers=[mover_item(box) for box in one.gainers],
                losers=[mover_item(box) for box in one.losers],
            )
            for one in found.movers
        ],
        rows=[MarketItem(date=row["metric_date"], **row) for row in found.days],
    )
    return present(request, body, fields)


@router.get("/boxes/sparklines")
@kept("series")
async def read_box_sparklines(
    ws: Reading,
    on: On = None,
    symbols: Annotated[
        str | None,
        Query(
            max_length=3300,
            description=f"At most {MOST_LINES} boxes, such as BOX-OP01,BOX-OP02; default: the first by rank.",
        ),
    ] = None,
    measure: MeasureName = "floor_price_usd",
    points: Annotated[Whole, Query(ge=2, le=200, description="So many of each, the newest.")] = 30,
) -> LinesBody:
    """The last points of each box, for small pictures beside the ranks."""
    names = None if symbols is None else symbols.split(",")
    day, lines = await view_box_lines(ws, names, measure, on=on, points=points)
    return LinesBody(**days_fresh(ws, day), measure=measure, rows=[LineItem(**vars(one)) for one in lines])


def as_number(value: Any) -> Any:
    """Digits of a query as a number."""
    return int(value) if isinstance(value, str) else value


def mover_item(one: Mover) -> MoverItem:
    """A mover as an answer."""
    facts = facts_fields(one.facts)
    own = {name: value for name, value in vars(one).items() if name != "facts"}
    return MoverItem(**{name: facts[name] for name in MoverItem.model_fields if name in facts}, **own)
