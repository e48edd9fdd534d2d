"""A simple watch as two words, its kind and its value: price "< 180", rank "20", event "insider"."""

from __future__ import annotations

import re
from collections.abc import Collection

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.research.condition import KINDS, Comparison, Condition, facts_of
from pacesetter.research.condition_text import parse_text, write_right

COMPOSED = "composed"
USUAL = {"price": "price.close", "rank": "rank.rank", "freshness": "freshness.sessions_behind"}
PLAIN = {"rank": "<=", "freshness": ">="}  # what a number alone means: ranked so well, or that late
NUMBER = re.compile(r"\s*[+-]?[\d.]")
COMPARISON = re.compile(r"\s*(?:[<>≤≥]|crosses\b)", re.IGNORECASE)
MOST_CHARACTERS = 60  # of a stored value


def read_trigger(kind: str, value: str, *, known: Collection[str] | None = None) -> Condition:
    """The condition of a kind (price, rank, factor, event, freshness or technical) and a value.

    The value is a comparison, whose fact may be left out for a price, a rank and freshness: ``< 180``,
    ``trailing_pe < 15``, ``insider``. A number alone is the worst rank or the fewest sessions of lateness
    that count; for a price it could mean either side, and is refused.
    """
    if kind not in KINDS:
        if kind == COMPOSED:
            raise InputError(
                "a composed watch needs its condition", where="trigger_type", mend="give condition"
            )
        raise unknown("kind of trigger", kind, [*KINDS, COMPOSED])
    text = value.strip()
    if NUMBER.match(text):
        if kind not in PLAIN:
            mend = f"write `< {text}` or `> {text}`" if kind == "price" else f"name the fact: NAME < {text}"
            raise InputError(f"{text!r} says no direction", where="trigger_value", mend=mend)
        text = f"{PLAIN[kind]} {text}"
    if COMPARISON.match(text):
        if kind not in USUAL:
            raise InputError(
                f"{text!r} names no fact",
                where="trigger_value",
                mend=f"write NAME {text}, with a {kind} fact",
            )
        text = f"{USUAL[kind]} {text}"
    elif not text.lower().startswith(f"{kind}."):
        text = f"{kind}.{text}"
    condition = parse_text(text, known=known, where="trigger_value")
    if (found := name_trigger(condition)[0]) != kind:
        raise InputError(
            f"{value!r} is {found}, not {kind}", where="trigger_type", mend="give it as a condition"
        )
    return condition


def name_trigger(condition: Condition) -> tuple[str, str | None]:
    """The kind that all its facts are of, or ``composed``; and the plain value of a single comparison: its
    number, the fact that it is compared with, or the name of the event."""
    kinds = {fact.partition(".")[0] for fact in facts_of(condition)}
    kind = kinds.pop() if len(kinds) == 1 else COMPOSED
    if not isinstance(condition, Comparison):
        return kind, None
    if kind == "event" and condition.op == ">=" and condition.value == 1:
        value = condition.fact.partition(".")[2]
    else:
        value = write_right(condition)
    return kind, value if len(value) <= MOST_CHARACTERS else None
