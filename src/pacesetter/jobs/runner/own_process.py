"""How every process beside the server begins. It loads little: the work itself is loaded after that."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from pacesetter.kernel.collector import spare_what_is_loaded

NICENESS = 10  # nine parts in ten of a contended processor go to the server


def begin() -> None:
    """Leave Ctrl-C and the processors to the server, and end with it."""
    spare_what_is_loaded()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this process
    os.nice(NICENESS)  # a reader waits, a job does not mind
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave at once when the parent is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
