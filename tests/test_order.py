"""The order of a run that several processes share."""

from __future__ import annotations

import pytest

from tests.order import LONG, deal


def made(short: int) -> list[str]:
    long = [f"{folder}test_{name}.py::test_{i}" for folder in LONG for name in "ab" for i in range(2)]
    return [*(f"tests/agents/test_x.py::test_{i}" for i in range(short)), *long]


@pytest.mark.parametrize("shares", [2, 3, 5])
@pytest.mark.parametrize("short", [0, 7, 100])
def test_every_test_has_one_place(shares: int, short: int) -> None:
    nodes = made(short)
    assert sorted(deal(nodes, shares)) == list(range(len(nodes)))


def test_each_part_begins_with_whole_files_of_what_is_long() -> None:
    nodes = made(80)
    order = [nodes[place] for place in deal(nodes, 3)]
    parts = [order[:32], order[32:64], order[64:]]
    long = [[node for node in part if node.startswith(LONG)] for part in parts]
    assert [len(one) for one in long] == [6, 6, 4]
    assert all(part[: len(begins)] == begins for part, begins in zip(parts, long, strict=True))
    files = [{node.partition("::")[0] for node in one} for one in long]
    assert sum(map(len, files)) == len(set.union(*files)) == 8


def test_alone_nothing_is_moved() -> None:
    assert deal(made(5), 1) == list(range(21))
