"""Times, best of several, and lines that state a ratio with its target beside it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


def best_of(n: int, work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Seconds of the fastest of ``n`` runs; ``before`` is not counted."""
    times = []
    for _ in range(n):
        before()
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return min(times)


def report(what: str, ours: float, theirs: float, peer: str, target: str) -> None:
    """One line: both times and their ratio."""
    ratio = theirs / ours if target.startswith("≥") else ours / theirs
    print(f"{what:<46} {ours:8.3f} s   {peer:<34} {theirs:8.3f} s   ratio {ratio:7.2f}   target {target}")
