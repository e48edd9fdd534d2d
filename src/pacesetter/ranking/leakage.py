"""The leakage lab: does a value change when the future is removed or shuffled?

A value of date D may know nothing after D. So it is taken three times: with all bars,
with those after D removed, and with those after D shuffled and scaled within each
symbol (facts known after D altered). The three have to be equal bit for bit; whatever
is not has seen the future. (Look-ahead bias; see López de Prado, Advances in Financial
Machine Learning, 2018, chapter 11.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from pacesetter.factors.base import Factor, factors
from pacesetter.factors.evaluate import evaluate
from pacesetter.kernel.errors import InputError
from pacesetter.market.calendar import day_date
from pacesetter.market.panel import F8, Facts, Mask, Panel
from pacesetter.ranking.boards import rank_board, score_universe
from pacesetter.ranking.method import Method

Kind = Literal["removed", "shuffled"]
PRICES = ("open", "high", "low", "close", "growth", "volume")


@dataclass(frozen=True)
class Leak:
    """A value of ``symbol`` on a date that changed with the future.

    ``factor``: its name, or the method's for a composite score. ``before``: with all bars
    as they are; ``after``: with those behind the date removed or shuffled (NaN = no value).
    """

    factor: str
    symbol: str
    on: date
    kind: Kind
    before: float
    after: float


def find_leaks(
    chosen: Sequence[Factor], panel: Panel, dates: int | Sequence[int], rng: np.random.Generator
) -> list[Leak]:
    """Raw values of the ``chosen`` factors that know what happened later, by date, factor and symbol.

    ``dates``: how many of the panel's sessions to draw, or which days (since 1970-01-01). All
    sessions of the panel are valued together, as when a history is ranked, so that a factor
    that looks across sessions is found as well. ``InputError`` for a day with no bar behind it.
    """
    days = choose_days(panel, dates, rng)
    whole = panel.on(np.union1d(panel.sessions, days).astype(np.int32))
    before = [evaluate(one, whole).raw for one in chosen]
    found = []
    for day in days:
        row = int(np.searchsorted(whole.sessions, day))
        for kind, changed in change_future(whole, day, rng):
            for one, values in zip(chosen, before, strict=True):
                after = evaluate(one, changed).raw[row]
                found += compare_bits(one.name, panel, day, kind, values[row], after)
    return found


def find_score_leaks(
    method: Method,
    panel: Panel,
    member: Mask,
    dates: int | Sequence[int],
    rng: np.random.Generator,
    *,
    asset_type: str = "equity",
) -> list[Leak]:
    """The same for the composite scores of a board (``member``: bool T×S), through the whole pipeline.

    Explicit ``dates`` are sessions of the panel. ``InputError`` for others.
    """
    days = choose_days(panel, dates, rng)
    strange = sorted(set(days) - set(panel.sessions.tolist()))
    if strange:
        raise InputError(
            f"{day_date(strange[0])} is no session of the panel", where="dates", mend="value the panel on it"
        )
    before = composites(method, panel, member, asset_type)
    found = []
    for day in days:
        row = int(np.searchsorted(panel.sessions, day))
        for kind, changed in change_future(panel, day, rng):
            after = composites(method, changed, member[: changed.n_sessions], asset_type)
            found += compare_bits(method.name, panel, day, kind, before[row], after[row])
    return found


def composites(method: Method, panel: Panel, member: Mask, asset_type: str) -> F8:
    """Composite scores of a board's ranked members (float64 T×S; NaN = unranked)."""
    values = {part.uses: evaluate(factors.get(part.uses), panel) for part in method.factors}
    universe = score_universe(method, values, panel, asset_type)
    board = rank_board(method, values, panel, universe, member, "leakage")
    return np.where(board.rank > 0, board.scores.composite, np.nan)


def choose_days(panel: Panel, dates: int | Sequence[int], rng: np.random.Generator) -> list[int]:
    """The days to examine, ascending: those given, or some sessions of the panel that have a future."""
    last = int(panel.date.max(initial=-1))
    if not isinstance(dates, int | np.integer):
        for day in dates:
            if day >= last:
                raise InputError(
                    f"no bar is newer than {day_date(day)}: no future to remove",
                    where="dates",
                    mend="go back",
                )
        return sorted({int(day) for day in dates})
    open_ended = panel.sessions[panel.sessions < last]
    if dates < 1 or not len(open_ended):
        raise InputError(
            "there is no date to examine", where="dates", mend="value the panel on sessions before its newest"
        )
    drawn = rng.choice(open_ended, min(dates, len(open_ended)), replace=False)
    return sorted(int(day) for day in drawn)


def change_future(panel: Panel, day: int, rng: np.random.Generator) -> Iterator[tuple[Kind, Panel]]:
    """The panel without what came after ``day``, and with it shuffled."""
    yield "removed", panel.until(day)
    yield "shuffled", shuffle_future(panel, day, rng)


def shuffle_future(panel: Panel, day: int, rng: np.random.Generator) -> Panel:
    """Bars after ``day`` permuted within each symbol and every figure scaled; facts known later altered.

    Dates stay, so that nothing but the figures differs. Blank and zero ones change as well.
    """
    later = panel.date > day
    lot = np.where(later, rng.random(len(later)), 0.0)
    order = np.lexsort((lot, later, panel.owner))  # stable: what is not later stays in place

    def alter(values: F8) -> F8:
        return np.where(later, distort(values[order], rng), values)

    altered: dict[str, Any] = {name: alter(getattr(panel, name)) for name in PRICES}
    return replace(
        panel,
        **altered,
        final=panel.final ^ later,
        splits=None if panel.splits is None else alter(panel.splits),
        facts=None if panel.facts is None else alter_facts(panel.facts, day, rng),
    )


def alter_facts(facts: Facts, day: int, rng: np.random.Generator) -> Facts:
    """Other figures, in another currency, wherever they were known after ``day``."""
    later = facts.known_on > day
    values = {name: np.where(later, distort(own, rng), own) for name, own in facts.values.items()}
    currency = tuple("XXX" if new else own for own, new in zip(facts.currency, later, strict=True))
    return replace(facts, values=values, currency=currency)


def distort(values: F8, rng: np.random.Generator) -> F8:
    """Other figures of the same size: blanks are filled, nothing stays what it was."""
    filled = np.where(np.isfinite(values) & (values != 0), values, 1.0)
    return filled * rng.uniform(1.1, 2.0, len(values)) ** rng.choice([-1.0, 1.0], len(values))


def compare_bits(name: str, panel: Panel, day: int, kind: Kind, before: F8, after: F8) -> list[Leak]:
    """The symbols whose value is not the same bit for bit; no value equals no value."""
    same = (before == after) & (np.signbit(before) == np.signbit(after))
    same |= np.isnan(before) & np.isnan(after)
    on = day_date(day)
    return [
        Leak(name, panel.symbols[s], on, kind, float(before[s]), float(after[s]))
        for s in np.flatnonzero(~same)
    ]
