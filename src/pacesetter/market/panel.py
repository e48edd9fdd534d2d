"""The panel: every symbol's accepted bars side by side, as the factors see them.

Bars are kept in long form, symbol after symbol (compressed sparse rows): the bars of
symbol ``s`` are the rows ``offsets[s]:offsets[s + 1]``, oldest first. Windows count a
symbol's own bars, so a hole is simply not there. ``sessions`` are the dates on which
values are asked; ``asof`` finds each symbol's newest bar for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Mask = NDArray[np.bool_]

MAX_AGE_SESSIONS = 5  # an older newest bar gives no value
UNIVERSE_SESSIONS = 5  # a ranked symbol has a bar within so many sessions, the date's own included


@dataclass(frozen=True)
class Facts:
    """Dated fundamentals in long form, sorted by (symbol, known_on, as_of).

    ``symbol`` indexes ``Panel.symbols``; ``known_on`` and ``as_of`` are days since
    1970-01-01; ``values[name]`` are float64 with NaN for a blank; amounts are in the
    major unit of ``currency``.
    """

    symbol: I4
    known_on: I4
    as_of: I4
    values: dict[str, F8]
    currency: tuple[str | None, ...]


@dataclass(frozen=True)
class MarketLine:
    """The market's growth (float64, M) by row, and for each day from ``first_day`` on the row
    of its newest bar that is at most five sessions old, else −1 (int32)."""

    growth: F8
    row_at: I4
    first_day: int


@dataclass(frozen=True)
class Figures:
    """Figures that were made beside the bars, one a bar: ``values`` (float64, N; NaN where there is none)
    and ``reason``, the word that says why there is none ("" where there is one)."""

    values: F8
    reason: tuple[str, ...]


@dataclass(frozen=True, eq=False)  # two panels are the same only if they are one
class Panel:
    """Accepted bars of S symbols (N bars in all) and the T sessions to value.

    ``date`` is days since 1970-01-01 (int32, N). ``open``, ``high``, ``low`` and
    ``close`` are stored prices (float64, N) in the quote unit; ``volume`` is float64,
    NaN where unknown, in shares of before any split. ``growth`` is the adjusted price ratio from the symbol's
    previous bar in the panel's source to this one (1.01 = +1 %), NaN on its first;
    it is local on purpose: splits and dividends never rescale the past, so a value
    is the same bit for bit in a longer panel. ``final`` is false for a bar of a
    session that had not closed. ``benchmark`` indexes ``symbols``, or is None;
    ``market`` is its line where the panel is a part of one that has its bars.
    """

    symbols: tuple[str, ...]
    offsets: I8
    date: I4
    open: F8
    high: F8
    low: F8
    close: F8
    volume: F8
    growth: F8
    final: Mask
    calendar: I4  # all sessions of the reference calendar that the bars span, ascending
    sessions: I4  # those of them to value (T), ascending
    asset_type: tuple[str, ...]
    currency: tuple[str | None, ...]  # major currency of the quote, per symbol
    quote_unit: F8  # quote units in one major unit: 1.0, or 100.0 for pence (S)
    benchmark: int | None = None
    facts: Facts | None = None
    names: dict[str, str] = field(default_factory=dict)
    market: MarketLine | None = None
    revision: int = 0  # the data revision that it shows
    splits: F8 | None = None  # by what unadjusted volumes were divided (N); None: by nothing
    exact: bool = False  # only a bar of the very date counts: what is seen on some days only
    figures: Mapping[str, Figures] = field(default_factory=dict)

    @property
    def n_symbols(self) -> int:
        """S."""
        return len(self.symbols)

    @property
    def n_sessions(self) -> int:
        """T."""
        return len(self.sessions)

    @cached_property
    def owner(self) -> I4:
        """For each bar the index of its symbol (int32, N)."""
        return np.repeat(np.arange(self.n_symbols, dtype=np.int32), np.diff(self.offsets))

    def sessions_back(self, n: int) -> I4:
        """For each session the date of the calendar's session ``n`` earlier (int32, T)."""
        at = np.searchsorted(self.calendar, self.sessions, side="right") - 1
        earlier = np.maximum(at - n, 0)
        return self.calendar[earlier] if len(self.calendar) else self.sessions

    @cached_property
    def newest(self) -> I8:
        """Row of each symbol's newest bar on or before each session, else −1 (int64, T×S)."""
        rows = np.full((self.n_sessions, self.n_symbols), -1, dtype=np.int64)
        for s in range(self.n_symbols):
            lo, hi = self.offsets[s], self.offsets[s + 1]
            found = np.searchsorted(self.date[lo:hi], self.sessions, side="right")
            rows[:, s] = np.where(found > 0, lo + found - 1, -1)
        return rows

    @cached_property
    def asof(self) -> I8:
        """Like ``newest``, but −1 also where that bar is over five sessions old, or not of the date
        itself where only that counts (T×S)."""
        newest = self.newest
        if not len(self.date):
            return newest
        oldest = self.sessions if self.exact else self.sessions_back(MAX_AGE_SESSIONS)
        fresh = self.date[np.maximum(newest, 0)] >= oldest[:, None]
        return np.where((newest >= 0) & fresh, newest, -1)

    def universe(self, asset_type: str) -> Mask:
        """Ranked symbols of a kind: those with a bar within the five sessions ending then (T×S)."""
        kind = np.array([own == asset_type for own in self.asset_type], dtype=bool)
        if not len(self.date):
            return np.zeros((self.n_sessions, self.n_symbols), dtype=bool)
        dates = self.date[np.maximum(self.newest, 0)]
        oldest = self.sessions if self.exact else self.sessions_back(UNIVERSE_SESSIONS - 1)
        recent = dates >= oldest[:, None]
        mask: Mask = (self.newest >= 0) & recent & kind[None, :]
        return mask

    def part(self, first: int, last: int, market: MarketLine | None = None) -> Panel:
        """Symbols ``first`` to ``last`` (excluded) with their bars, as views; without facts."""
        lo, hi = self.offsets[first], self.offsets[last]
        columns = ("date", "open", "high", "low", "close", "volume", "growth", "final")
        per_symbol = ("symbols", "asset_type", "currency", "quote_unit")
        return replace(
            self,
            offsets=self.offsets[first : last + 1] - lo,
            benchmark=None,
            facts=None,
            market=market,
            splits=None if self.splits is None else self.splits[lo:hi],
            **{name: getattr(self, name)[lo:hi] for name in columns},
            **{name: getattr(self, name)[first:last] for name in per_symbol},
        )

    def on(self, sessions: I4) -> Panel:
        """The same bars, valued on other ``sessions``."""
        return replace(self, sessions=np.asarray(sessions, dtype=np.int32))

    def bars(self, keep: Mask) -> Panel:
        """Only the bars where ``keep`` (bool, N) holds; ``growth`` stays as it was."""
        counts = np.zeros(self.n_symbols + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.owner[keep], minlength=self.n_symbols), out=counts[1:])
        columns = ("date", "open", "high", "low", "close", "volume", "growth", "final")
        cut = {name: getattr(self, name)[keep] for name in columns}
        figures = {
            name: Figures(one.values[keep], tuple(compress(one.reason, keep)))
            for name, one in self.figures.items()
        }
        splits = None if self.splits is None else self.splits[keep]
        return replace(self, offsets=counts, splits=splits, figures=figures, **cut)

    @property
    def turnover(self) -> F8:
        """Money traded, in major currency: unadjusted close times unadjusted volume (float64, N)."""
        traded = self.close / self.quote_unit[self.owner] * self.volume
        return traded if self.splits is None else traded * self.splits

    def until(self, day: int) -> Panel:
        """Nothing after ``day`` (days since 1970-01-01): neither bars, sessions nor facts."""
        facts = self.facts
        if facts is not None:
            known = facts.known_on <= day
            facts = Facts(
                facts.symbol[known],
                facts.known_on[known],
                facts.as_of[known],
                {name: column[known] for name, column in facts.values.items()},
                tuple(c for c, k in zip(facts.currency, known, strict=True) if k),
            )
        cut = self.bars(self.date <= day)
        return replace(
            cut,
            calendar=cut.calendar[cut.calendar <= day],
            sessions=cut.sessions[cut.sessions <= day],
            facts=facts,
        )
