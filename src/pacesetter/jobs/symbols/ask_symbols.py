"""Symbols that somebody asks for: asking, joining, and how far each is.

Whoever asks for a symbol that is on its way joins its job. A symbol that is known, has the newest final
prices and was measured needs no work, and is answered as completed at once.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.choose_provider import asks_nobody
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter, InputError
from pacesetter.market.calendar import expected_session
from pacesetter.market.symbol import normalise_symbol
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols import onboarding_list as listed
from pacesetter.store.symbols.onboarding_symbols import current_names, ready_symbols
from pacesetter.store.symbols.onboarding_waits import NO_SOURCE, say_waiting
from pacesetter.store.symbols.symbols import known_boxes

Priority = Literal["high", "normal", "low"]
Status = Literal["pending", "processing", "completed", "failed"]
StageName = Literal["describe", "prices", "exposures", "metrics"]

STAGES: tuple[StageName, ...] = ("describe", "prices", "exposures", "metrics")
NAMED = 50  # bad symbols that an error names
NAMED_S = 200  # characters of symbols in a line of the log

log = logging.getLogger("pacesetter.onboarding")


@dataclass(frozen=True)
class Stage:
    """A stage, and whether it is behind."""

    name: StageName
    done: bool


@dataclass(frozen=True)
class Onboarding:
    """A symbol on its way in. ``stage``: queued, one of ``STAGES``, or done; ``eta_s``: seconds until it is
    completed, as far as the last ones tell; ``cause``, ``error``, ``mend``: why it failed, is tried again or
    waits (for a source of prices), in a word that programs can act on and in sentences; ``joined``: it was
    on its way already when it was asked for."""

    id: UUID
    symbol: str
    status: Status
    priority: Priority
    stage: str
    stages: tuple[Stage, ...]
    requested_by: tuple[str, ...]
    requested_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    attempts: int
    eta_s: int | None
    cause: str | None
    error: str | None
    mend: str | None
    joined: bool = False

    @property
    def waits(self) -> bool:
        """Whether nobody begins it before there are prices of it, or a source of them."""
        return self.status == "pending" and self.cause == NO_SOURCE


async def ask_symbols(
    ws: Workspace, symbols: Sequence[str], *, by: str, priority: Priority = "normal"
) -> list[Onboarding]:
    """Ask for symbols: one answer each, in their order, a repeated one once.

    ``BadParameter`` names every text that cannot be a symbol, or every box; nothing is queued then.
    """
    wanted = check_symbols(symbols)
    fresh_from = expected_session(ws.settings.calendar, ws.now(), final_delay(ws))
    async with ws.db.write(content=False) as conn:
        now_called = await current_names(conn, wanted)
        names = list(dict.fromkeys(now_called.get(symbol, symbol) for symbol in wanted))
        refuse_boxes(names, await known_boxes(conn))
        ready = await ready_symbols(conn, names, fresh_from=fresh_from)
        about: dict[str, Any] = {"by": by[:80], "priority": priority, "at": ws.now()}
        asked = await queue.ask_for(conn, [s for s in names if s not in ready], **about)
        known = await queue.note_known(conn, ready, **about)
        if asks_nobody(ws):
            waiting = await say_waiting(conn, [job for job, _ in asked.values()])
            if waiting:
                log.info("waiting for a source of prices: %s", ", ".join(waiting)[:NAMED_S])
        ids = {**{symbol: job for symbol, (job, _) in asked.items()}, **known}
        found = {one.symbol: one for one in await describe_jobs(conn, await rows_of(conn, ids))}
    joined = {symbol for symbol, (_, was_there) in asked.items() if was_there}
    return [with_joining(found[symbol], symbol in joined) for symbol in names]


def final_delay(ws: Workspace) -> timedelta:
    """How long after the close a session's prices are final."""
    return timedelta(minutes=ws.settings.final_delay_minutes)


def check_symbols(symbols: Sequence[str]) -> list[str]:
    """The one spelling of each, without repeats; ``BadParameter`` names all that cannot be one."""
    good, bad = [], []
    for given in symbols:
        try:
            good.append(normalise_symbol(given))
        except InputError:
            bad.append(given)
    if bad:
        names = ", ".join(repr(text[:32]) for text in bad[:NAMED])
        more = f" and {len(bad) - NAMED} more" if len(bad) > NAMED else ""
        raise BadParameter(
            f"{len(bad)} of {len(symbols)} cannot be symbols: {names}{more}",
            where="symbols",
            mend="use Yahoo's spelling, like AAPL, BRK-B or VOD.L; nothing was queued",
        )
    if not good:
        raise BadParameter("no symbol is named", where="symbols", mend="name at least one, like AAPL")
    return list(dict.fromkeys(good))


def refuse_boxes(symbols: Sequence[str], boxes: Collection[str]) -> None:
    """``BadParameter`` for symbols that nobody has bars of."""
    if asked := sorted(set(symbols) & set(boxes)):
        raise BadParameter(
            f"sealed boxes have floor prices, not bars, so nothing is fetched: {', '.join(asked[:NAMED])}",
            where="symbols",
            mend="`pacesetter boxes` shows them; leave them out: nothing was queued",
        )


async def rows_of(conn: AsyncConnection, ids: Mapping[str, UUID]) -> list[Row[Any]]:
    """The rows of jobs."""
    return list((await listed.find_jobs(conn, ids.values())).values())


async def look_up(ws: Workspace, job_id: UUID) -> Onboarding:
    """One job; ``UnknownName`` when there is none."""
    async with ws.db.read() as conn:
        return (await describe_jobs(conn, [await listed.find_job(conn, job_id)]))[0]


async def look_through(
    ws: Workspace, *, status: Status | None = None, before: UUID | None = None, limit: int
) -> tuple[list[Onboarding], int]:
    """At most ``limit`` jobs behind ``before``, the newest first, and how many there are in all."""
    async with ws.db.read() as conn:
        rows = await listed.list_jobs(conn, status=status, before=before, limit=limit)
        return await describe_jobs(conn, rows), await listed.count_jobs(conn, status)


async def look_at(ws: Workspace, ids: Iterable[UUID]) -> list[Onboarding]:
    """Jobs by id, in that order."""
    wanted = list(ids)
    async with ws.db.read() as conn:
        found = await listed.find_jobs(conn, wanted)
        return await describe_jobs(conn, [found[one] for one in wanted if one in found])


async def describe_jobs(conn: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Onboarding]:
    """Rows as people see them."""
    waiting = [row.id for row in rows if row.shown == "pending"]
    before = await listed.places(conn, waiting) if waiting else {}
    active = any(row.shown in ("pending", "processing") for row in rows)
    mean_s = await listed.mean_time_s(conn) if active else None
    at_once = max(1, await listed.count_working(conn)) if active else 1
    return [onboarding_of(row, eta_of(row, before.get(row.id), mean_s, at_once)) for row in rows]


def eta_of(row: Row[Any], place: int | None, mean_s: float | None, at_once: int) -> int | None:
    """Seconds until a job is completed, from the mean time of the last ones and its place in the queue;
    None where none has been completed yet, it has ended, or it waits for a source."""
    waits = row.status == "pending" and row.cause == NO_SOURCE
    if mean_s is None or waits or row.shown in ("completed", "failed"):
        return None
    if row.shown == "processing":
        behind = STAGES.index(row.stage) if row.stage in STAGES else 0
        return round(mean_s * (1 - behind / len(STAGES)))
    return round(mean_s * (1 + (place or 0) / at_once))


def onboarding_of(row: Row[Any], eta_s: int | None) -> Onboarding:
    """A row as people see it."""
    stage = "queued" if row.shown == "pending" else row.stage
    behind = len(STAGES) if stage == "done" else STAGES.index(stage) if stage in STAGES else 0
    error, _, mend = (row.error_message or "").rpartition(" — ")
    return Onboarding(
        id=row.id,
        symbol=row.symbol,
        status=row.shown,
        priority=row.priority,
        stage=stage,
        stages=tuple(Stage(name, place < behind) for place, name in enumerate(STAGES)),
        requested_by=tuple(row.requested_by),
        requested_at=row.requested_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        attempts=row.attempts,
        eta_s=eta_s,
        cause=row.cause,
        error=error or None,
        mend=mend or None,
    )


def with_joining(job: Onboarding, joined: bool) -> Onboarding:
    """The same, saying whether it was joined."""
    return Onboarding(**{**vars(job), "joined": joined})
