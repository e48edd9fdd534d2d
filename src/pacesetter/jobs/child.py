"""A process of its own for one job: computing there holds no request up, and its memory is given back."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import threading

from pacesetter.jobs.run_job import Watch, run_job
from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import JobStopped
from pacesetter.settings import Settings
from pacesetter.store.job_runs import Taken

NICENESS = 10  # nine parts in ten of a contended processor go to the server


def do_job(settings: Settings, simulated: bool, job: Taken, clock: Clock | None) -> None:
    """Where the process begins. SIGTERM stops the job at the next point where nothing is half done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process
    give_way()
    threading.Thread(target=end_with_parent, daemon=True).start()
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="%(levelname)s %(message)s")
    logging.getLogger("pacesetter").setLevel(settings.log_level.upper())
    asyncio.run(_do(settings, simulated, job, clock))


async def _do(settings: Settings, simulated: bool, job: Taken, clock: Clock | None) -> None:
    watch = Watch()

    def stop() -> None:
        watch.stop = watch.stop or JobStopped()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
        await run_job(ws, job, watch)


def give_way() -> None:
    """Compute only with what answering leaves of the processors: a reader waits, a job does not mind."""
    os.nice(NICENESS)


def end_with_parent() -> None:
    """Leave at once when the parent is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
