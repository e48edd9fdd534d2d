"""Closes, rates and dividends side by side: what any number of portfolios are valued with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pacesetter.market.panel import F8, I8
from pacesetter.portfolio.trade import Dividend

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, eq=False)
class Prices:
    """Closes of S symbols on T sessions; ``prepare_prices`` makes one.

    ``sessions`` are days since 1970-01-01 (int64, T, rising); ``close`` is float64, S×T,
    C-contiguous: split-adjusted, in the major unit of ``currency`` (one a symbol), NaN
    where there is none; ``row_of`` gives a symbol's row. ``dividends`` by symbol are in
    order. ``rates[c]`` (float64, T) is the worth of one ``c`` in a unit common to all,
    carried forward, NaN before the first. The dividends of ``dividends_inside`` are in
    their prices already; those of ``dividends_derived`` were read out of adjusted closes.
    """

    sessions: I8
    close: F8
    row_of: Mapping[str, int]
    currency: Sequence[str]
    dividends: Mapping[str, tuple[Dividend, ...]] = field(default_factory=dict)
    rates: Mapping[str, F8] = field(default_factory=dict)
    dividends_inside: Collection[str] = frozenset()
    dividends_derived: Collection[str] = frozenset()

    def rate(self, currency: str, base: str) -> F8 | None:
        """Units of ``base`` for one of ``currency`` (float64, T, NaN before the first); None: unknown."""
        if currency == base:
            return np.ones(len(self.sessions))
        if currency not in self.rates or base not in self.rates:
            return None
        return self.rates[currency] / self.rates[base]


def prepare_prices(
    sessions: I8,
    symbols: Sequence[str],
    close: NDArray[np.floating],
    currency: Sequence[str],
    *,
    dividends: Mapping[str, Sequence[Dividend]] | None = None,
    rates: Mapping[str, F8] | None = None,
    dividends_inside: Collection[str] = (),
    dividends_derived: Collection[str] = (),
) -> Prices:
    """Prices from ``close`` (S×T, NaN where none) and ``rates`` (T, NaN where none), see ``Prices``."""
    return Prices(
        np.ascontiguousarray(sessions, dtype=np.int64),
        np.ascontiguousarray(close, dtype=np.float64),
        {symbol: row for row, symbol in enumerate(symbols)},
        tuple(currency),
        {s: tuple(sorted(paid, key=lambda d: d.ex_on)) for s, paid in (dividends or {}).items()},
        {c: carry_forward(np.asarray(line, dtype=np.float64)) for c, line in (rates or {}).items()},
        frozenset(dividends_inside),
        frozenset(dividends_derived),
    )


def carry_forward(values: F8) -> F8:
    """The newest number so far along the last axis; NaN before the first."""
    at = np.where(np.isfinite(values), np.arange(values.shape[-1]), 0)
    np.maximum.accumulate(at, axis=-1, out=at)
    carried: F8 = np.take_along_axis(values, at, axis=-1)
    return carried


def days_of(when: date) -> int:
    """Days since 1970-01-01."""
    return when.toordinal() - EPOCH


def date_of(day: int) -> date:
    """The date of a count of days since 1970-01-01."""
    return date.fromordinal(int(day) + EPOCH)
