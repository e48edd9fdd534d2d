"""Entries of the watchlist as they are given, and as answers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from pacesetter.jobs.desk.try_watch import Trial
from pacesetter.jobs.desk.watchlist import WatchView
from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import facts_of, parse_condition
from pacesetter.research.condition_words import to_words
from pacesetter.web.inputs import Given, read_day

Status = Literal["armed", "fired", "expired", "invalid"]
LARGEST = 20_000  # characters of a condition's text
Condition = Annotated[
    Annotated[str, Field(min_length=1, max_length=LARGEST)] | dict[str, Any],
    Field(
        description='As text, such as "price.close < 180 and rank.rank <= 20", or as JSON: {"fact", "op", '
        '"value"} or {"fact", "op", "against"}, joined by {"and": [...]} and {"or": [...]}.'
    ),
]
Until = Annotated[
    Literal["never"] | dt.date,
    BeforeValidator(lambda value: value if value == "never" else read_day(value)),
    Field(description="The last date that counts, or never."),
]
Percent = Annotated[float, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=3650)]


class TrialItem(BaseModel):
    """How often a condition would have fired in the year before."""

    n: int
    fired_on: list[dt.date]
    first_on: dt.date | None
    last_on: dt.date | None
    n_dates: int
    known: dict[str, int] = Field(description="On how many of the dates each of its facts is known.")
    words: str


class ThesisJudged(BaseModel):
    """What was found of a thesis after it fired."""

    on: dt.date
    holds: bool | None = Field(description="null: too few analysts have an opinion.")
    reason: str


class WatchItem(BaseModel):
    """Something that is waited for, and where that stands."""

    id: UUID
    symbol: str
    name: str | None
    own: bool = Field(description="Whether it is one's own; false: everyone's.")
    trigger_type: str
    trigger_value: str | None
    condition: dict[str, Any] = Field(description="As JSON.")
    text: str = Field(description="As text, as it can be given again.")
    words: str = Field(description="For a person.")
    facts: list[str] = Field(description="The facts that it reads.")
    thesis: str | None
    expires_on: dt.date | None = Field(description="The last date that counts; null: for ever.")
    hysteresis_pct: float
    cool_down_days: int
    status: Status
    to_validate: bool = Field(description="It fired, and nobody has judged its thesis since.")
    times_triggered: int
    last_triggered_on: dt.date | None
    checked_on: dt.date | None
    fired_with: dict[str, float] = Field(description="Its facts when it fired last.")
    unknown: list[str] = Field(description="Facts that were not known on checked_on.")
    validation: ThesisJudged | None
    remarks: list[str] = Field(description="What there is to say of it, such as that a symbol is delisted.")
    would_have: TrialItem | None = Field(description="How often it would have fired; null where not tried.")
    created_at: dt.datetime | None
    updated_at: dt.datetime | None


class WatchAsked(Given):
    """Something to wait for: a condition, or a trigger's type and value."""

    symbol: str = Field(min_length=1, max_length=32)
    condition: Condition | None = None
    trigger_type: str | None = Field(None, max_length=40, description="Such as price or event.")
    trigger_value: str | None = Field(None, max_length=200, description='Such as "< 180".')
    thesis: str | None = Field(None, max_length=4000, description="Why: asked again when it fires.")
    expires_on: Until | None = None
    hysteresis_pct: Percent | None = Field(None, description="How far it goes back before it fires again.")
    cool_down_days: Days | None = Field(None, description="Days of rest after it fired.")


class WatchEdited(Given):
    """What to change; a field that is not there stays as it is. A changed condition starts armed."""

    condition: Condition | None = None
    trigger_type: str | None = Field(None, max_length=40)
    trigger_value: str | None = Field(None, max_length=200)
    thesis: str | None = Field(None, max_length=4000)
    expires_on: Until | None = None
    hysteresis_pct: Percent | None = None
    cool_down_days: Days | None = None
    holds: bool | None = Field(None, description="What one thinks of the thesis; false ends the entry.")
    reason: str | None = Field(None, max_length=500, description="With holds: why.")


class TryAsked(Given):
    """A condition to try on a symbol."""

    symbol: str = Field(min_length=1, max_length=32)
    condition: Condition
    hysteresis_pct: Percent | None = None
    cool_down_days: Days | None = None


def watch_item(view: WatchView, name: str | None, user_id: UUID | None) -> WatchItem:
    """An entry as an answer to somebody."""
    row, told = view.row, view.row.details or {}
    try:
        parsed = parse_condition(row.condition)
        words, facts = to_words(parsed), facts_of(parsed)
    except InputError:  # a hand in the database may leave one that nobody can read
        words, facts = view.text, []
    names = [one for one in WatchItem.model_fields if hasattr(row, one)]
    given = {one: getattr(row, one) for one in names}
    judged = told.get("validation")
    return WatchItem(
        **given | {"condition": row.condition if isinstance(row.condition, dict) else {}},
        name=name,
        own=row.user_id is not None and row.user_id == user_id,
        text=view.text,
        words=words,
        facts=facts,
        expires_on=row.expiry_date,
        fired_with=told.get("facts") or {},
        unknown=told.get("unknown") or [],
        validation=None if judged is None else ThesisJudged(**judged),
        remarks=[*view.said, *([told["note"]] if told.get("note") else [])],
        would_have=None if view.trial is None else trial_item(view.trial),
    )


def trial_item(trial: Trial) -> TrialItem:
    """A trial as an answer."""
    fired = trial.firings
    return TrialItem(
        n=fired.n,
        fired_on=list(fired.fired_on),
        first_on=fired.first_on,
        last_on=fired.last_on,
        n_dates=fired.n_dates,
        known=dict(trial.known),
        words=trial.in_words(),
    )
