"""The research queue: who waits to be looked at, advanced once a day.

    new ──score ≥ enter_at──▶ waiting ──score ≥ promote_at──▶ promoted
                                │ ├──score < enter_at───────▶ dropped
                                │ ├──longer than most_days──▶ expired
                                │ └──no room, the lowest────▶ displaced
                                └──otherwise: rescored

Who was promoted or expired rests: it enters again only after its score was under ``enter_at`` once,
otherwise what the queue let go of today would be back tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pacesetter.kernel.errors import InputError
from pacesetter.research.desk import QueueRule

Change = Literal["entered", "rescored", "promoted", "dropped", "expired", "displaced"]


@dataclass(frozen=True)
class QueueEntry:
    """A symbol that waits: since when, and its score of ``scored_on``."""

    symbol: str
    entered_on: date
    score: float
    scored_on: date


@dataclass(frozen=True)
class Transition:
    """What happened to a symbol on a date; ``before`` is its last score, none where it is new."""

    symbol: str
    change: Change
    on: date
    score: float
    before: float | None
    reason: str


@dataclass(frozen=True)
class QueueDay:
    """``entries``: who waits now, the best first, ties by symbol. ``transitions``: by symbol, an entry
    before what follows it. ``resting``: who may not enter yet. ``turned_away``: who found no room."""

    entries: tuple[QueueEntry, ...]
    transitions: tuple[Transition, ...]
    resting: frozenset[str]
    turned_away: tuple[str, ...]


def advance_queue(
    entries: Iterable[QueueEntry],
    scores: Mapping[str, float],
    on: date,
    rule: QueueRule,
    *,
    resting: Iterable[str] = (),
) -> QueueDay:
    """The queue after ``on``. ``scores``: today's convergence; a symbol that is not in it has 0.

    Run twice on one day with the same scores it changes nothing the second time.
    """
    waiting = {entry.symbol: entry for entry in entries}
    rests = {symbol for symbol in resting if scores.get(symbol, 0.0) >= rule.enter_at}
    kept: list[QueueEntry] = []
    done: list[Transition] = []
    for symbol, entry in waiting.items():
        if on < entry.scored_on:
            raise InputError(
                f"{symbol} was scored on {entry.scored_on}, after {on}",
                where="research queue",
                mend="advance the queue day by day",
            )
        score = scores.get(symbol, 0.0)
        change, reason = _judge(entry, score, on, rule)
        if change in ("promoted", "expired"):
            rests.add(symbol)
        elif change == "rescored":
            kept.append(replace(entry, score=score, scored_on=on))
        if change != "rescored" or score != entry.score:
            done.append(Transition(symbol, change, on, score, entry.score, reason))
    for symbol, score in scores.items():
        if score < rule.enter_at or symbol in waiting or symbol in rests:
            continue
        new = QueueEntry(symbol, on, score, on)
        entered = Transition(symbol, "entered", on, score, None, f"score at least {rule.enter_at:g}")
        if score >= rule.promote_at:
            change, reason = _judge(new, score, on, rule)
            done += [entered, Transition(symbol, change, on, score, score, reason)]
            rests.add(symbol)
        else:
            kept.append(new)
    return _make_room(kept, done, waiting, on, rule, frozenset(rests))


def _judge(entry: QueueEntry, score: float, on: date, rule: QueueRule) -> tuple[Change, str]:
    """What becomes of an entry, taken by itself; a promotion comes before an expiry."""
    if score >= rule.promote_at:
        return "promoted", f"score at least {rule.promote_at:g}"
    if score < rule.enter_at:
        return "dropped", f"score under {rule.enter_at:g}"
    days = (on - entry.entered_on).days
    if days > rule.most_days:
        return "expired", f"{days} days in the queue, at most {rule.most_days}"
    return "rescored", "a new score"


def _make_room(
    kept: list[QueueEntry],
    done: list[Transition],
    waiting: Mapping[str, QueueEntry],
    on: date,
    rule: QueueRule,
    resting: frozenset[str],
) -> QueueDay:
    """The best stay, as many as there is room for; a newcomer that finds none never entered."""
    order = sorted(kept, key=lambda entry: (-entry.score, entry.symbol))
    stay, leave = order[: rule.most_entries], order[rule.most_entries :]
    for entry in stay:
        if entry.symbol not in waiting:
            reason = f"score at least {rule.enter_at:g}"
            done.append(Transition(entry.symbol, "entered", on, entry.score, None, reason))
    gone = {entry.symbol for entry in leave}
    done = [one for one in done if one.symbol not in gone]  # rescored and displaced on one day: displaced
    for entry in leave:
        if entry.symbol in waiting:
            before = waiting[entry.symbol].score
            reason = f"{rule.most_entries} others score higher"
            done.append(Transition(entry.symbol, "displaced", on, entry.score, before, reason))
    turned_away = tuple(sorted(gone - set(waiting)))
    done.sort(key=lambda one: (one.symbol, one.change != "entered"))
    return QueueDay(tuple(stay), tuple(done), resting, turned_away)
