"""A job's process that stays in the middle of a backfill until it is told to stop.

For tests of what happens then: how quick the machine is decides nothing.
"""

from __future__ import annotations

import time
from typing import Any

from pacesetter.jobs.backfill import backfill_ranks
from pacesetter.jobs.runner import run_job
from pacesetter.jobs.runner.child import do_job
from pacesetter.kernel.clock import Clock
from pacesetter.settings import Settings
from pacesetter.store.work.job_runs import Taken

CHUNK, HELD_AT = 20, 40  # dates: a transaction, and published when it is held


def do_held_job(settings: Settings, simulated: bool, job: Taken, clock: Clock | None) -> None:
    """Where the process begins, in place of ``do_job``."""
    watches: list[run_job.Watch] = []
    assemble = backfill_ranks.assemble

    class Seen(run_job.Watch):
        def __init__(self) -> None:
            super().__init__()
            watches.append(self)

    def hold(*given: Any) -> Any:
        (watch,) = watches
        while watch.latest is not None and watch.latest[1] == HELD_AT and watch.stop is None:
            time.sleep(0.02)  # in a thread of its own; a process whose server is gone ends by itself
        return assemble(*given)

    backfill_ranks.CHUNK = CHUNK
    backfill_ranks.assemble = hold
    run_job.Watch = Seen
    do_job(settings, simulated, job, clock)
