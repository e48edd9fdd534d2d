"""Prices of random walks for every test here, and for none elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.world import walking


@pytest.fixture(autouse=True)
def random_walks() -> Iterator[None]:
    with walking():
        yield
