"""Signals as people look at them: with their age, and what is left of their score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import InputError, unknown
from pacesetter.research.desk import Desk, load_desk
from pacesetter.store.desk.nights import newest_night_on
from pacesetter.store.desk.signals import KEPT_DAYS, SignalPlace, SignalRow, find_signals
from pacesetter.store.symbols.symbols import find_symbol

MOST = 10_000


@dataclass(frozen=True)
class SignalView:
    """A signal ``age_days`` after it was seen: ``decayed`` = score × ``decay_factor`` is left of it.

    ``fades``: how, in words. ``taken_back``: it does not count any more. A type that the desk does not
    know counts nothing.
    """

    symbol: str
    signal_type: str
    source: str
    signal_on: date
    score: float
    confidence: float
    age_days: int
    decay_factor: float
    decayed: float
    fades: str
    taken_back: bool
    data: Mapping[str, Any]


async def list_signals(
    ws: Workspace,
    *,
    on: date | None = None,
    days: int = 30,
    symbol: str | None = None,
    signal_type: str | None = None,
    source: str | None = None,
    after: SignalPlace | None = None,
    limit: int = 200,
) -> list[SignalView]:
    """Signals of the last ``days`` days up to ``on`` (None: ``usual_day``), newest first; those behind
    ``after`` alone.

    ``UnknownName`` for no such symbol or signal type.
    """
    desk = load_desk()
    if signal_type is not None and signal_type not in desk.signals:
        raise unknown("signal type", signal_type, list(desk.signals))
    if not 1 <= days <= KEPT_DAYS:
        raise InputError(f"days = {days}", mend=f"keep it from 1 to {KEPT_DAYS}")
    if not 1 <= limit <= MOST:
        raise InputError(f"limit = {limit}", mend=f"keep it from 1 to {MOST}")
    on = await usual_day(ws, days) if on is None else on
    async with ws.db.read() as conn:
        named = None if symbol is None else (await find_symbol(conn, symbol)).symbol
        rows = await find_signals(
            conn,
            until=on,
            days=days,
            symbol=named,
            signal_type=signal_type,
            source=source,
            after=after,
            limit=limit,
        )
    return [view_signal(row, on, desk) for row in rows]


async def usual_day(ws: Workspace, days: int) -> date:
    """Today by the workspace's clock; where the newest night is longer ago than ``days``, its day: what the
    desk last found is what people look for, however old the prices are."""
    today = ws.now().date()
    async with ws.db.read() as conn:
        newest = await newest_night_on(conn)
    return newest if newest is not None and (today - newest).days >= days else today


def view_signal(row: SignalRow, on: date, desk: Desk) -> SignalView:
    """A stored signal on a date, with the decay that convergence counts."""
    age, rule = (on - row.signal_on).days, desk.signals.get(row.signal_type)
    factor = 0.0 if rule is None else float(rule.decay.factors(np.array([age], np.float64))[0])
    return SignalView(
        symbol=row.symbol,
        signal_type=row.signal_type,
        source=row.source,
        signal_on=row.signal_on,
        score=row.score,
        confidence=row.confidence,
        age_days=age,
        decay_factor=factor,
        decayed=row.score * factor,
        fades="counts nothing: the desk knows no such type" if rule is None else rule.decay.in_words(),
        taken_back=row.expired_at is not None,
        data=row.data,
    )
