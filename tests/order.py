"""The order of a run that several processes share: each begins with some of what takes minutes.

pytest-xdist cuts the list into as many parts of equal length, and whoever is done takes over half of what
another has left. What is long must not come last, when nobody can share it any more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

LONG = ("tests/api_fuzz/", "tests/e2e/", "tests/faults/", "tests/frontend/")

T = TypeVar("T")


def workers() -> int:
    """How many processes share the run; 1 where none do."""
    return int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def deal(nodes: Sequence[str], shares: int) -> list[int]:
    """The places of ``nodes`` (ids of tests) in an order whose ``shares`` equal parts each begin with some
    files of ``LONG``; all else stays as it was. Every process finds the same order."""
    if shares < 2:
        return list(range(len(nodes)))
    files = list(dict.fromkeys(_file(node) for node in nodes if node.startswith(LONG)))
    turn = {file: place % shares for place, file in enumerate(files)}
    first: list[list[int]] = [[] for _ in range(shares)]
    rest: list[int] = []
    for place, node in enumerate(nodes):
        (first[turn[_file(node)]] if node.startswith(LONG) else rest).append(place)
    order: list[int] = []
    for share, begins in enumerate(first):
        end = (len(nodes) - len(order)) // (shares - share) + len(order)
        order += begins
        take = max(end - len(order), 0)
        order += rest[:take]
        rest = rest[take:]
    return order + rest


def _file(node: str) -> str:
    return node.partition("::")[0]
