"""Signals: what was noticed about symbols, what is left of each, and the rules by which they count."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.desk.list_signals import SignalView, list_signals, usual_day
from pacesetter.jobs.desk.signal_rules import CURVE_DAYS, SignalRules, tell_rules
from pacesetter.jobs.symbols.symbol_names import name_symbols
from pacesetter.store.desk.signals import SignalPlace
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import MOST, bad_cursor, read_cursor, write_cursor
from pacesetter.web.parameters import On
from pacesetter.web.routes.research_queue import newest_on
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["signals"], dependencies=[Requires("read")])


class SignalItem(BaseModel):
    """Something that was noticed about a symbol on the evening of a session."""

    symbol: str
    name: str | None
    signal_type: str
    source: str = Field(description="Who noticed it: an agent, or where a text came from.")
    signal_on: dt.date
    score: float = Field(description="When it was seen, 0 to 100.")
    confidence: float = Field(description="0 to 1.")
    age_days: int = Field(description="Calendar days from signal_on to the date asked for.")
    decay_factor: float = Field(description="Share of the score that is left at that age.")
    decayed: float = Field(description="score × decay_factor.")
    fades: str = Field(description="How its type fades, in words.")
    taken_back: bool = Field(description="True: it does not count any more.")
    data: dict[str, Any] = Field(description="What was seen, as the agent tells it.")


class SignalsBody(Body):
    """A page of signals, newest first, the highest of a day before others; ``next``: the next page's
    cursor."""

    on: dt.date = Field(description="The date at which ages and decay are counted.")
    days: int
    next: str | None
    rows: list[SignalItem]


class StepItem(BaseModel):
    """From this age on, this share is left."""

    from_days: float
    factor: float


class DecayItem(BaseModel):
    """How a score fades; figures that the kind does not have are null."""

    kind: str = Field(description="linear, exponential, step or none.")
    words: str
    zero_after_days: float | None
    half_life_days: float | None
    steps: list[StepItem]
    curve: list[float] = Field(description=f"Share left at the age of 0, 1 … {CURVE_DAYS} days.")


class SignalRuleItem(BaseModel):
    """What signals of a type count."""

    signal_type: str
    base_score: float = Field(description="Highest score of its agent; 0 to 100.")
    agents: list[str] = Field(description="Discovery agents that give it; none: files and people do.")
    decay: DecayItem


class MultiplierItem(BaseModel):
    """A factor by name, such as of a regime."""

    name: str
    factor: float


class BandItem(BaseModel):
    """A band holds its lowest score, and reaches up to the next one's."""

    name: str
    score_from: float


class SignalRulesBody(Body):
    """How signals converge: score = sum of what is left × regime × sector × bonus."""

    name: str
    version: int
    confidence_counts: bool = Field(description="Whether a score is multiplied by its confidence.")
    kind_counts_from: float = Field(description="Share that must be left for a type to count to the bonus.")
    go_on: int = Field(description="So many of the best go on to the analysts …")
    go_on_from: float = Field(description="… and none below this score.")
    enter_at: float = Field(description="Score at which a symbol enters the research queue.")
    promote_at: float = Field(description="Score at which it leaves it for analysis.")
    most_entries: int
    most_days: int
    regimes: list[MultiplierItem]
    sectors: list[MultiplierItem]
    bonus: list[MultiplierItem] = Field(description="By the number of types; the last holds for more, too.")
    bands: list[BandItem]
    rows: list[SignalRuleItem]


@router.get("/signals", response_model=SignalsBody, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_signals(
    request: Request,
    ws: Reading,
    on: On = None,
    symbol: Annotated[str | None, Query(max_length=32, description="Only this symbol's.")] = None,
    signal_type: Annotated[
        str | None, Query(alias="type", max_length=40, description="Only of this type, such as near_high.")
    ] = None,
    source: Annotated[str | None, Query(max_length=80, description="Only from this source.")] = None,
    days: Annotated[Whole, Query(ge=1, le=400, description="Signals of so many days up to the date.")] = 30,
    limit: Annotated[Whole, Query(ge=1, le=MOST, description="At most so many rows.")] = 100,
    cursor: Annotated[
        str | None, Query(max_length=400, description="`next` of the page before; null on the last one.")
    ] = None,
    fields: Fields = None,
) -> Any:
    """Signals up to a date (default: today, or the newest night where that is longer ago than ``days``), each
    with its age and what is left of it."""
    day, after = (None, None) if cursor is None else read_place(cursor)
    if day is not None and on not in (None, day):
        raise bad_cursor()
    on = on or day or await usual_day(ws, days)
    found = await list_signals(
        ws,
        on=on,
        days=days,
        symbol=symbol,
        signal_type=signal_type,
        source=source,
        after=after,
        limit=limit + 1,
    )
    rows = found[:limit]
    names = await name_symbols(ws, {one.symbol for one in rows})
    body = SignalsBody(
        **await freshness(ws, await newest_on(ws)),
        on=on,
        days=days,
        next=write_place(on, rows[-1]) if len(found) > limit else None,
        rows=[SignalItem(name=names.get(one.symbol), **vars(one)) for one in rows],
    )
    return present(request, body, fields)


@router.get("/signals/rules")
@kept("series")
async def read_signal_rules(ws: Reading) -> SignalRulesBody:
    """What each type of signal counts and how it fades, and what their sum is multiplied by."""
    return SignalRulesBody(**await freshness(ws, await newest_on(ws)), **rules_fields(tell_rules()))


def rules_fields(found: SignalRules) -> dict[str, Any]:
    """The rules as an answer."""
    desk = found.desk
    rule, queue = desk.convergence, desk.queue
    return {
        "name": desk.name,
        "version": desk.version,
        **{name: getattr(rule, name) for name in ("confidence_counts", "kind_counts_from")},
        **{name: getattr(rule, name) for name in ("go_on", "go_on_from")},
        **{name: getattr(queue, name) for name in ("enter_at", "promote_at", "most_entries", "most_days")},
        "regimes": multipliers(rule.regimes.items()),
        "sectors": multipliers(rule.sectors.items()),
        "bonus": multipliers((str(n), factor) for n, factor in enumerate(rule.bonus, 1)),
        "bands": [BandItem(name=name, score_from=start) for name, start in rule.bands],
        "rows": [
            SignalRuleItem(
                signal_type=name,
                base_score=one.base_score,
                agents=found.agents.get(name, []),
                decay=DecayItem(
                    kind=one.decay.kind,
                    words=one.decay.in_words(),
                    zero_after_days=finite(one.decay.zero_after_days),
                    half_life_days=finite(one.decay.half_life_days),
                    steps=[StepItem(from_days=start, factor=share) for start, share in one.decay.steps],
                    curve=found.curves[name],
                ),
            )
            for name, one in desk.signals.items()
        ],
    }


def multipliers(pairs: Any) -> list[MultiplierItem]:
    """Factors by name."""
    return [MultiplierItem(name=name, factor=factor) for name, factor in pairs]


def finite(value: float) -> float | None:
    """None for what has no end."""
    return value if math.isfinite(value) else None


def write_place(on: dt.date, row: SignalView) -> str:
    """The cursor behind a signal; it names the date, so that the next page counts ages alike."""
    place = (str(row.signal_on), row.score, row.symbol, row.signal_type, row.source)
    return write_cursor((str(on), *place))


def read_place(cursor: str) -> tuple[dt.date, SignalPlace]:
    """The date and the signal that a cursor names; ``BadParameter`` for one of another list."""
    try:
        on, seen_on, score, symbol, signal_type, source = read_cursor(cursor)
        texts = (symbol, signal_type, source)
        if not all(isinstance(one, str) and "\0" not in one for one in texts) or isinstance(score, bool):
            raise bad_cursor()
        place = (dt.date.fromisoformat(seen_on), float(score), symbol, signal_type, source)
        if not math.isfinite(place[1]):
            raise bad_cursor()
        return dt.date.fromisoformat(on), place
    except (ValueError, TypeError):
        raise bad_cursor() from None
