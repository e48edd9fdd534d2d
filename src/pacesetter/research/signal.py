"""A signal: something that an agent, a file or a person noticed about a symbol on a date."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from pacesetter.research.desk import MOST_SCORE, Desk

SCHEMA = pl.Schema(
    {
        "symbol": pl.String(),
        "signal_type": pl.String(),
        "source": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.Float64(),
        "seen_on": pl.Date(),
    }
)


@dataclass(frozen=True)
class Signal:
    """``score`` 0–100, ``confidence`` 0–1; ``data`` what was seen, as plain JSON.

    The ``signal_type`` is its kind: two signals of one type are one kind, whoever saw them.
    """

    symbol: str
    signal_type: str
    source: str
    score: float
    confidence: float
    seen_on: date
    data: Mapping[str, Any] = field(default_factory=dict)


def check_signal(signal: Signal, desk: Desk) -> tuple[str, ...]:
    """Everything that is wrong with a signal, in sentences; nothing where it is fine."""
    found = []
    if not signal.symbol.strip():
        found.append("the symbol is missing")
    if not signal.source.strip():
        found.append("the source is missing")
    if signal.signal_type not in desk.signals:
        found.append(f"{signal.signal_type!r} is no signal type: use one of {', '.join(desk.signals)}")
    if not (math.isfinite(signal.score) and 0 <= signal.score <= MOST_SCORE):
        found.append(f"the score {signal.score:g} is not from 0 to {MOST_SCORE:g}")
    if not (math.isfinite(signal.confidence) and 0 <= signal.confidence <= 1):
        found.append(f"the confidence {signal.confidence:g} is not from 0 to 1")
    return tuple(found)


def kinds_of(signals: Iterable[Signal]) -> tuple[str, ...]:
    """The different kinds among signals, sorted."""
    return tuple(sorted({one.signal_type for one in signals}))


def keep_newest(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """One signal for each symbol, type and source: the newest, of one day the one with the higher score,
    then confidence, then the first given; sorted by symbol, type and source."""
    kept: dict[tuple[str, str, str], Signal] = {}
    for one in signals:
        key = (one.symbol, one.signal_type, one.source)
        if key not in kept or _rank(one) > _rank(kept[key]):
            kept[key] = one
    return tuple(kept[key] for key in sorted(kept))


def frame_signals(signals: Sequence[Signal]) -> pl.DataFrame:
    """Signals as the columns that ``converge`` takes, in their order and without ``data``."""
    return pl.DataFrame(
        {name: [getattr(one, name) for one in signals] for name in SCHEMA.names()}, schema=SCHEMA
    )


def _rank(signal: Signal) -> tuple[date, float, float]:
    return signal.seen_on, signal.score, signal.confidence
