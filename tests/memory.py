"""Temporary folders of a test run in memory: a PostgreSQL database is made there in a quarter of the time,
and a run makes hundreds. What the tests kill are processes, so nothing depends on what reaches a disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
PREFIX = "pacesetter-tests-"
ENOUGH = 8 << 30  # bytes that are free; a run takes less than half
ON_DISK = os.environ.get("PACESETTER_TEST_DISK", tempfile.gettempdir())


def take_folder() -> Path | None:
    """A folder for this process and its children; None where TMPDIR names another, or memory is short."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    for left in MEMORY.glob(f"{PREFIX}*"):  # by a run that was killed
        if not Path("/proc", left.name.removeprefix(PREFIX)).exists():
            shutil.rmtree(left, ignore_errors=True)
    if min(shutil.disk_usage(MEMORY).free, available()) < ENOUGH:
        return None
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o755)  # PostgreSQL may run as another user
    os.environ["PACESETTER_TEST_DISK"] = ON_DISK  # the workers of this run are told both
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def available() -> int:
    """Bytes of memory that can be had without swapping."""
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
