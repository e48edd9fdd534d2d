"""The claim check: each number and date of a text binds to a stored value, or is struck out.

A mention binds to a value when the value, rounded to the places that are written, is what is
written. Its unit must not contradict: a percentage binds to a value in ``%``, or to a ``share`` times
100; an amount to a value in that currency; a period to a value in it; a number without a unit to any
value as it is stored. A loss in words counts as negative: "fell 5 %" binds to −5 %, "fell to 5 %" to 5 %.
A year binds to a stored date's year, too.

With ``words`` (``fact_word``) a number binds only to the facts that its sentence gives it to
(``claim_context``): 64 is not the P/E where it is the RSI. Values by name may then have variants:
``name#unit`` in another unit, ``name@before`` of the session before.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pacesetter.research.claim_context import Context, Scope
from pacesetter.research.condition_words import name_in_words
from pacesetter.research.fact_word import Vocabulary, with_names
from pacesetter.research.mention import (
    BASIS_POINT,
    CURRENCIES,
    PERCENT,
    PERMILLE,
    TIMES,
    Mention,
    Reading,
    find_all_mentions,
)
from pacesetter.research.number_pattern import PERIODS

SHARE = "share"
OF_A_SHARE = {PERCENT: 100, PERMILLE: 1_000, BASIS_POINT: 10_000}
STRIKE = "~~"
ANY = Scope()
MOST_NAMED = 3  # of the figures that a number is not
SCORES = {  # what the same word may mean
    "opinion.score": "the analyst's score",
    "opinion.confidence": "the analyst's confidence",
    "rank.score": "its score on its board",
}
SLACK = Decimal("1e-15")  # of the value: the last bits of a float that was computed


@dataclass(frozen=True)
class StoredValue:
    """A number in ``unit`` (a currency's code, ``%``, ``share``, ``x``, a period such as ``day``, or nothing
    or any other word for a plain number), or a date."""

    value: float | Decimal | date
    unit: str = ""


@dataclass(frozen=True)
class Binding:
    """A mention that is kept, and the stored value that it says."""

    start: int
    text: str
    name: str


@dataclass(frozen=True)
class StruckClaim:
    """A mention that was struck out, and why."""

    start: int
    text: str
    reason: str


@dataclass(frozen=True)
class ClaimCheck:
    """``text``: as given, with ``~~…~~`` around each claim that no stored value bears out."""

    text: str
    kept: tuple[Binding, ...]
    struck: tuple[StruckClaim, ...]


def check_claims(
    text: str,
    stored: Mapping[str, StoredValue],
    *,
    names: Iterable[str] = (),
    words: Vocabulary | None = None,
    own: Iterable[str] = (),
    others: Iterable[str] = (),
) -> ClaimCheck:
    """Check a text against stored values by name. ``names``: what holds digits and is no claim.

    ``words``: how texts speak of the stored values. ``own`` and ``others``: names of the symbol that the
    values are of, and of other symbols. Strikes that stand in the text already are taken out first, and a
    lone ~ becomes ≈, so that no text can cancel one. Places are those of the text without them.
    """
    text = re.sub("~{2,}", "", text).replace("~", "≈")
    if words is None:
        scoped = [(one, ANY) for one in find_all_mentions(text, names=names) if not one.loose]
    else:
        numbers = {_base(name) for name, one in stored.items() if not isinstance(one.value, date)}
        scoped = _scope(text, with_names(words, numbers), names, own, others)
    unsigned = words.unsigned if words else frozenset()
    kept, struck, parts, end = [], [], [], 0
    for mention, scope in scoped:
        if scope.free:
            continue
        name = None if scope.foreign else bind(mention, stored, scope, unsigned)
        if name is not None:
            kept.append(Binding(mention.start, mention.text, name))
            continue
        struck.append(StruckClaim(mention.start, mention.text, _reason(mention, scope)))
        parts += [text[end : mention.start], STRIKE, mention.text, STRIKE]
        end = mention.end
    return ClaimCheck("".join([*parts, text[end:]]), tuple(kept), tuple(struck))


def _scope(
    text: str, words: Vocabulary, names: Iterable[str], own: Iterable[str], others: Iterable[str]
) -> list[tuple[Mention, Scope]]:
    hits = words.find(text)
    masked = text  # what is part of a word, as in 200-day average, is no number
    for hit in hits:
        inner = re.sub(r"\d", "n", text[hit.start : hit.end])
        masked = masked[: hit.start] + inner + masked[hit.end :]
    spans = [(hit.start, hit.end) for hit in hits]
    found = [
        one
        for one in find_all_mentions(masked, names=names)
        if not any(start <= one.start and one.end <= end for start, end in spans)
    ]
    mine = set(own)
    context = Context(text, words, hits, _any_of(mine), _any_of(set(others) - mine))
    return [(one, ANY if one.dates else context.scope(found, i)) for i, one in enumerate(found)]


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    long = sorted((name for name in names if len(name) > 2), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, long))})(?!\w)") if long else None


def _base(name: str) -> str:
    return re.split("[#@]", name)[0]


def bind(
    mention: Mention,
    stored: Mapping[str, StoredValue],
    scope: Scope = ANY,
    unsigned: frozenset[str] = frozenset(),
) -> str | None:
    """The name of the stored value that a mention says, the first by name; none where there is none."""
    for name in sorted(stored):
        value, unit = stored[name].value, stored[name].unit
        base = _base(name)
        if not isinstance(value, date) and scope.facts is not None and base not in scope.facts:
            continue
        if "@" in name and not scope.past:
            continue
        if isinstance(value, date):
            if any(written.fits(value) for written in mention.dates):
                return name
            if any(_is_year(reading, value) for reading in mention.readings):
                return name
        elif math.isfinite(value):
            number = Decimal(str(value))
            both = base in unsigned
            if any(_says(r, number, unit) or (both and _says(r, -number, unit)) for r in mention.readings):
                return name
    return None


def _says(reading: Reading, value: Decimal, unit: str) -> bool:
    times = _convert(reading.unit, unit)
    if times is None:
        return False
    value = (value * times).scaleb(-reading.power)
    return abs(value - reading.value) <= reading.half + abs(value) * SLACK


def _convert(written: str, unit: str) -> Decimal | None:
    """What a stored value is multiplied by to be in the written unit; none where they contradict."""
    if not written or written == unit:
        return Decimal(1)
    if written in OF_A_SHARE:
        if unit == SHARE:
            return Decimal(OF_A_SHARE[written])
        return Decimal(OF_A_SHARE[written]) / 100 if unit == PERCENT else None
    if written == TIMES or written in PERIODS:
        plain = unit not in (*CURRENCIES, *PERIODS, *OF_A_SHARE, SHARE, TIMES)
        return Decimal(1) if plain else None
    return None


def _is_year(reading: Reading, on: date) -> bool:
    return (
        not reading.unit and not reading.power and reading.half == Decimal("0.5") and reading.value == on.year
    )


def _say_none_of(facts: Iterable[str]) -> str:
    """``not the close``, ``neither the close nor its score``, the first few in words."""
    told = list(dict.fromkeys(SCORES.get(one) or name_in_words(one).rstrip(",") for one in sorted(facts)))
    if len(told) == 1:
        return f"not {told[0]}"
    more = len(told) - MOST_NAMED
    named = f"neither {' nor '.join(told[:MOST_NAMED])}"
    return named if more <= 0 else f"{named}, nor {'another' if more == 1 else f'any of {more} others'}"


def _reason(mention: Mention, scope: Scope) -> str:
    if scope.foreign:
        return "it is said of another symbol"
    if mention.dates:
        return "no stored date is this one"
    if not mention.readings:
        return "it cannot be read as a number or a date"
    if scope.facts:
        return f"it is {_say_none_of(scope.facts)}, as precisely as it is written"
    return "no stored value is this, as precisely as it is written"
