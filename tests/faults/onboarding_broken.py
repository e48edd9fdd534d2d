"""Builds of the queue broken on purpose: the kill test counts only because each of these turns it red."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import insert, select, text, update

from pacesetter.jobs.runner import onboarding_worker
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.work.cycles import database_clock


def claim_unchecked() -> None:
    """What looked free a moment ago is taken, without a lock and without looking again."""

    async def take_next(ws: Any, only: Any = None, **_more: Any) -> Any:
        of = queue.queue.c
        async with ws.db.read() as conn:
            first = select(of.id).where(queue.is_free(conn)).order_by(of.priority_rank, of.created_at, of.id)
            found = await conn.scalar(first.limit(1))
        if found is None:
            return None
        await asyncio.sleep(0.02)  # as a slow disk would
        async with ws.db.write(content=False) as conn:
            values = {
                "status": "processing",
                "owner": "x",
                "fence": of.fence + 1,
                "attempts": of.attempts + 1,
                "lease_until": database_clock(conn, onboarding_worker.LEASE_S),
            }
            taking = update(queue.queue).where(of.id == found).values(values)
            row = (await conn.execute(taking.returning(of.id, of.fence, of.symbol, of.attempts))).one()
        return queue.Taken(row.id, row.fence, row.symbol, row.attempts, onboarding_worker.LEASE_S)

    onboarding_worker.take_next = take_next


def no_fence() -> None:
    """Whoever once held a job may still write."""

    async def write(conn: Any, job: Any, values: Any) -> None:
        await conn.execute(update(queue.queue).where(queue.queue.c.id == job.id).values(**values))

    queue._write = write


def no_unique_index() -> None:
    """Whoever asks gets a job of his own."""

    async def add(conn: Any, symbols: Any, _ids: Any, by: str, priority: str, at: Any) -> dict[str, Any]:
        await conn.execute(text("DROP INDEX IF EXISTS uq_symbol_onboarding_queue_active"))
        rows = [queue._new_row(symbol, by, priority, at) for symbol in symbols]
        await conn.execute(insert(queue.queue), rows)
        return {row["symbol"]: row["id"] for row in rows}

    queue._add = add


BREAK = {f.__name__: f for f in (claim_unchecked, no_fence, no_unique_index)}
