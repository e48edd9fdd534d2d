"""One box: its figures and what they mean, its series, and everything that was recorded of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.boxes.rows import say_reasons
from pacesetter.jobs.boxes.view_box import view_box
from pacesetter.jobs.boxes.view_box_records import Record, view_records
from pacesetter.jobs.boxes.view_box_series import Point, view_box_series
from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate
from pacesetter.store.boxes.box_records import RecordPlace
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body
from pacesetter.web.bodies.box import (
    BoxItem,
    FactsItem,
    MeasureItem,
    Symbol,
    box_item,
    days_fresh,
    facts_fields,
    measure_items,
)
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.parameters import On, Span
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["boxes"], dependencies=[Requires("read")])


class PointItem(BaseModel):
    """A day on which the box was observed; days between are not filled in."""

    date: dt.date
    gap_days: int | None = Field(description="Days since it was observed before; null on its first day.")
    values: dict[str, int | float | None] = Field(description="By measure; null where one is missing.")


class RankPointItem(BaseModel):
    """A rank, and what it is compared with."""

    date: dt.date
    rank: int
    previous_rank: int | None
    previous_on: dt.date | None
    rank_change: int | None


class RecordItem(BaseModel):
    """What a source said of a day."""

    date: dt.date
    source: str
    floor_price_usd: float | None
    active_listings_count: float | None
    boxes_sold: float | None
    boxes_added: float | None
    original: dict[str, Any] = Field(description="As the source gave it.")
    recorded_at: dt.datetime = Field(description="Since when it is known here.")
    fetched_at: dt.datetime
    told_as: str | None = Field(description="The joined box that it was told of; null: this one.")
    import_id: UUID | None
    file_name: str | None
    by: str | None = Field(description="Who entered it by hand.")
    note: str | None
    current: bool = Field(description="Whether it holds; else something else took its place.")
    replaced_at: dt.datetime | None
    replaced_cause: str | None = Field(description="import, or undo.")
    replaced_import: UUID | None


class BoxBody(Body):
    """A box on a day (null figures: it was never observed), and how that came about."""

    box: FactsItem
    asked_for: str | None = Field(description="The box that was asked for, where it is joined into this one.")
    first_observed_on: dt.date | None
    last_observed_on: dt.date | None
    observed_days: int
    ranked: int = Field(description="Boxes with a rank on the day.")
    observed: int = Field(description="Boxes observed on the day.")
    remarks: list[str] = Field(description="What one has to know to read this.")
    day: BoxItem | None
    words: dict[str, str] = Field(description="The codes of `reasons` and `unranked_reason` in words.")
    measures: list[MeasureItem]
    series: list[PointItem] = Field(description="The last 30 days with observations, oldest first.")
    ranks: list[RankPointItem] = Field(description="Ranks up to the day, newest first.")
    observations: list[RecordItem] = Field(description="What each source said of the day.")


class BoxSeriesBody(Body):
    """The points of a box, oldest first; ``as_of``: the newest day on which it was observed."""

    box: FactsItem
    measures: list[str]
    rows: list[PointItem]


class EditItem(BaseModel):
    """Facts that a person gave the box."""

    at: dt.datetime
    by: str
    before: dict[str, Any]
    after: dict[str, Any]
    import_id: UUID = Field(description="What takes it back.")


class RecordsBody(Body):
    """A page of what was recorded of a box, newest day first; ``count`` in all."""

    box: FactsItem
    count: int
    edits: list[EditItem] = Field(description="All edits of its facts, newest first.")
    next: str | None
    rows: list[RecordItem]


@router.get("/boxes/{symbol}")
@kept("detail")
async def read_box(ws: Reading, symbol: Symbol, on: On = None) -> BoxBody:
    """A box on a day (default: the newest on which it is ranked)."""
    found = await view_box(ws, symbol, on=on)
    sources = sorted({one.source for one in found.records})
    return BoxBody(
        **days_fresh(ws, found.as_of, sources),
        box=FactsItem(**facts_fields(found.facts)),
        asked_for=found.asked_for,
        first_observed_on=found.seen.first_on,
        last_observed_on=found.seen.last_on,
        observed_days=found.seen.days,
        ranked=found.ranked,
        observed=found.observed,
        remarks=found.remarks,
        day=None if found.row is None else box_item(found.row),
        words={} if found.row is None else say_reasons([found.row]),
        measures=measure_items(),
        series=[point_item(one) for one in found.points],
        ranks=[RankPointItem(date=one.on, **rest(one)) for one in found.ranks],
        observations=[record_item(one) for one in found.records],
    )


@router.get("/boxes/{symbol}/series", response_model=BoxSeriesBody, responses=FORMS)
@kept("series", by_accept=True)
async def read_series(
    request: Request,
    ws: Reading,
    symbol: Symbol,
    span: Span,
    measure: Annotated[
        str, Query(max_length=400, description="Measures, or rank, such as floor_price_usd,rank.")
    ] = "floor_price_usd",
    limit: Annotated[Whole, Query(ge=1, le=10_000, description="At most so many points, the newest.")] = 1000,
    fields: Fields = None,
) -> Any:
    """Figures of a box over time: a point a day on which it was observed."""
    names = [name.strip() for name in measure.split(",") if name.strip()]
    found = await view_box_series(ws, symbol, names, first=span[0], last=span[1], limit=limit)
    body = BoxSeriesBody(
        **days_fresh(ws, found.points[-1].on if found.points else found.seen.last_on),
        box=FactsItem(**facts_fields(found.facts)),
        measures=found.measures,
        rows=[point_item(one) for one in found.points],
    )
    return present(request, body, fields)


@router.get("/boxes/{symbol}/observations")
@kept("series")
async def read_observations(ws: Reading, symbol: Symbol, page: Page) -> RecordsBody:
    """Everything that was recorded of a box: each source's figures, the replaced ones among them."""
    after = None if page.after is None else read_place(page.after)
    found = await view_records(ws, symbol, after=after, limit=page.limit + 1)
    rows = found.records[: page.limit]
    more = None
    if len(found.records) > len(rows):
        more = write_cursor((str(rows[-1].on), rows[-1].source, rows[-1].revision))
    return RecordsBody(
        **days_fresh(ws, found.seen.last_on),
        box=FactsItem(**facts_fields(found.facts)),
        count=found.count,
        next=more,
        edits=[EditItem(**vars(one)) for one in found.edits],
        rows=[record_item(one) for one in rows],
    )


def read_place(after: tuple[Any, ...]) -> RecordPlace:
    """The record that a cursor names; ``BadParameter`` for one of another list."""
    try:
        day, source, revision = after
        if isinstance(revision, bool) or not isinstance(revision, int) or abs(revision) >= 1 << 63:
            raise ValueError(revision)
        if not isinstance(source, str) or "\0" in source:
            raise ValueError(source)
        return parse_date(day), source, revision
    except (BadDate, ValueError, TypeError):
        raise bad_cursor() from None


def rest(one: Any) -> dict[str, Any]:
    """What a view says beside its date."""
    return {name: value for name, value in vars(one).items() if name != "on"}


def point_item(one: Point) -> PointItem:
    """A point as an answer."""
    return PointItem(date=one.on, **rest(one))


def record_item(one: Record) -> RecordItem:
    """A record as an answer."""
    own = rest(one) | one.figures
    shown = {name: own[name] for name in RecordItem.model_fields if name in own}
    return RecordItem(date=one.on, current=one.replaced_at is None, **shown)
