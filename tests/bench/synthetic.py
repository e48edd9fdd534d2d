"""A synthetic panel, the same as a pandas frame and as a folder in Qlib's format."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from pacesetter.market.panel import Panel

START = 14_000  # a day number in 2008


def synthetic_panel(symbols: int, days: int, *, seed: int = 1) -> Panel:
    """Random walks without holes; the last symbol is the benchmark. Prices are exact in float32,
    because that is what Qlib stores."""
    rng = np.random.default_rng(seed)
    calendar = np.array([START + 7 * w + d for w in range(days // 5 + 1) for d in range(5)], np.int32)[:days]
    steps = rng.normal(0.0003, 0.02, (symbols, days))
    close = (50.0 * np.exp(np.cumsum(steps, axis=1))).astype(np.float32).astype(np.float64)
    growth = np.full((symbols, days), np.nan)
    growth[:, 1:] = close[:, 1:] / close[:, :-1]
    close, growth = close.ravel(), growth.ravel()
    return Panel(
        symbols=(*(f"S{i:04d}" for i in range(symbols - 1)), "SPY"),
        offsets=np.arange(symbols + 1, dtype=np.int64) * days,
        date=np.tile(calendar, symbols),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=np.round(rng.lognormal(12, 0.5, symbols * days)).astype(np.float32).astype(np.float64),
        growth=growth,
        final=np.ones(symbols * days, bool),
        calendar=calendar,
        sessions=calendar[-1:],
        asset_type=("equity",) * (symbols - 1) + ("etf",),
        currency=("USD",) * symbols,
        quote_unit=np.ones(symbols),
        benchmark=symbols - 1,
    )


def market_of(panel: Panel) -> np.ndarray:
    """The benchmark's simple return on each session (float64, T; NaN on the first)."""
    assert panel.benchmark is not None
    return panel.growth[panel.offsets[panel.benchmark] :] - 1.0


def wide(panel: Panel, name: str) -> pd.DataFrame:
    """A column as pandas likes it: dates × symbols."""
    return pd.DataFrame(getattr(panel, name).reshape(panel.n_symbols, -1).T.copy())


def write_qlib(panel: Panel, folder: Path) -> None:
    """The folder that Qlib reads: a calendar, the instruments, one float32 file a field."""
    days = [date(1970, 1, 1) + timedelta(int(d)) for d in panel.calendar]
    for name in ("calendars", "instruments"):
        (folder / name).mkdir(parents=True)
    (folder / "calendars/day.txt").write_text("".join(f"{d}\n" for d in days))
    lines = [f"{symbol}\t{days[0]}\t{days[-1]}\n" for symbol in panel.symbols]
    (folder / "instruments/all.txt").write_text("".join(lines))
    market = market_of(panel)
    for s, symbol in enumerate(panel.symbols):
        rows = slice(panel.offsets[s], panel.offsets[s + 1])
        home = folder / "features" / symbol.lower()
        home.mkdir(parents=True)
        for field, values in (
            ("close", panel.close[rows]),
            ("volume", panel.volume[rows]),
            ("market", market),
        ):
            np.append(0.0, values).astype("<f4").tofile(home / f"{field}.day.bin")
