"""How many requests were answered, and how long that took: by route, never by person."""

from __future__ import annotations

from bisect import bisect_left

BOUNDS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Tally:
    """The requests of one route, method and status. A plain count: one event loop writes it."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.seconds = 0.0

    def note(self, seconds: float) -> None:
        """Count one request."""
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.seconds += seconds


class Traffic:
    """All tallies of a process."""

    def __init__(self) -> None:
        self.tallies: dict[tuple[str, str, int], Tally] = {}

    def note(self, template: str, method: str, status: int, seconds: float) -> None:
        """Count one request under its route's template."""
        key = (template, method if method in METHODS else "(other)", status)
        tally = self.tallies.get(key)
        if tally is None:
            tally = self.tallies[key] = Tally()
        tally.note(seconds)
