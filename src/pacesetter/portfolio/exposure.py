"""Exposures: how much symbols move with factors, for the whole universe at once.

A symbol's figures are a function of its own returns and of the proxies' alone: the same, bit for
bit, whatever other symbols, dates, blocks or threads there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.columns import count_cores
from pacesetter.market.panel import F8, I4, I8, Mask, Panel
from pacesetter.portfolio.exposure_factor import FactorDefinition, load_definitions

__all__ = [
    "REASONS",
    "Exposures",
    "FactorDefinition",
    "load_definitions",
    "measure_exposures",
    "session_returns",
]

# why there is no exposure, by code; 0: there is one
REASONS = ("", "no_bars", "too_few_observations", "degenerate", "no_proxy")
PART_SYMBOLS = 1024  # a thread takes so many at a time


@dataclass(frozen=True)
class Exposures:
    """One factor's exposures on D dates of S symbols; NaN where there is none or it is undefined.

    ``beta`` and ``standard_error`` are in the units of simple daily returns. A ridge factor's standard
    error is conditional on the penalty, its ``r_squared`` the joint regression's. ``n`` counts the
    sessions on which the symbol and all proxies of the regression have returns; ``reason`` indexes
    ``REASONS``. ``vif`` is of ridge factors only.
    """

    beta: F8
    standard_error: F8
    r_squared: F8
    n: NDArray[np.int32]
    vif: F8
    reason: NDArray[np.int8]
    window: int

    @property
    def full(self) -> Mask:
        """Where every session of the window counted (D×S): quality ``full``, elsewhere ``limited``."""
        return np.asarray(self.n == self.window)


def session_returns(panel: Panel, sessions: I4) -> F8:
    """Simple returns on adjusted prices between adjoining ``sessions`` (float64 T×S).

    ``sessions`` are ascending day numbers of the calendar with none left out. NaN where a symbol has
    no bar on a session or on the one before it: holes are neither bridged nor filled. So the first row
    is NaN: give one session more than the longest window. Bars between two sessions, of an exchange
    that is open when the calendar's is not, are part of the return.
    """
    returns = np.full((len(sessions), panel.n_symbols), np.nan)
    if len(sessions) < 2 or not len(panel.date):
        return returns
    inside = np.flatnonzero((panel.date > sessions[0]) & (panel.date <= sessions[-1]))
    table = np.full(int(sessions[-1]) - int(sessions[0]) + 1, -1, dtype=np.int64)
    table[sessions - sessions[0]] = np.arange(len(sessions))
    row = table[panel.date[inside] - sessions[0]]
    bar, row = inside[row >= 0], row[row >= 0]
    symbol = np.searchsorted(panel.offsets, bar, side="right") - 1
    before, since = bar - 1, sessions[row - 1]
    own = before >= panel.offsets[symbol]
    ratio = panel.growth[bar]
    while True:  # as often as the most bars that fall between two sessions
        between = own & (panel.date[np.maximum(before, 0)] > since)
        if not between.any():
            break
        ratio[between] *= panel.growth[before[between]]
        before = np.where(between, before - 1, before)
        own = before >= panel.offsets[symbol]
    linked = own & (panel.date[np.maximum(before, 0)] == since)
    returns[row[linked], symbol[linked]] = ratio[linked] - 1.0
    return returns


def measure_exposures(
    definitions: Sequence[FactorDefinition],
    returns: F8,
    proxies: Mapping[str, F8],
    ends: I8,
    *,
    threads: int | None = None,
) -> Mapping[str, Exposures]:
    """Every factor's exposures of S symbols on D dates.

    ``returns`` (float64 T×S) and ``proxies`` (symbol → float64 T) are simple returns of the same
    sessions, NaN for none; ``ends`` (D) are the rows of the dates asked for. The ridge factors among
    ``definitions`` are one joint regression. A regression with a proxy that is not in ``proxies``
    has reason ``no_proxy`` throughout, one with a proxy that stands still in the counted sessions
    ``degenerate``. ``threads``: at most so many (default: as many as this process may use).
    """
    ends = np.asarray(ends, dtype=np.int64)
    if len(ends) and not 0 <= ends.min() <= ends.max() < len(returns):
        raise IndexError("a date's row is outside of the returns")
    returns = np.ascontiguousarray(returns, dtype=np.float64)
    joint = [one for one in definitions if one.kind == "ridge"]
    groups = [[one] for one in definitions if one.kind != "ridge"] + ([joint] if joint else [])
    work = [Regression(group, returns, proxies, ends) for group in groups]
    parts = [
        (regression, first, min(first + PART_SYMBOLS, returns.shape[1]))
        for regression in work
        for first in range(0, returns.shape[1], PART_SYMBOLS)
        if regression.possible
    ]
    workers = min(threads or count_cores(), max(len(parts), 1))
    if workers == 1:
        for regression, first, last in parts:
            regression.fit(first, last)
    else:
        with ThreadPoolExecutor(workers, "exposures") as pool:
            for done in [pool.submit(one.fit, first, last) for one, first, last in parts]:
                done.result()
    made = {name: found for regression in work for name, found in regression.results()}
    return {one.name: made[one.name] for one in definitions}


class Regression:
    """One regression of all symbols: a factor alone, or all ridge factors jointly."""

    def __init__(
        self, group: Sequence[FactorDefinition], returns: F8, proxies: Mapping[str, F8], ends: I8
    ) -> None:
        self.group, self.returns, self.ends = group, returns, ends
        shape = (len(ends), returns.shape[1])
        self.possible = all(proxy in proxies for one in group for proxy in one.proxies)
        self.x = np.empty((len(returns), len(group)))
        for k, one in enumerate(group):
            if self.possible:
                own = np.asarray(proxies[one.proxy], dtype=np.float64)
                self.x[:, k] = own if one.minus is None else own - proxies[one.minus]
        self.beta = np.full((len(group), *shape), np.nan)
        self.error = np.full((len(group), *shape), np.nan)
        self.explained = np.full(shape, np.nan)
        self.count = np.zeros(shape, dtype=np.int32)
        self.vif = np.full((len(group) if group[0].kind == "ridge" else 0, *shape), np.nan)
        self.reason = np.full(shape, 0 if self.possible else REASONS.index("no_proxy"), dtype=np.int8)

    def fit(self, first: int, last: int) -> None:
        """Fill in symbols ``first`` to ``last`` (excluded)."""
        from pacesetter.portfolio.exposure_kernels import regress  # compiles, or reads what was compiled

        one = self.group[0]
        penalty = -1.0 if one.regularisation is None else one.regularisation
        given = (self.returns, self.x, self.ends, one.window, one.min_observations, penalty, first, last)
        made = (self.beta, self.error, self.explained, self.count, self.vif, self.reason)
        regress(*given, *made)

    def results(self) -> list[tuple[str, Exposures]]:
        """Exposures by factor; what is the joint regression's is shared between its factors."""
        none = np.broadcast_to(np.nan, self.count.shape)
        shared = (self.explained, self.count)
        return [
            (
                one.name,
                Exposures(
                    self.beta[k],
                    self.error[k],
                    *shared,
                    self.vif[k] if len(self.vif) else none,
                    self.reason,
                    one.window,
                ),
            )
            for k, one in enumerate(self.group)
        ]
