"""Boxes in answers: their facts, the figures of a day, and the choices that several routes take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field

from pacesetter.jobs.boxes.rows import SORTS, BoxFacts, BoxRow
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.box_measures import MEASURES
from pacesetter.market.calendar import EVERY_DAY
from pacesetter.web.bodies.body import freshness_by

NAMES = {"enum": list(SORTS)}
CHANGE = "In percent: 2.5 is 2.5 %; since floor_price_{}d_from."

Symbol = Annotated[
    str, Path(max_length=80, description="Symbol of a box, such as BOX-OP01, or what its sources call it.")
]
MeasureName = Annotated[
    str, Query(max_length=40, description="A measure, or rank.", json_schema_extra=dict(NAMES))
]


class FactsItem(BaseModel):
    """What a box is. ``title``: its name, or `unnamed` and the beginning of its external id."""

    symbol: str
    title: str
    name: str | None
    external_id: str | None = Field(description="What the sources call it.")
    game: str | None
    set_code: str | None
    set_name: str | None
    variant: str | None
    released_on: dt.date | None
    image_url: str | None
    reprint_risk: str | None = Field(description="low, medium or high.")


class RankItem(BaseModel):
    """The rank by volume (unified_volume_7d_ema) on the day, and what it is compared with. ``place``: the
    competition rank under the sort that was asked for, among all boxes of the day that have a value."""

    place: int | None
    current_rank: int | None
    previous_rank: int | None
    previous_on: dt.date | None
    rank_change: int | None = Field(
        description="previous_rank − current_rank: positive is up; null for a newcomer."
    )
    unranked_reason: str | None


class FiguresItem(BaseModel):
    """The figures of a box on a day; `GET /api/v1/boxes/measures` says what each means."""

    floor_price_usd: float | None
    floor_price_1d_change_pct: float | None = Field(description=CHANGE.format(1))
    floor_price_7d_change_pct: float | None = Field(description=CHANGE.format(7))
    floor_price_30d_change_pct: float | None = Field(description=CHANGE.format(30))
    daily_volume_usd: float | None
    unified_volume_usd: float | None
    unified_volume_7d_ema: float | None
    boxes_sold_per_day: float | None
    boxes_sold_30d_avg: float | None
    active_listings_count: float | None
    boxes_added_today: float | None
    liquidity_score: float | None
    days_to_20pct_increase: float | None
    expected_days_to_sell: float | None
    visible_market_cap_usd: float | None
    floor_price_1d_from: dt.date | None = Field(description="The day that the change is measured from.")
    floor_price_7d_from: dt.date | None
    floor_price_30d_from: dt.date | None
    n_observed: int = Field(description="Days of the last 30 with known sales.")
    reasons: dict[str, str] = Field(description="Why a figure is missing: a code by its name.")
    sources: dict[str, str] = Field(description="Who gave each observed figure.")


class BoxItem(FiguresItem, RankItem, FactsItem):
    """A box on a day."""


class MeasureItem(BaseModel):
    """What a measure means."""

    name: str
    title: str
    unit: str
    higher_is_better: bool = Field(description="Which end comes first where no order is asked for.")
    formula: str
    about: str


def days_fresh(ws: Workspace, as_of: dt.date | None, sources: Sequence[str] = ()) -> dict[str, Any]:
    """The fields of ``Body``, counted in days: collectors buy and sell on every one."""
    return freshness_by(ws, EVERY_DAY, as_of, ", ".join(sources) or None)


def facts_fields(facts: BoxFacts) -> dict[str, Any]:
    """The facts of a box as an answer."""
    return {**vars(facts), "title": facts.title}


def rank_fields(row: BoxRow) -> dict[str, Any]:
    """The rank of a box as an answer."""
    return {name: getattr(row, name) for name in RankItem.model_fields}


def figures_fields(row: BoxRow) -> dict[str, Any]:
    """The figures of a box as an answer."""
    since = {f"floor_price_{days}d_from": day for days, day in row.compared_on.items()}
    named = {name: getattr(row, name) for name in ("n_observed", "reasons", "sources")}
    return {**row.figures, **since, **named}


def box_item(row: BoxRow) -> BoxItem:
    """A box on a day as an answer."""
    return BoxItem(**facts_fields(row.facts), **rank_fields(row), **figures_fields(row))


def measure_items() -> list[MeasureItem]:
    """Every measure, in the order in which they are shown."""
    return [MeasureItem(**vars(one)) for one in MEASURES.values()]


def because(code: str | None) -> str | None:
    """A code in words."""
    return in_words(code) or None
