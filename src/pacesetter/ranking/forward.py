"""What a symbol returned after each session: the other half of every test of a ranking."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from pacesetter.kernel.errors import InputError
from pacesetter.market.panel import F8, I8, Panel

DECIMALS = 12  # a product of ratios leaves noise behind the 14th; unchanged prices have to tie exactly


def forward_returns(panel: Panel, horizon: int) -> F8:
    """Adjusted price ``horizon`` sessions of the calendar later over that of the session, − 1 (T×S).

    1.0 is +100 %. NaN where the symbol lacks a final bar on exactly either session, where
    the calendar ends before, or where its growth in between is unknown. Rounded to 12
    decimals. Raises ``InputError`` for a horizon below 1.
    """
    if horizon < 1:
        raise InputError(f"{horizon} is no horizon", where="horizon", mend="give a number of sessions from 1")
    rows = np.searchsorted(panel.calendar, panel.sessions).astype(np.int64)
    inside = rows < len(panel.calendar)
    inside[inside] = panel.calendar[rows[inside]] == panel.sessions[inside]
    start = np.where(inside, rows, -1)
    end = np.where(inside & (rows + horizon < len(panel.calendar)), rows + horizon, -1)
    level, breaks = measure_levels(panel)
    place = place_bars(panel)
    ratio = grid(panel, place, level, end) / grid(panel, place, level, start)
    if breaks[-1:].any():
        broken = grid(panel, place, breaks, end) != grid(panel, place, breaks, start)
        ratio[broken] = np.nan
    returns: F8 = np.round(ratio - 1.0, DECIMALS) + 0.0  # no negative zeros
    return returns


def measure_levels(panel: Panel) -> tuple[F8, F8]:
    """Each bar's adjusted price, its symbol's first bar being 1, and how many links before it are unknown.

    Both float64, N. An unknown link counts as no change, so that what lies behind it is not lost.
    """
    first = np.zeros(len(panel.date), dtype=bool)
    first[panel.offsets[:-1][np.diff(panel.offsets) > 0]] = True
    known = np.isfinite(panel.growth) & (panel.growth > 0)
    links = np.where(known & ~first, panel.growth, 1.0)
    level = np.empty(len(links))
    for lo, hi in pairwise(panel.offsets):
        np.cumprod(links[lo:hi], out=level[lo:hi])
    return level, np.cumsum(~known & ~first).astype(np.float64)


def place_bars(panel: Panel) -> I8:
    """Index into the calendar of each final bar's session, −1 for any other bar (int64, N)."""
    at = np.searchsorted(panel.calendar, panel.date)
    there = np.append(panel.calendar, -1)[at] == panel.date
    return np.where(there & panel.final, at, -1).astype(np.int64)


def grid(panel: Panel, place: I8, values: F8, rows: I8) -> F8:
    """``values`` (N) on the calendar's sessions ``rows`` (T; −1: none), NaN without a final bar (T×S)."""
    line = np.full(len(panel.calendar) + 1, -1, dtype=np.int64)  # the last stays −1, for bars with no place
    asked = np.flatnonzero(rows >= 0)
    line[rows[asked]] = asked
    t = line[place]
    wanted = t >= 0
    out = np.full((len(rows), panel.n_symbols), np.nan)
    out[t[wanted], panel.owner[wanted]] = values[wanted]
    return out
