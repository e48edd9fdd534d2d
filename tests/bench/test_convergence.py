"""30,000 signals of 3,000 symbols converge on one date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
import pytest

from pacesetter.research.convergence import converge
from pacesetter.research.desk import Desk, load_desk
from pacesetter.research.signal import Signal
from pacesetter.store.database.engine import Database
from pacesetter.store.desk.signals import load_signals, store_signals
from tests.bench.stopwatch import best_of
from tests.store.made import add_symbols

pytestmark = pytest.mark.bench
SIGNALS, SYMBOLS, ON = 30_000, 3_000, date(2025, 4, 30)
AT = datetime(2025, 5, 1, 6, tzinfo=UTC)
Run = Callable[[Callable[[Database], Any]], Any]


def make_signals(desk: Desk) -> pl.DataFrame:
    """Signals at random, of every type that the desk knows."""
    rng, types = np.random.default_rng(1), list(desk.signals)
    return pl.DataFrame(
        {
            "symbol": [f"S{i:04}" for i in rng.integers(0, SYMBOLS, SIGNALS)],
            "signal_type": [types[i] for i in rng.integers(0, len(types), SIGNALS)],
            "source": [f"source {i}" for i in rng.integers(0, 6, SIGNALS)],
            "score": rng.uniform(0, 100, SIGNALS),
            "confidence": rng.uniform(0, 1, SIGNALS),
            "seen_on": pl.Series(rng.integers(0, 120, SIGNALS)).map_elements(
                lambda days: date.fromordinal(ON.toordinal() - days), pl.Date
            ),
        }
    )


def test_thirty_thousand_signals() -> None:
    desk = load_desk()
    signals = make_signals(desk)
    favours = {f"S{i:04}": ("favoured", "avoided")[i % 2] for i in range(0, SYMBOLS, 3)}
    done = converge(signals, ON, regime="bull", favours=favours, desk=desk)
    took = best_of(5, lambda: converge(signals, ON, regime="bull", favours=favours, desk=desk))
    names = done.frame["symbol"].to_list()
    each = best_of(3, lambda: [done.breakdown(name) for name in names]) / len(names)
    assert len(names) == SYMBOLS and done.left_out.height > 100
    print(f"{SIGNALS:,} signals of {SYMBOLS:,} symbols converged in {took:.3f} s   target ≤ 1 s")
    print(f"  one breakdown {1e6 * each:.0f} µs")


def test_thirty_thousand_stored_signals(with_database: Run) -> None:
    """Read from the database and converged, as a night does."""
    desk = load_desk()
    frame = make_signals(desk).unique(["symbol", "signal_type", "source", "seen_on"], maintain_order=True)

    async def work(db: Database) -> None:
        async with db.write() as conn:
            await add_symbols(conn, sorted(frame["symbol"].unique()))
            for (on,), rows in frame.partition_by("seen_on", as_dict=True).items():
                told = [Signal(**row, data={"price.close": 1.5}) for row in rows.iter_rows(named=True)]
                await store_signals(conn, told, on=on, at=AT)
        took = []
        for _ in range(3):
            async with db.read() as conn:
                begun = perf_counter()
                stored = await load_signals(conn, ON)
                found = converge(stored, ON, regime="bull", favours={}, desk=desk)
                took.append(perf_counter() - begun)
        assert stored.height == frame.height and found.frame.height == SYMBOLS
        print(f"{frame.height:,} signals, {db.dialect}, read and converged: {min(took):.3f} s   target ≤ 1 s")

    with_database(work)
