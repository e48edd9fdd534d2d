"""Screens: a symbol that comes to pass a list of criteria; one agent for each of the shipped kinds.

A screen that a symbol passes day after day says something once: when the symbol enters, having failed
the session before. While it goes on passing it is said again every ``again_after`` weekdays, each symbol
on a turn of its own, when the earlier signal has all but faded: so who passed before the desk began is
not missed, and no evening has all of them at once. Convergence keeps the newest of a screen's signals
alone, so a symbol never counts twice for one screen.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np

from pacesetter.agents.base import Given, Parameter, seeker
from pacesetter.agents.evidence import Evidence, Listing
from pacesetter.agents.find import fresh_rows, make_find
from pacesetter.agents.screen import LISTED, Screen, Screened, apply_screen, load_screens, may_pass
from pacesetter.agents.strength import measure_strength
from pacesetter.research.signal import Signal

FIRST_DAY = "1970-01-01"
PARAMETERS = {
    "again_after": Parameter(63.0, 1.0, 1000.0, "weekdays after which it is said again while it passes"),
}


def seek_by(evidence: Evidence, given: Given, signal_type: str) -> list[Signal]:
    """Who enters a screen of a type, or has its turn; shipped screens, and the user's own by another name."""
    shipped = [one for one in load_screens() if one.signal_type == signal_type]
    names = {one.name for one in shipped}
    own = [one for one in evidence.screens if one.signal_type == signal_type and one.name not in names]
    return [signal for one in (*shipped, *own) for signal in _seek(evidence, given, one)]


def _seek(evidence: Evidence, given: Given, screen: Screen) -> list[Signal]:
    """Strength: how many more criteria than needed hold. Confidence: 0.5, and up to 0.8 by the share of the
    criteria of which something is known."""
    found = []
    for row in fresh_rows(evidence, where=may_pass(screen)):
        symbol = row["symbol"]
        listing = evidence.listings.get(symbol)
        now = apply_screen(screen, _known(row, listing))
        if not now.passes:
            continue
        before = apply_screen(screen, _known(evidence.of_before(symbol), listing))
        if before.passes and not _has_turn(evidence, f"{screen.name} {symbol}", int(given["again_after"])):
            continue
        found.append(_make(evidence, given, screen, symbol, now, "again" if before.passes else "entered"))
    return found


def _make(evidence: Evidence, given: Given, screen: Screen, symbol: str, now: Screened, why: str) -> Signal:
    facts = evidence.of(symbol)
    spare = len(now.met) - screen.pass_at_least
    unknown = len(now.missing) / len(screen.criteria)
    return make_find(
        evidence,
        given,
        symbol,
        screen.signal_type,
        source=screen.name,
        strength=measure_strength(spare, 0, max(1, len(screen.criteria) - screen.pass_at_least)),
        confidence=0.5 + 0.3 * (1.0 - unknown),
        facts={one.fact: facts[one.fact] for one in now.met if one.fact in facts},
        screen=screen.name,
        screen_version=screen.version,
        why=why,
        met=[one.in_words() for one in now.met],
        failed=[one.in_words() for one in now.failed],
        missing=[one.fact for one in now.missing],
    )


def _known(facts: dict[str, float], listing: Listing | None) -> dict[str, float | str]:
    known: dict[str, float | str] = {k: v for k, v in facts.items() if v is not None}
    for name in LISTED if listing is not None else ():
        if (value := getattr(listing, name)) is not None:
            known[f"listing.{name}"] = value
    return known


def _has_turn(evidence: Evidence, key: str, every: int) -> bool:
    """Whether one of the weekdays since the session before is this key's turn."""
    on = np.datetime64(evidence.on)
    before = np.datetime64(evidence.sessions[-2]) if len(evidence.sessions) > 1 else on - 1
    first, last = (int(np.busday_count(FIRST_DAY, day + 1)) for day in (before, on))
    turn = crc32(key.encode()) % every
    return any(day % every == turn for day in range(first + 1, last + 1)[:every])


def _register(signal_type: str, words: str) -> None:
    def seek(evidence: Evidence, given: Given) -> list[Signal]:
        return seek_by(evidence, given, signal_type)

    register: Callable[[Callable[[Evidence, Given], list[Signal]]], object] = seeker(
        signal_type, words, types=(signal_type,), parameters=PARAMETERS
    )
    register(seek)


for _screen in load_screens():
    _register(_screen.signal_type, f"Who comes to pass a {_screen.name} screen: {_screen.words}")
