"""The evening's step of the stored research queue: who enters, stays and leaves, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError
from pacesetter.kernel.ids import new_id as make_id
from pacesetter.kernel.plain import plain_json
from pacesetter.research.convergence import Breakdown, Convergence
from pacesetter.research.desk import QueueRule
from pacesetter.research.queue import QueueDay, QueueEntry, Transition, advance_queue
from pacesetter.store.desk.nights import newest_night
from pacesetter.store.desk.research_queue import (
    QueueRow,
    left_entries,
    open_entries,
    research_queue,
)
from pacesetter.store.symbols.symbols import stock_ids

RESTING = ("promoted", "expired")


async def advance_stored_queue(
    conn: AsyncConnection,
    convergence: Convergence,
    on: date,
    rule: QueueRule,
    *,
    new_id: Callable[[], UUID] = make_id,
) -> QueueDay:
    """Advance the queue to the evening of ``on`` in the caller's transaction, and store what changed.

    The caller stores the day's ``resting`` with the night. The same evening again, with the same
    convergence, changes nothing; ``InputError`` for one before the newest night.
    """
    newest = await newest_night(conn)
    resting = frozenset() if newest is None else frozenset(newest.resting)
    scores = convergence.scores()
    if newest is not None and on < newest.night_on:
        raise InputError(
            f"the night of {newest.night_on} was worked through already, and {on} is before it",
            where="research queue",
            mend="work the nights through in their order",
        )
    rows = {row.symbol: row for row in await open_entries(conn)}
    left = [row for row in await left_entries(conn, on=on) if row.status in RESTING]
    day = advance_queue(
        [QueueEntry(row.symbol, row.entered_on, row.score, row.scored_on) for row in rows.values()],
        scores,
        on,
        rule,
        resting=resting | {row.symbol for row in left},  # of a night that was cut off after this step, too
    )
    waiting = {entry.symbol: entry for entry in day.entries}
    for symbol in sorted(rows.keys() & waiting.keys()):
        now = replace(
            rows[symbol],
            score=waiting[symbol].score,
            scored_on=on,
            breakdown=tell_breakdown(convergence, symbol, on),
        )
        if now != rows[symbol]:
            await _change(conn, now)
    entered = {one.symbol for one in day.transitions if one.change == "entered"}
    ends = {one.symbol: one for one in day.transitions if one.change not in ("entered", "rescored")}
    for symbol in sorted(rows.keys() & ends.keys()):
        await _change(conn, _end(rows[symbol], ends[symbol], convergence))
    stocks = await stock_ids(conn, entered)
    fresh = []
    for symbol in sorted(entered):
        score = scores[symbol]
        told = tell_breakdown(convergence, symbol, on)
        row = QueueRow(
            id=new_id(),
            symbol=symbol,
            stock_id=stocks.get(symbol),
            score=score,
            entry_score=score,
            entered_on=on,
            scored_on=on,
            breakdown=told,
        )
        fresh.append(_end(row, ends[symbol], convergence) if symbol in ends else row)
    await research_queue.add(conn, fresh)
    return day


def tell_breakdown(convergence: Convergence, symbol: str, on: date) -> dict[str, Any]:
    """How a score came about, as plain JSON; of a symbol without a signal its score of 0 alone."""
    if symbol not in convergence.scores():
        return {"symbol": symbol, "on": on.isoformat(), "score": 0.0, "parts": []}
    breakdown: Breakdown = convergence.breakdown(symbol)
    plain: dict[str, Any] = plain_json(breakdown)
    return plain


def _end(row: QueueRow, end: Transition, convergence: Convergence) -> QueueRow:
    told = tell_breakdown(convergence, row.symbol, end.on)
    return replace(
        row,
        status=end.change,
        score=end.score,
        scored_on=end.on,
        left_on=end.on,
        reason=end.reason,
        breakdown=told,
    )


async def _change(conn: AsyncConnection, row: QueueRow) -> None:
    values = {
        name: getattr(row, name)
        for name in ("status", "score", "scored_on", "left_on", "reason", "breakdown")
    }
    await research_queue.change(conn, row.id, **values)
