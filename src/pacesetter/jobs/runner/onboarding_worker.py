"""A worker of the queue: takes symbol after symbol, and brings each in.

A failure that may pass is tried again after a while, three times in all. Without a provider to ask, only
what has stored prices is taken: the rest waits, and says so. A worker that has to stop gives
its symbols back; one that dies loses them when their leases run out.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from pacesetter.jobs.bars.choose_provider import asks_nobody, choose_providers
from pacesetter.jobs.onboarding.failure import Failure, of_error
from pacesetter.jobs.onboarding.onboard_symbol import give_up, onboard_symbol, unmade
from pacesetter.jobs.runner.run_job import owner_of
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import DatabaseUnreachable, LeaseLost, PacesetterError
from pacesetter.providers.base import Provider
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols.onboarding import Taken
from pacesetter.store.symbols.onboarding_list import find_jobs
from pacesetter.store.symbols.onboarding_waits import MEND, NO_SOURCE, SAID, any_unsaid, say_waiting

LEASE_S, RENEW_S = 60.0, 15.0
LOOK_EVERY_S = 0.5  # for symbols that others asked for, or gave back
MOST_TRIES = 3
BACK_OFF_S = (5.0, 30.0)  # after the first and the second try
AWAY = "database"  # the cause that says nothing against a symbol
TRIES, AGAIN_S = 10, 2.0  # of writing the end while the database is away

log = logging.getLogger("pacesetter.onboarding")

Chain = list[Provider] | Failure
Work = Callable[[Workspace, Taken, Chain], Awaitable[Failure | None]]


@dataclass
class Worked:
    """What a worker has done: symbols by how they ended."""

    completed: int = 0
    failed: int = 0
    put_off: int = 0
    lost: int = 0


async def work_queue(
    ws: Workspace,
    stop: asyncio.Event,
    *,
    at_once: int = 1,
    only: Collection[UUID] | None = None,
    idle_s: float | None = None,
    work: Work = onboard_symbol,
) -> Worked:
    """Take jobs until ``stop`` is set; with ``only``, until all of these have ended, whoever worked on them;
    with ``idle_s``, until there was nothing to take for so long. ``at_once``: so many side by side."""
    done, chain = Worked(), providers_of(ws)
    await asyncio.gather(*(_take_turns(ws, stop, chain, done, only, idle_s, work) for _ in range(at_once)))
    return done


def providers_of(ws: Workspace) -> Chain:
    """The providers, made once: each has its own pace and its own breaker."""
    try:
        return choose_providers(ws)
    except PacesetterError as error:
        return unmade(error)


async def _take_turns(
    ws: Workspace,
    stop: asyncio.Event,
    chain: Chain,
    done: Worked,
    only: Collection[UUID] | None,
    idle_s: float | None,
    work: Work,
) -> None:
    idle_since = monotonic()
    while not stop.is_set():
        try:
            job = await take_next(ws, only, fetching=chain != [])
            if job is not None:
                await _see_through(ws, stop, chain, done, job, work)
                idle_since = monotonic()
                continue
            if only is not None and not await _any_active(ws, only, fetching=chain != []):
                return
        except DatabaseUnreachable as error:
            log.warning("the queue cannot be looked at: %s", error)
        if idle_s is not None and monotonic() - idle_since >= idle_s:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)


async def take_next(
    ws: Workspace, only: Collection[UUID] | None = None, *, fetching: bool = True
) -> Taken | None:
    """Take the next job, if there is one; without a provider to ask (not ``fetching``), one whose prices are
    stored: all others say that they wait."""
    if not fetching:
        await say_who_waits(ws)
    async with ws.db.read() as conn:
        if not await queue.waits_for_work(conn, only, fetching=fetching):
            return None
    async with ws.db.write(content=False) as conn:
        owner = owner_of(os.getpid())
        return await queue.take_next(
            conn, owner=owner, lease_s=LEASE_S, at=ws.now(), only=only, fetching=fetching
        )


async def say_who_waits(ws: Workspace) -> None:
    """Say once of every symbol that needs a source of prices that nobody begins it, and in the log."""
    async with ws.db.read() as conn:
        if not await any_unsaid(conn):
            return
    async with ws.db.write(content=False) as conn:
        names = await say_waiting(conn)
    if names:
        log.warning("%s: %s — %s", ", ".join(names)[:200], SAID, MEND)


async def _any_active(ws: Workspace, only: Collection[UUID], *, fetching: bool) -> bool:
    async with ws.db.read() as conn:
        rows = (await find_jobs(conn, only)).values()
    left = [row for row in rows if row.shown in ("pending", "processing")]
    return any(fetching or row.status != "pending" or row.cause != NO_SOURCE for row in left)


async def _see_through(
    ws: Workspace, stop: asyncio.Event, chain: Chain, done: Worked, job: Taken, work: Work
) -> None:
    """Work on a job to its end, or to where the worker has to stop; what goes wrong is written."""
    working = asyncio.ensure_future(work(ws, job, chain))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        async with kept_lease(ws, job, working):
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await _give_back(ws, job, working)
            return
        await _settle(ws, job, working, done)
    except asyncio.CancelledError:  # Ctrl-C
        await asyncio.shield(_give_back(ws, job, working))
        raise
    finally:
        stopping.cancel()


async def _give_back(ws: Workspace, job: Taken, working: asyncio.Future[Failure | None]) -> None:
    working.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await working
    with suppress(LeaseLost, DatabaseUnreachable):  # else the lease runs out
        async with ws.db.write(content=False) as conn:
            await queue.give_back(conn, job)


async def _settle(ws: Workspace, job: Taken, working: asyncio.Future[Failure | None], done: Worked) -> None:
    """Write how it ended; a database that is away for a moment is waited for."""
    try:
        failure = working.result()
    except (LeaseLost, asyncio.CancelledError):
        done.lost += 1
        return
    except DatabaseUnreachable as error:
        failure = Failure(AWAY, "the database was away", "nothing to do: it is tried again")
        log.warning("%s: %s", job.symbol, error)
    except Exception as error:
        log.exception("%s could not be brought in", job.symbol)
        failure = of_error(error)
    for left in reversed(range(TRIES)):
        try:
            return await _write_end(ws, job, failure, done)
        except LeaseLost:
            done.lost += 1
            return
        except DatabaseUnreachable:
            if not left:
                raise
            await asyncio.sleep(AGAIN_S)


async def _write_end(ws: Workspace, job: Taken, failure: Failure | None, done: Worked) -> None:
    if failure is None:
        async with ws.db.write(content=False) as conn:
            await queue.complete(conn, job, at=ws.now())
        done.completed += 1
    elif failure.cause == AWAY or (failure.may_pass and job.attempts < MOST_TRIES):
        wait_s = max(failure.wait_s, BACK_OFF_S[min(job.attempts, len(BACK_OFF_S)) - 1])
        async with ws.db.write(content=False) as conn:
            await queue.try_later(conn, job, cause=failure.cause, said=failure.said, wait_s=wait_s)
        done.put_off += 1
    else:
        await give_up(ws, job, failure)
        done.failed += 1
    log.info("%s: %s", job.symbol, "completed" if failure is None else failure.cause)


@asynccontextmanager
async def kept_lease(
    ws: Workspace, job: Taken, working: asyncio.Future[Failure | None]
) -> AsyncIterator[None]:
    """Renew the lease while the work goes on; where it was lost, the work stops."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                async with ws.db.write(content=False) as conn:
                    await queue.renew(conn, job)
            except LeaseLost:
                working.cancel()
                return
            except Exception as error:  # the database is away or busy: the work itself finds out
                log.warning("%s: its lease could not be renewed: %s", job.symbol, error)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


async def there_is_work(ws: Workspace) -> bool:
    """Whether a symbol waits for a worker; where no provider is to be asked, one whose prices are stored."""
    fetching = not asks_nobody(ws)
    if not fetching:
        await say_who_waits(ws)
    async with ws.db.read() as conn:
        return await queue.waits_for_work(conn, fetching=fetching)


async def free_what_it_held(ws: Workspace, pid: int, *, blamed: bool) -> None:
    """Let others take at once what a process held that is known to be dead."""
    try:
        async with ws.db.write(content=False) as conn:
            await queue.free_jobs(conn, owner_of(pid), blamed=blamed)
    except PacesetterError as error:  # the leases run out by themselves
        log.warning("the symbols of a dead process wait for their leases: %s", error)
