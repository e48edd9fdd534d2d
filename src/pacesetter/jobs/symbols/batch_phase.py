"""One phase of the nightly batch: claimed, kept, and closed in the transaction that writes its rows.

Whoever finds it done with the same data leaves it alone; one whose process died is begun again. So it is
done once, however many processes try, and a process that wakes up late writes nothing.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.workspace import Progress, Workspace
from pacesetter.kernel.errors import JobStopped, LeaseLost, PacesetterError, in_short, may_be_told
from pacesetter.store.work.batch_phases import (
    LEASE_S,
    Phase,
    PhaseClaim,
    claim_phase,
    end_phase,
    fail_phase,
    free_phase,
    keep_phase,
    owner_of_phase,
    phases_on,
)

State = Literal["done", "skipped", "taken", "failed"]


@dataclass(frozen=True)
class Measured:
    """What a phase found: how its rows are written (which gives their number), how many symbols have a
    result, of how many, and who has none, by reason. ``error``: why it came to nothing, as far as everyone
    may read it; nothing is written then, and the phase waits for another try."""

    revision: int
    done: int
    total: int
    write: Callable[[AsyncConnection], Awaitable[int]]
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True)
class PhaseReport:
    """What became of a phase: done; skipped, because it was done with the same data; taken, because
    another process works on it; or failed, with ``error``."""

    on: date
    phase: Phase
    state: State
    rows: int = 0
    done: int = 0
    total: int = 0
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    took_s: float = 0.0
    error: str | None = None


Tell = Callable[[int], None]
Work = Callable[[Tell], Awaitable[Measured]]


async def do_phase(
    ws: Workspace, on: date, phase: Phase, work: Work, *, revision: int, total: int, progress: Progress
) -> PhaseReport:
    """Do a phase of a session, unless it is done with the data of ``revision`` or being done.

    ``work`` measures, and tells how many symbols are behind it. What goes wrong is left in the phase's
    row, and raised; ``LeaseLost`` when another process took the phase over meanwhile.
    """
    started = perf_counter()
    claim = await take(ws, on, phase, revision, total)
    if not isinstance(claim, PhaseClaim):
        async with ws.db.read() as conn:
            was = (await phases_on(conn, on))[phase]
        state: State = "skipped" if claim == "done" else "taken"
        return PhaseReport(on, phase, state, 0, was.done, was.total, was.problems)
    done = Counter(phase, total, progress)
    try:
        async with kept_phase(ws, claim, done):
            found = await work(done)
            if found.error is not None:
                async with ws.db.write(content=False) as conn:
                    await fail_phase(conn, claim, error=found.error, at=ws.now())
                took = perf_counter() - started
                return PhaseReport(on, phase, "failed", 0, 0, found.total, found.problems, took, found.error)
            async with ws.db.write() as conn:
                rows = await found.write(conn)
                await end_phase(
                    conn,
                    claim,
                    revision=found.revision,
                    done=found.done,
                    total=found.total,
                    problems=found.problems,
                    at=ws.now(),
                )
    except LeaseLost:
        raise
    except (Exception, asyncio.CancelledError) as error:
        await leave(ws, claim, error)
        raise
    progress(phase, found.total, found.total)
    took = perf_counter() - started
    return PhaseReport(on, phase, "done", rows, found.done, found.total, found.problems, took)


async def take(
    ws: Workspace, on: date, phase: Phase, revision: int, total: int
) -> PhaseClaim | Literal["done", "taken"]:
    """The claim on a phase, or why there is none. A holder on this machine that is dead is not waited for."""
    async with ws.db.write(content=False) as conn:
        holder = await owner_of_phase(conn, on, phase)
        return await claim_phase(
            conn,
            on,
            phase,
            revision=revision,
            total=total,
            owner=f"{socket.gethostname()}:{os.getpid()}"[:80],
            at=ws.now(),
            lease_s=LEASE_S,
            dead=holder if holder is not None and is_dead(holder) else None,
        )


def is_dead(owner: str) -> bool:
    """Whether an owner was a process of this machine that has ended."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


class Counter:
    """How many symbols of a phase are behind it, told to whoever watches."""

    def __init__(self, phase: Phase, total: int, progress: Progress) -> None:
        self.phase, self.total, self.progress, self.done = phase, total, progress, 0
        progress(phase, 0, total)

    def __call__(self, done: int) -> None:
        """Note it; where the work was asked to stop, this raises that."""
        self.done = done
        self.progress(self.phase, done, self.total)


@asynccontextmanager
async def kept_phase(ws: Workspace, claim: PhaseClaim, done: Counter) -> AsyncIterator[None]:
    """Renew the lease and note progress while the work goes on."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(claim.lease_s / 6)
            # a lost lease or a database that is away shows when the phase is to be closed
            with suppress(PacesetterError):
                async with ws.db.write(content=False) as conn:
                    await keep_phase(conn, claim, done.done)

    beat = asyncio.create_task(renew())
    try:
        yield
    finally:
        beat.cancel()
        with suppress(asyncio.CancelledError):
            await beat


def said_of(error: BaseException) -> str:
    """What went wrong, as far as everyone may read it."""
    if isinstance(error, PacesetterError):
        return str(error) if may_be_told(error) else f"{in_short(error)} The log has the rest."
    return f"an unexpected error: {type(error).__name__}"


async def leave(ws: Workspace, claim: PhaseClaim, error: BaseException) -> None:
    """Say in the row why a phase failed, if the database still answers; one that was asked to stop has not
    failed, and is only free again."""
    with suppress(PacesetterError):
        async with ws.db.write(content=False) as conn:
            if isinstance(error, JobStopped | asyncio.CancelledError):
                await free_phase(conn, claim)
            else:
                told = said_of(error)
                await fail_phase(conn, claim, error=told, at=ws.now())
