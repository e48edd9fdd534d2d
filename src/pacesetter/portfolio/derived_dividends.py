"""Cash dividends read out of adjusted closes, for symbols whose dividends nobody has stored."""

from __future__ import annotations

import numpy as np

from pacesetter.market.panel import F8, I8

LEAST = 0.0005  # of the close before: what is smaller is taken for rounding
CENT = 0.01


def derive_dividends(owner: I8, close: F8, adj_close: F8) -> tuple[I8, F8]:
    """Rows of ex dates, and what each paid a share, in the unit of ``close``.

    ``owner`` (int64, N) is the symbol of each bar, bars of one symbol side by side and in order;
    ``close`` (float64, N) is adjusted for splits only, ``adj_close`` for dividends too, back from the
    newest by 1 − dividend / close before (as CRSP and Yahoo do), NaN where there is none. So
    dividend = close before · (1 − (adj before / adj now) · (close now / close before)).
    Left out is what lies within ``LEAST`` of the close before, or within what rounding adjusted closes
    to cents can make of nothing.
    """
    if len(close) < 2:
        return np.zeros(0, np.int64), np.zeros(0)
    before, now, adj_before, adj_now = close[:-1], close[1:], adj_close[:-1], adj_close[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        paid = before - now * (adj_before / adj_now)
        in_cents = _in_cents(adj_before) & _in_cents(adj_now)
        rounding = np.where(
            in_cents, now * (adj_before / adj_now) * CENT / 2 * (1 / adj_before + 1 / adj_now), 0
        )
        found = (owner[1:] == owner[:-1]) & (paid > LEAST * before) & (paid > rounding) & (paid < before)
    rows = np.flatnonzero(found)
    return rows + 1, paid[rows]


def _in_cents(values: F8) -> np.ndarray:
    return np.asarray(np.abs(np.round(values, 2) - values) < 1e-9)
