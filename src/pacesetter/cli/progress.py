"""Progress of long work on stderr: a moving bar on a terminal, a line a stage elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from pacesetter.cli.options import Options
from pacesetter.cli.output import make_console, say

Report = Callable[[str, int, int], None]


@contextmanager
def watch(options: Options, title: str) -> Iterator[Report]:
    """A function to report (stage, done, total) to, while the work is going on."""
    if options.quiet:
        yield lambda stage, done, total: None
    elif sys.stderr.isatty():
        with watch_terminal(options, title) as report:
            yield report
    else:
        yield print_stages(options, title)


@contextmanager
def watch_terminal(options: Options, title: str) -> Iterator[Report]:
    """A bar with the stage and the time; it is gone when the work is done."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=make_console(options, stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def report(stage: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title}: {stage}", completed=done, total=total or None)

        yield report


def print_stages(options: Options, title: str) -> Report:
    """One line for each stage as it begins, and at most one every five seconds within it."""
    last_stage, last_at = "", 0.0

    def report(stage: str, done: int, total: int) -> None:
        nonlocal last_stage, last_at
        if stage == last_stage and monotonic() - last_at < 5:
            return
        last_stage, last_at = stage, monotonic()
        say(options, f"{title}: {stage} ({done}/{total})")

    return report
