"""What several benchmarks write into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.architecture.tree import ROOT
from tests.bench.serving import Table, need_generator


@pytest.fixture(scope="session")
def table() -> Iterator[Table]:
    """One table of servers under load for the whole run."""
    need_generator()
    table = Table(("what", "requests/s", "p50", "p99", "of bare", "target"))
    yield table
    table.write(ROOT / "build" / "bench-serving.md")
