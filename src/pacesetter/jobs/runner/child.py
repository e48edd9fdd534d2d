"""A process of its own for one job: computing there holds no request up, and its memory is given back."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from pacesetter.jobs.runner.own_process import begin
from pacesetter.kernel.clock import Clock
from pacesetter.kernel.errors import JobStopped
from pacesetter.settings import Settings
from pacesetter.store.work.job_runs import Taken


def do_job(settings: Settings, simulated: bool, job: Taken, clock: Clock | None) -> None:
    """Where the process begins. SIGTERM stops the job at the next point where nothing is half done."""
    begin()
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="%(levelname)s %(message)s")
    logging.getLogger("pacesetter").setLevel(settings.log_level.upper())
    asyncio.run(_do(settings, simulated, job, clock))


async def _do(settings: Settings, simulated: bool, job: Taken, clock: Clock | None) -> None:
    from pacesetter.jobs.runner.run_job import Watch, run_job
    from pacesetter.jobs.workspace import open_workspace

    watch = Watch()

    def stop() -> None:
        watch.stop = watch.stop or JobStopped()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
        await run_job(ws, job, watch)
