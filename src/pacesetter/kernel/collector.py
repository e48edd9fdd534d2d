"""The collector of cyclic garbage, told that what a process loads stays with it."""

from __future__ import annotations

import atexit
import gc


def spare_what_is_loaded() -> None:
    """Look for cyclic garbage seldom, and not at all at the end: for processes that are ours alone.

    Loading makes hundreds of thousands of objects that stay. With the usual thresholds (700, 10, 10) the
    collector goes through them again and again meanwhile, and once more at the end, which is a third
    of a short command's time. What is not in cycles is freed at once, as ever.
    """
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
