"""How every loop here is compiled."""

from __future__ import annotations

from numba import njit

# Kept on disk, free of Python's lock, and dividing by zero like NumPy: a loop that may raise
# is not vectorised. No fast-math: sums keep their order.
compiled = njit(cache=True, nogil=True, error_model="numpy")
