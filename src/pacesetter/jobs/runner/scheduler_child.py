"""A process of its own for the scheduler: computing there holds no request up."""

from __future__ import annotations

import sys

import structlog

from pacesetter.jobs.runner.own_process import begin
from pacesetter.settings import Settings


def propose_ticks(settings: Settings, simulated: bool) -> None:
    """Where the process begins; it ends with its parent."""
    begin()
    from pacesetter.jobs.runner.scheduler import run_scheduler

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S"),
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    run_scheduler(settings, simulated)
