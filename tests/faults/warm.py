"""What every child process would otherwise load for itself, loaded once in the process they are forked from:
the calendar (and pandas with it) takes longer than the work that is to be struck.

No Polars query here: the threads that answer it would be missing in a child.
"""

from __future__ import annotations

import gc

from pacesetter.market.calendar import load_hours

load_hours("XNYS")
gc.freeze()  # nor does a child look through all of it for garbage
