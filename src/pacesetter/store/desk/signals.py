"""Signals: what was noticed about a symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import ColumnElement, and_, delete, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id
from pacesetter.kernel.plain import plain_json
from pacesetter.research.signal import SCHEMA, Signal, frame_signals
from pacesetter.store.database.bulk import chunks
from pacesetter.store.database.frames import read_frame
from pacesetter.store.database.records import Records
from pacesetter.store.symbols.symbols import stock_ids
from pacesetter.store.tables.signal import signals as signals_table

KEPT_DAYS = 400
KEY = ("symbol", "signal_type", "source")
SignalPlace = tuple[date, float, str, str, str]  # signal_on, score, and the key: the order of a list
_of = signals_table.c


@dataclass(frozen=True, kw_only=True)
class SignalRow:
    """A signal as it is stored."""

    id: UUID
    symbol: str
    stock_id: UUID | None = None
    signal_type: str
    source: str
    score: float
    confidence: float
    data: Any
    signal_on: date
    timestamp: datetime
    expired_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


signals = Records(signals_table, SignalRow, "signal")


async def store_signals(conn: AsyncConnection, found: Sequence[Signal], *, on: date, at: datetime) -> None:
    """Let the signals of a session be exactly ``found``: what is there is changed and keeps its id, what is
    not found any more is removed. ``at``: the instant that they stand for. ``InputError`` for another day."""
    for signal in found:
        if signal.seen_on != on:
            raise InputError(f"a signal of {signal.symbol} is of {signal.seen_on}, not of {on}")
    keys = {(one.symbol, one.signal_type, one.source) for one in found}
    gone = [
        row.id
        for row in await conn.execute(
            select(*(_of[name] for name in ("id", *KEY))).where(_of.signal_on == on)
        )
        if (row.symbol, row.signal_type, row.source) not in keys
    ]
    for some in chunks(gone):
        await conn.execute(delete(signals_table).where(_of.id.in_(some)))
    companies = await stock_ids(conn, {one.symbol for one in found})
    rows = [
        SignalRow(
            id=new_id(),
            symbol=one.symbol,
            stock_id=companies.get(one.symbol),
            signal_type=one.signal_type,
            source=one.source,
            score=one.score,
            confidence=one.confidence,
            data=plain_json(one.data),
            signal_on=on,
            timestamp=at,
        )
        for one in found
    ]
    await signals.put(conn, rows, by=(*KEY, "signal_on"))


async def load_signals(
    conn: AsyncConnection, until: date, *, found: Sequence[Signal] | None = None
) -> pl.DataFrame:
    """Signals of the newest 400 days up to ``until`` that nobody took back, as ``converge`` takes them
    (``research.signal.SCHEMA``). ``found``: those of ``until`` itself, in place of what is stored of it."""
    query = select(
        *(_of[name] for name in SCHEMA.names() if name != "seen_on"), _of.signal_on.label("seen_on")
    ).where(_of.signal_on > until - timedelta(days=KEPT_DAYS), _of.expired_at.is_(None))
    query = query.where(_of.signal_on <= until if found is None else _of.signal_on < until)
    stored = await read_frame(conn, query.order_by(_of.signal_on, *(_of[name] for name in KEY)), dict(SCHEMA))
    return stored if found is None else pl.concat([stored, frame_signals(found)])


async def find_signals(
    conn: AsyncConnection,
    *,
    until: date | None = None,
    days: int = KEPT_DAYS,
    symbol: str | None = None,
    signal_type: str | None = None,
    source: str | None = None,
    after: SignalPlace | None = None,
    limit: int | None = None,
) -> list[SignalRow]:
    """Signals of the last ``days`` days up to ``until`` (None: of any day), newest first, the highest of a
    day before others; of one symbol, type or source where that is asked for. ``after``: those behind it."""
    where = [
        _of[name] == value for name, value in zip(KEY, (symbol, signal_type, source), strict=True) if value
    ]
    if until is not None:
        first = date.fromordinal(max(1, until.toordinal() - days + 1))  # the calendar has a first day
        where += [_of.signal_on <= until, _of.signal_on >= first]
    if after is not None:
        where.append(_behind(after))
    order = (_of.signal_on.desc(), _of.score.desc(), *(_of[name] for name in KEY))
    return await signals.find(conn, *where, order_by=order, limit=limit)


def _behind(after: SignalPlace) -> ColumnElement[bool]:
    """Whether a signal comes behind one in the order of ``find_signals``."""
    on, score, *key = after
    own = tuple_(*(_of[name] for name in KEY)) > tuple_(*key)
    return or_(
        _of.signal_on < on,
        and_(_of.signal_on == on, or_(_of.score < score, and_(_of.score == score, own))),
    )
