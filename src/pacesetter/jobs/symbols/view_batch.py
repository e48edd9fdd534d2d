"""How far the nightly batch is, as people see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from pacesetter.jobs.symbols.batch_dates import next_batch_at
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.store.work.batch_phases import PHASES, list_phases, newest_done

SHOWN = 20  # symbols that are named for a reason


@dataclass(frozen=True)
class LeftOut:
    """Symbols without a value, for one reason: how many, and the first of them."""

    reason: str
    because: str
    count: int
    symbols: list[str]


@dataclass(frozen=True)
class PhaseView:
    """A phase: waiting, running, done, failed, or interrupted, where its process ended without a word."""

    phase: str
    state: str
    done: int = 0
    total: int = 0
    problems: Sequence[LeftOut] = ()
    error: str | None = None
    data_revision: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class BatchDay:
    """The batch of a session, with every phase in its order."""

    on: date
    state: str
    phases: list[PhaseView]


@dataclass(frozen=True)
class BatchView:
    """The newest batches, newest first; ``as_of``: the newest session that is done."""

    as_of: date | None
    scheduled_for: datetime
    days: list[BatchDay]


async def view_batch(ws: Workspace, *, limit: int = 10) -> BatchView:
    """The newest ``limit`` sessions that have a batch."""
    async with ws.db.read() as conn:
        rows, as_of = await list_phases(conn, limit), await newest_done(conn)
    by_day: dict[date, dict[str, Row[Any]]] = {}
    for row in rows:
        by_day.setdefault(row.metric_date, {})[row.phase] = row
    days = [day_of(on, phases) for on, phases in by_day.items()]
    return BatchView(as_of, next_batch_at(ws.settings, ws.now()), days)


def day_of(on: date, rows: Mapping[str, Row[Any]]) -> BatchDay:
    """A session's batch; it is in the state of the first phase that is not done."""
    phases = [phase_of(rows[name]) if name in rows else PhaseView(name, "waiting") for name in PHASES]
    left = [one.state for one in phases if one.state != "done"]
    state = next((state for state in ("running", "failed", "interrupted") if state in left), None)
    return BatchDay(on, state or ("interrupted" if left else "done"), phases)


def phase_of(row: Row[Any]) -> PhaseView:
    """A phase's row as people see it."""
    problems = [
        LeftOut(reason, in_words(reason), len(symbols), symbols[:SHOWN])
        for reason, symbols in row.problems.items()
    ]
    names = ("phase", "done", "total", "error", "data_revision", "started_at", "ended_at")
    return PhaseView(**{name: getattr(row, name) for name in names}, state=row.shown, problems=problems)
