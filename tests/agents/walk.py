"""One symbol with given closes, as a panel."""

from __future__ import annotations

import numpy as np
import polars as pl

from pacesetter.agents.fact_table import MAIN, Sources, tabulate
from pacesetter.market.calendar import day_date
from pacesetter.market.panel import Panel

DAY = 20_000


def walk(closes: np.ndarray, **over: object) -> Panel:
    """One symbol with these closes on consecutive days."""
    n = len(closes)
    growth = np.full(n, np.nan)
    growth[1:] = closes[1:] / closes[:-1]
    days = np.arange(DAY, DAY + n, dtype=np.int32)
    fields: dict[str, object] = {
        "symbols": ("ONE",),
        "offsets": np.array([0, n], np.int64),
        "date": days,
        "open": closes,
        "high": closes + 1.0,
        "low": closes - 1.0,
        "close": closes,
        "volume": np.full(n, 1000.0),
        "growth": growth,
        "final": np.ones(n, bool),
        "calendar": days,
        "sessions": days[-1:],
        "asset_type": ("equity",),
        "currency": ("USD",),
        "quote_unit": np.ones(1),
    }
    return Panel(**(fields | over))  # type: ignore[arg-type]


def newest(panel: Panel) -> dict[str, float]:
    """The facts of the last bar."""
    on = day_date(int(panel.date[-1]))
    table = tabulate(Sources(panel, pl.DataFrame(schema=MAIN)), [on])
    return {name: float(values[0, 0]) for name, values in table.items()}
