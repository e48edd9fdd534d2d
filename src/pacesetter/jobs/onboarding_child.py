"""A process of its own that works on the queue of symbols beside a server, as long as there is work."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading

from pacesetter.jobs.child import end_with_parent, give_way
from pacesetter.jobs.onboarding_worker import work_queue
from pacesetter.jobs.run_job import owner_of
from pacesetter.jobs.workspace import Workspace, open_workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import PacesetterError
from pacesetter.settings import Settings
from pacesetter.store.onboarding import free_jobs, waits_for_work

IDLE_S = 20.0  # so long it waits for more: a next symbol need not wait for a start

log = logging.getLogger("pacesetter.onboarding")


def work_apart(settings: Settings, simulated: bool, clock: Clock | None) -> None:
    """Where the process begins. SIGTERM lets it give back what it is in the middle of."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process
    give_way()
    threading.Thread(target=end_with_parent, daemon=True).start()
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="%(levelname)s %(message)s")
    logging.getLogger("pacesetter").setLevel(settings.log_level.upper())
    asyncio.run(_work(settings, simulated, clock))


async def _work(settings: Settings, simulated: bool, clock: Clock | None) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
        await work_queue(ws, stop, at_once=max(1, settings.onboarding_at_once), idle_s=IDLE_S)
    if stop.is_set():  # a question to a provider may still be under way in a thread: nobody waits for it
        sys.stderr.flush()
        os._exit(0)


async def there_is_work(ws: Workspace) -> bool:
    """Whether a symbol waits for a worker."""
    async with ws.db.read() as conn:
        return await waits_for_work(conn)


async def free_what_it_held(ws: Workspace, pid: int, *, blamed: bool) -> None:
    """Let others take at once what a process held that is known to be dead."""
    try:
        async with ws.db.write(content=False) as conn:
            await free_jobs(conn, owner_of(pid), blamed=blamed)
    except PacesetterError as error:  # the leases run out by themselves
        log.warning("the symbols of a dead process wait for their leases: %s", error)
