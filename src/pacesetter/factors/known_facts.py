"""Fundamentals as they were known on each session."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pacesetter.factors.base import REASON_CODE
from pacesetter.market.panel import F8, Mask, Panel

_DAYS = 1_000_000  # more than any day number, so that (symbol, day) sorts as one key


def known_fact(panel: Panel, name: str) -> tuple[F8, Mask]:
    """The newest value of a measure known on each session (float64 T×S, NaN: none), and where
    its currency is another than the price's (bool T×S)."""
    shape = (panel.n_sessions, panel.n_symbols)
    nothing = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    if panel.facts is None or name not in panel.facts.values:
        return nothing
    given = np.flatnonzero(np.isfinite(panel.facts.values[name]))
    if not len(given):
        return nothing
    symbol = panel.facts.symbol[given].astype(np.int64)
    value = panel.facts.values[name][given]
    best = newest_so_far(symbol, panel.facts.as_of[given])
    key = symbol * _DAYS + panel.facts.known_on[given]
    asked = np.arange(panel.n_symbols)[None, :] * _DAYS + panel.sessions[:, None].astype(np.int64)
    row = np.searchsorted(key, asked, side="right") - 1
    found = np.maximum(row, 0)
    known = (row >= 0) & (symbol[found] == np.arange(panel.n_symbols)[None, :])
    foreign = np.array(
        [
            panel.facts.currency[i] not in (None, panel.currency[s])
            for i, s in zip(given, symbol, strict=True)
        ],
        dtype=bool,
    )
    chosen = best[found]
    return np.where(known, value[chosen], np.nan), known & foreign[chosen]


def newest_so_far(symbol: NDArray[np.int64], as_of: NDArray[np.int32]) -> NDArray[np.int64]:
    """For each fact (sorted by symbol and the day it became known) the row of the newest period
    known by then of the same symbol; of equal periods the one known later."""
    rows = np.arange(len(symbol), dtype=np.int64)
    order = as_of.astype(np.int64) - as_of.min()
    ranked = (symbol * _DAYS + order) * (len(symbol) + 1) + rows  # symbols ascend, so one running maximum
    return np.asarray(np.maximum.accumulate(ranked) % (len(symbol) + 1))


def as_of_close(panel: Panel) -> F8:
    """The close of each symbol's newest bar on each session, in major currency units (float64 T×S)."""
    rows = panel.asof
    if not len(panel.date):
        return np.full(rows.shape, np.nan)
    close = np.where(rows >= 0, panel.close[np.maximum(rows, 0)], np.nan)
    return close / panel.quote_unit[None, :]


def positive_inverse(values: F8) -> F8:
    """1/x where x > 0; a ratio to a negative or zero amount has no meaning."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, 1.0 / values, np.nan)


def mark_reasons(values: F8, foreign: Mask | None = None) -> tuple[F8, NDArray[np.int8]]:
    """Values with the reasons ``not_known`` and, where ``foreign`` (T×S) holds, ``currency``."""
    if foreign is None:
        return values, np.full(values.shape, REASON_CODE["not_known"], dtype=np.int8)
    reasons = np.where(foreign, REASON_CODE["currency"], REASON_CODE["not_known"]).astype(np.int8)
    return np.where(foreign, np.nan, values), reasons
