"""A served home of each test's own, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api_fuzz.serving import Serving, started
from tests.conftest import _execute, run
from tests.homes import make_simulated_home


@pytest.fixture(params=["sqlite", "postgresql"])
def serving(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serving]:
    """A ranked simulated home of this test's own, served."""
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        run(_execute(server, "CREATE DATABASE api_fuzz"))
        url = server.rsplit("/", 1)[0] + "/api_fuzz"
    settings = make_simulated_home(tmp_path, url)
    without_limits = settings.model_copy(update={"reads_per_minute": 0, "writes_per_minute": 0})
    with started(without_limits) as running:
        yield running
    if url is not None:
        run(_execute(server, "DROP DATABASE api_fuzz WITH (FORCE)"))
