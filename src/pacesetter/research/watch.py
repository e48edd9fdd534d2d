"""A watch: a condition on a symbol with a thesis, advanced once a date.

    armed ──the condition holds──▶ fired ──it went back by hysteresis_pct──▶ armed
      └───────────┬──────────────────┘
                  ├──after expires_on──────────▶ expired
                  └──the thesis does not hold──▶ invalid

Within ``cool_down_days`` of firing it may be armed again but does not fire; if its condition holds when
they are over, it fires then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pacesetter.kernel.errors import InputError
from pacesetter.research.condition import Condition, Facts, evaluate, evaluate_eased
from pacesetter.research.condition_words import to_words

Phase = Literal["armed", "fired", "expired", "invalid"]
WatchChange = Literal["fired", "rearmed", "expired", "invalid"]
OPEN: tuple[Phase, ...] = ("armed", "fired")


@dataclass(frozen=True)
class Watch:
    """What is watched for; ``expires_on`` is the last date that counts, none for ever."""

    condition: Condition
    hysteresis_pct: float = 0.0
    cool_down_days: int = 0
    expires_on: date | None = None


@dataclass(frozen=True)
class WatchState:
    """Where a watch stands. ``to_validate``: it fired, and nobody has looked at its thesis since."""

    phase: Phase = "armed"
    seen_on: date | None = None
    fired_on: date | None = None
    n_fired: int = 0
    to_validate: bool = False


@dataclass(frozen=True)
class WatchStep:
    """The new state, and what changed with the reason in words; no change is None."""

    state: WatchState
    change: WatchChange | None = None
    reason: str = ""


@dataclass(frozen=True)
class History:
    """Facts by date, ascending; each column has one value a date, NaN where it is not known."""

    dates: Sequence[date]
    columns: Mapping[str, npt.NDArray[np.floating[Any]]]

    def facts(self, i: int) -> dict[str, float]:
        """The facts of the i-th date."""
        return {name: float(values[i]) for name, values in self.columns.items()}


@dataclass(frozen=True)
class Firings:
    """When a watch would have fired on ``n_dates`` dates from ``first_on`` to ``last_on``."""

    fired_on: tuple[date, ...]
    first_on: date | None
    last_on: date | None
    n_dates: int

    @property
    def n(self) -> int:
        """How often."""
        return len(self.fired_on)

    def in_words(self) -> str:
        """For a person."""
        if self.first_on is None:
            return "there is no history to try it on"
        times = "once" if self.n == 1 else f"{self.n} times"
        return f"would have fired {times} from {self.first_on} to {self.last_on}"


def advance_watch(
    watch: Watch, state: WatchState, on: date, facts: Facts, previous: Facts | None = None
) -> WatchStep:
    """A watch after ``on``, with that date's facts and those of the date before it (for crossings)."""
    if state.seen_on is not None and on < state.seen_on:
        raise InputError(
            f"the watch was looked at on {state.seen_on}, after {on}", mend="advance it date by date"
        )
    if state.phase not in OPEN:
        return WatchStep(state)
    seen = replace(state, seen_on=on)
    if watch.expires_on is not None and on > watch.expires_on:
        return WatchStep(replace(seen, phase="expired"), "expired", f"its last date was {watch.expires_on}")
    if state.phase == "fired":
        if evaluate_eased(watch.condition, facts, watch.hysteresis_pct) is False:
            back = f"{watch.hysteresis_pct:g} % back from" if watch.hysteresis_pct else "no more"
            reason = f"{back}: {to_words(watch.condition)}"
            return WatchStep(replace(seen, phase="armed"), "rearmed", reason)
        return WatchStep(seen)
    if state.fired_on is not None and (on - state.fired_on).days < watch.cool_down_days:
        return WatchStep(seen)
    if evaluate(watch.condition, facts, previous) is not True:
        return WatchStep(seen)
    fired = replace(seen, phase="fired", fired_on=on, n_fired=state.n_fired + 1, to_validate=True)
    return WatchStep(fired, "fired", to_words(watch.condition))


def record_validation(state: WatchState, holds: bool, reason: str) -> WatchStep:
    """The watch after somebody, or an analysis, looked at its thesis again; invalid is for good."""
    if state.phase not in OPEN:
        raise InputError(f"the watch is {state.phase} already", mend="make a new one")
    if holds:
        return WatchStep(replace(state, to_validate=False), None, reason)
    return WatchStep(replace(state, phase="invalid", to_validate=False), "invalid", reason)


def count_firings(watch: Watch, history: History, *, days: int = 365) -> Firings:
    """How often a watch would have fired in the last ``days`` days of a history, by ``advance_watch``.

    It begins armed, and expires never: the question is about its condition, not its end.
    """
    dates = history.dates
    if not dates:
        return Firings((), None, None, 0)
    begin = dates[-1] - timedelta(days=days)
    first = next(i for i, on in enumerate(dates) if on > begin)
    endless, state, fired = replace(watch, expires_on=None), WatchState(), []
    previous = history.facts(first - 1) if first else None
    for i in range(first, len(dates)):
        facts = history.facts(i)
        step = advance_watch(endless, state, dates[i], facts, previous)
        if step.change == "fired":
            fired.append(dates[i])
        state, previous = step.state, facts
    return Firings(tuple(fired), dates[first], dates[-1], len(dates) - first)
