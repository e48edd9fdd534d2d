"""Take a factor's values from a panel: one a symbol and session, or the reason why there is none."""

from __future__ import annotations

import numpy as np

from pacesetter.factors.base import REASON_CODE, Factor, FactorValues
from pacesetter.factors.columns import columns
from pacesetter.market.panel import Panel


def evaluate(one: Factor, panel: Panel) -> FactorValues:
    """Raw values, reasons and observation counts of ``one`` on every session of ``panel``.

    The generic reasons (no bars, stale, too few bars) are decided here; the function
    may return ``(values, codes)`` to give reasons of its own for the rest.
    """
    if one.per == "bar" and not any(need.startswith("fact:") for need in one.needs):
        made = columns([one], panel)
        values, codes = made.raw[0], made.reason[0]
    else:
        given = one.function(panel)
        values, codes = given if isinstance(given, tuple) else (given, None)
    rows = panel.asof
    safe = np.maximum(rows, 0)
    have = (rows >= 0) if len(panel.date) else np.zeros(rows.shape, dtype=bool)
    position = np.where(have, safe - panel.offsets[:-1][None, :] + 1, 0)
    n_obs = np.minimum(position, one.window).astype(np.int32)
    if one.per == "bar":
        taken = values[safe] if len(values) else np.full(rows.shape, np.nan)
        own = codes[safe] if codes is not None and len(codes) else None
    else:
        taken, own = values, codes
    enough = n_obs >= one.minimum
    raw = np.where(have & enough & np.isfinite(taken), taken, np.nan)
    reason = np.full(rows.shape, REASON_CODE[one.absent], dtype=np.int8)
    if own is not None:
        reason = np.where(own > 0, own, reason).astype(np.int8)
    reason[have & ~enough] = REASON_CODE["too_few_bars"]
    reason[~have] = REASON_CODE["not_observed" if panel.exact else "stale"]
    if not panel.exact:
        reason[panel.newest < 0] = REASON_CODE["no_bars"]
    reason[np.isfinite(raw)] = 0
    return FactorValues(one, raw, reason, n_obs)
