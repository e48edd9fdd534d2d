"""The desk's settings: how it counts signals, queues, watches and decides, read from ``desk.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.research.decay import Decay, parse_decay
from pacesetter.research.decision_rule import DecisionRule, parse_decision
from pacesetter.research.table import Table

BANDS = ("monitor", "research", "deep_analysis", "priority")
REGIMES = ("bull", "neutral", "bear")
FAVOURS = ("favoured", "neutral", "avoided")
MOST_SCORE = 100.0


@dataclass(frozen=True)
class SignalRule:
    """What a signal of one type is worth: ``base_score`` (0–100) unless it says itself, and how it fades."""

    base_score: float
    decay: Decay


@dataclass(frozen=True)
class ConvergenceRule:
    """``bonus[n − 1]`` for n different kinds, the last for more; ``bands`` as (name, lowest score)."""

    confidence_counts: bool
    kind_counts_from: float
    go_on: int
    go_on_from: float
    regimes: Mapping[str, float]
    sectors: Mapping[str, float]
    bonus: tuple[float, ...]
    bands: tuple[tuple[str, float], ...]

    def band(self, score: float) -> str:
        """The band of a score: each holds its lower edge."""
        starts = np.array([start for _, start in self.bands])
        return self.bands[max(0, int(np.searchsorted(starts, score, side="right")) - 1)][0]


@dataclass(frozen=True)
class QueueRule:
    """In at ``enter_at``, on at ``promote_at``, out under ``enter_at`` or after ``most_days`` days."""

    enter_at: float
    promote_at: float
    most_entries: int
    most_days: int


@dataclass(frozen=True)
class WatchRule:
    """What a watch gets that says nothing else."""

    hysteresis_pct: float
    cool_down_days: int
    expire_after_days: int


@dataclass(frozen=True)
class Desk:
    """All settings of the desk."""

    name: str
    version: int
    signals: Mapping[str, SignalRule]
    convergence: ConvergenceRule
    queue: QueueRule
    watchlist: WatchRule
    decision: DecisionRule

    def signal(self, signal_type: str) -> SignalRule:
        """The rule of a signal type; ``UnknownName`` offers the nearest names."""
        if signal_type not in self.signals:
            raise unknown("signal type", signal_type, list(self.signals))
        return self.signals[signal_type]


@cache
def load_desk() -> Desk:
    """The shipped settings."""
    return parse_desk(read_shipped(), where="desk.toml")


def read_shipped() -> str:
    """The text of the shipped ``desk.toml``."""
    return files("pacesetter.research").joinpath("desk.toml").read_text("utf-8")


def parse_desk(text: str, *, where: str = "desk") -> Desk:
    """Settings from TOML; ``InputError`` names the place in the file and how to mend it."""
    given = Table.parse(text, where)
    desk = Desk(
        name=given.text("name"),
        version=given.whole("version", at_least=1),
        signals=_signals(given.table("signal")),
        convergence=_convergence(given),
        queue=_queue(given.table("queue")),
        watchlist=_watchlist(given.table("watchlist")),
        decision=parse_decision(given.table("decision")),
    )
    given.end()
    return desk


def _signals(given: Table) -> dict[str, SignalRule]:
    rules = {}
    for name in given.names():
        table = given.table(name)
        score = table.number("base_score", at_most=MOST_SCORE)
        rules[name] = SignalRule(score, parse_decay(table.table("decay")))
        table.end()
    if not rules:
        raise InputError("there is no signal type", where=given.where, mend="add a [signal.NAME]")
    return rules


def _convergence(given: Table) -> ConvergenceRule:
    table = given.table("convergence")
    rule = ConvergenceRule(
        confidence_counts=table.flag("confidence_counts"),
        kind_counts_from=table.number("kind_counts_from", at_most=1.0),
        go_on=table.whole("go_on", at_least=1),
        go_on_from=table.number("go_on_from"),
        regimes=_numbers(given.table("regime"), REGIMES),
        sectors=_numbers(given.table("sector"), FAVOURS),
        bonus=_bonus(given.table("bonus")),
        bands=tuple(_numbers(given.table("bands"), BANDS).items()),
    )
    table.end()
    starts = [start for _, start in rule.bands]
    if starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        raise InputError(
            "the bands do not ascend from 0", where=f"{given.where}, bands", mend=f"order: {', '.join(BANDS)}"
        )
    return rule


def _numbers(given: Table, names: tuple[str, ...]) -> dict[str, float]:
    found = {name: given.number(name) for name in names}
    given.end()
    return found


def _bonus(given: Table) -> tuple[float, ...]:
    n = len(given.names())
    if not n:
        raise InputError("there is no bonus", where=given.where, mend="write at least 1 = 1.0")
    return tuple(_numbers(given, tuple(str(i) for i in range(1, n + 1))).values())


def _queue(given: Table) -> QueueRule:
    rule = QueueRule(
        enter_at=given.number("enter_at"),
        promote_at=given.number("promote_at"),
        most_entries=given.whole("most_entries", at_least=1),
        most_days=given.whole("most_days", at_least=1),
    )
    given.end()
    if rule.promote_at <= rule.enter_at:
        raise InputError(
            f"promote_at = {rule.promote_at:g} is not above enter_at = {rule.enter_at:g}",
            where=given.where,
            mend="raise promote_at",
        )
    return rule


def _watchlist(given: Table) -> WatchRule:
    rule = WatchRule(
        hysteresis_pct=given.number("hysteresis_pct", at_most=100.0),
        cool_down_days=given.whole("cool_down_days"),
        expire_after_days=given.whole("expire_after_days", at_least=1),
    )
    given.end()
    return rule
