"""What a watch is made of, as a person gives it: checked, and told again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from pacesetter.agents.facts import fact_names
from pacesetter.jobs.night.past_watches import tell_state
from pacesetter.kernel.errors import BadDate, InputError, UnknownName, unknown
from pacesetter.research.condition import Condition, facts_of, parse_condition
from pacesetter.research.condition_text import parse_text, write_text
from pacesetter.research.desk import load_desk
from pacesetter.research.table import check_number
from pacesetter.research.trigger import read_trigger
from pacesetter.store.desk.watchlist import WatchRow

MOST_PCT, MOST_DAYS, MOST_CHARACTERS = 100.0, 3650, 4000
Until = date | Literal["never"] | None
Given = Mapping[str, Any] | str


@dataclass(frozen=True, kw_only=True)
class WatchTerms:
    """What a watch is made of, as a person gives it; None: not said.

    The condition is its JSON or its text, or a trigger's kind and value. ``expires_on`` may be ``never``."""

    condition: Given | None = None
    trigger_type: str | None = None
    trigger_value: str | None = None
    thesis: str | None = None
    expires_on: Until = None
    hysteresis_pct: float | None = None
    cool_down_days: int | None = None

    @property
    def says_condition(self) -> bool:
        """Whether anything is said of what is watched for."""
        return any(one is not None for one in (self.condition, self.trigger_type, self.trigger_value))

    def read_condition(self) -> Condition:
        """What is watched for; ``InputError`` where nothing or something wrong is said of it."""
        return read_terms(self.condition, self.trigger_type, self.trigger_value)


UNSAID = WatchTerms()


def read_terms(
    condition: Given | None, trigger_type: str | None = None, trigger_value: str | None = None
) -> Condition:
    """The condition that is given as JSON, as text, or as a trigger's kind and value; of known facts."""
    known = fact_names()
    if condition is not None:
        if trigger_type is not None or trigger_value is not None:
            raise InputError("a condition and a trigger exclude each other", mend="give one of the two")
        if isinstance(condition, str):
            return parse_text(condition, known=known)
        parsed = parse_condition(condition)
        for fact in facts_of(parsed):
            if fact not in known:
                error = unknown("fact", fact, list(known))
                raise UnknownName(error.what, where="condition", mend=error.mend)
        return parsed
    if trigger_type is None or trigger_value is None:
        raise InputError(
            "there is no condition", mend="give one, or trigger_type and trigger_value: price and < 180"
        )
    return read_trigger(trigger_type, trigger_value, known=known)


def check_thesis(thesis: str | None) -> str | None:
    """Why it is watched for; None where nothing is said."""
    said = (thesis or "").strip()
    if len(said) > MOST_CHARACTERS:
        raise InputError(f"{len(said)} characters", where="thesis", mend=f"use at most {MOST_CHARACTERS}")
    return said or None


def check_until(until: Until, today: date) -> date | None:
    """The last date that counts: as given, or as many days ahead as the desk says; None for ever."""
    if until == "never":
        return None
    if until is None:
        return today + timedelta(days=load_desk().watchlist.expire_after_days)
    if until < today:
        raise BadDate(f"{until} is over", where="until", mend="give today or a later date, or `never`")
    return until


def check_back(pct: float | None) -> float:
    """How far it must go back before it can fire again, in %; the desk's where nothing is said."""
    if pct is None:
        return load_desk().watchlist.hysteresis_pct
    return check_number(pct, "hysteresis_pct", "watch", at_most=MOST_PCT)


def check_rest(days: int | None) -> int:
    """How many days it rests after it fired; the desk's where nothing is said."""
    if days is None:
        return load_desk().watchlist.cool_down_days
    found = check_number(days, "cool_down_days", "watch", at_most=MOST_DAYS)
    if found != int(found):
        raise InputError(f"cool_down_days = {days:g}", where="watch", mend="give a whole number of days")
    return int(found)


def text_of(row: WatchRow) -> str:
    """The condition of an entry as text; as it is stored where it cannot be read."""
    try:
        return write_text(parse_condition(row.condition))
    except InputError:
        return str(row.condition)


def tell_watch(row: WatchRow) -> dict[str, Any]:
    """An entry for the audit log, as plain JSON."""
    return {
        "id": str(row.id),
        "symbol": row.symbol,
        "condition": text_of(row),
        "thesis": row.thesis,
        "until": None if row.expiry_date is None else row.expiry_date.isoformat(),
        "hysteresis_pct": row.hysteresis_pct,
        "cool_down_days": row.cool_down_days,
        **tell_state(row),
        "owner": None if row.user_id is None else str(row.user_id),
    }
