"""What became of the analysts' words: every past BUY and SELL against what the price did afterwards.

A call counts at a horizon once the session so many sessions later is on or before the asked date, with a
final bar of the symbol on both. A BUY is a hit where the symbol did better than the benchmark over the same
sessions, a SELL where it did worse; without a benchmark, better or worse than nothing at all. The same call
on several evenings running counts on each of them, so ``n`` is no number of independent trials;
``symbols`` says of how many symbols they were.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pacesetter.agents.base import analysts
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_number
from pacesetter.market.panel import Panel
from pacesetter.market.symbol import ASSET_TYPES
from pacesetter.ranking.forward import forward_returns
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.bars.panels import load_symbols
from pacesetter.store.desk.analyses import read_calls

HORIZONS = (5, 21, 63)


@dataclass(frozen=True)
class CallRecord:
    """The calls of one kind at one horizon. Returns are shares, 0.01 is 1 %, means over ``n`` calls;
    None where there is none. ``waiting``: calls whose horizon has not passed, or without prices."""

    recommendation: str
    horizon: int
    n: int
    symbols: int
    hits: int
    mean_return: float | None
    benchmark_return: float | None
    waiting: int

    @property
    def hit_rate(self) -> float | None:
        """Hits over ``n``."""
        return self.hits / self.n if self.n else None


@dataclass(frozen=True)
class TrackRecord:
    """What became of the calls up to ``on``, by analyst: BUY and SELL at each horizon."""

    on: date | None
    benchmark: str | None
    records: Mapping[str, tuple[CallRecord, ...]]


async def track_record(
    ws: Workspace, *, on: date | None = None, horizons: Sequence[int] = HORIZONS
) -> TrackRecord:
    """Every analyst's record with the opinions and prices up to ``on`` (None: the newest price)."""
    async with ws.db.read() as conn:
        asked = on or await newest_price_date(conn)
        calls = None if asked is None else await read_calls(conn, asked)
        if asked is None or calls is None or calls.is_empty():
            return TrackRecord(asked, None, {one.name: () for one in analysts})
        symbols = {*calls["symbol"], ws.settings.benchmark}
    # a panel has no bar and no session after its last one, which is the asked date
    sessions = sorted({*calls["analysed_on"], asked})
    panel = await load_symbols(
        ws.db, symbols, sessions=sessions, calendar=ws.settings.calendar, asset_types=ASSET_TYPES
    )
    return await asyncio.to_thread(measure_calls, calls, panel, asked, ws.settings.benchmark, horizons)


def measure_calls(
    calls: pl.DataFrame, panel: Panel, on: date, benchmark: str, horizons: Sequence[int]
) -> TrackRecord:
    """The record of calls (``CALLS``) on a panel whose sessions are their dates."""
    place = {symbol: s for s, symbol in enumerate(panel.symbols)}
    column = np.array([place.get(symbol, -1) for symbol in calls["symbol"]], dtype=np.int64)
    days = np.array([day_number(day) for day in calls["analysed_on"]], dtype=np.int64)
    row = np.searchsorted(panel.sessions, days)
    beside = place.get(benchmark)
    made: dict[str, list[CallRecord]] = {one.name: [] for one in analysts}
    for horizon in horizons:
        returns = np.column_stack([forward_returns(panel, horizon), np.full(panel.n_sessions, np.nan)])
        market = np.zeros(panel.n_sessions) if beside is None else returns[:, beside]
        frame = calls.with_columns(own=pl.Series(returns[row, column]), market=pl.Series(market[row]))
        for (analyst, said), group in frame.group_by(["analyst", "recommendation"], maintain_order=True):
            made.setdefault(str(analyst), []).append(summarise(group, str(said), horizon, beside is not None))
    return TrackRecord(on, None if beside is None else benchmark, {
        name: tuple(sorted(rows, key=lambda one: (one.recommendation, one.horizon)))
        for name, rows in made.items()
    })  # fmt: skip


def summarise(group: pl.DataFrame, said: str, horizon: int, against_market: bool) -> CallRecord:
    """One record of the calls of an analyst: ``own`` and ``market`` are their returns, NaN for none."""
    known = group.filter(pl.col("own").is_finite() & pl.col("market").is_finite())
    own, market = known["own"].to_numpy(), known["market"].to_numpy()
    n = known.height
    hits = int((own > market).sum() if said == "BUY" else (own < market).sum())
    return CallRecord(
        said,
        horizon,
        n,
        known["symbol"].n_unique(),
        hits,
        float(own.mean()) if n else None,
        float(market.mean()) if n and against_market else None,
        group.height - n,
    )
