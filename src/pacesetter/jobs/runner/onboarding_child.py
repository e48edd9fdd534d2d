"""A process of its own that works on the queue of symbols beside a server, as long as there is work."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

from pacesetter.jobs.runner.own_process import begin
from pacesetter.kernel.clock import Clock
from pacesetter.settings import Settings

IDLE_S = 20.0  # so long it waits for more: a next symbol need not wait for a start


def work_apart(settings: Settings, simulated: bool, clock: Clock | None) -> None:
    """Where the process begins. SIGTERM lets it give back what it is in the middle of."""
    begin()
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="%(levelname)s %(message)s")
    logging.getLogger("pacesetter").setLevel(settings.log_level.upper())
    asyncio.run(_work(settings, simulated, clock))


async def _work(settings: Settings, simulated: bool, clock: Clock | None) -> None:
    from pacesetter.jobs.runner.onboarding_worker import work_queue
    from pacesetter.jobs.workspace import open_workspace

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_workspace(settings, clock=clock, simulated=simulated) as ws:
        await work_queue(ws, stop, at_once=max(1, settings.onboarding_at_once), idle_s=IDLE_S)
    if stop.is_set():  # a question to a provider may still be under way in a thread: nobody waits for it
        sys.stderr.flush()
        os._exit(0)
