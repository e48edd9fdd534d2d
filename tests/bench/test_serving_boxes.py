"""Boxes under load, beside the boards of stocks: leaderboard, one box and its series, kept and not kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from pacesetter.jobs.workspace import open_workspace
from pacesetter.kernel.ids import new_id
from pacesetter.settings import Settings
from tests.bench.many_boxes import BOXES, LAST, import_many_boxes
from tests.bench.serving import MISS_S, Table, compare_with_bare, load, row_of, serving, verdict
from tests.bench.test_store import execute

pytestmark = [pytest.mark.bench, pytest.mark.serving, pytest.mark.timeout(900)]

BOX = "/api/v1/boxes/BOX-MX007"
CASES = {
    "boxes, top 10": "/api/v1/boxes?limit=10",
    "boxes, top 50": "/api/v1/boxes?limit=50",
    "boxes, top 50 by liquidity": "/api/v1/boxes?limit=50&sort=liquidity_score",
    "a box in full": BOX,
    "series of a box, 30 days": f"{BOX}/series?measure=floor_price_usd,rank&from={LAST - timedelta(days=29)}",
}
Home = tuple[Path, str | None]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A real home with many boxes, on each engine."""
    folder, url = tmp_path_factory.mktemp("boxes") / "home", None
    if request.param == "postgresql":
        server, name = request.getfixturevalue("postgres_url"), f"boxes_{new_id().hex}"
        asyncio.run(execute(server, f"CREATE DATABASE {name}"))
        url = server.rsplit("/", 1)[0] + f"/{name}"
    settings = Settings(home=folder, database_url=url, source="none", _env_file=None)  # type: ignore[call-arg]

    async def fill() -> None:
        async with open_workspace(settings, simulated=False) as ws:
            await import_many_boxes(ws)

    asyncio.run(fill())
    return folder, url


def test_boxes_from_bytes_against_a_bare_function(table: Table, home: Home, tmp_path: Path) -> None:
    engine = "SQLite" if home[1] is None else "PostgreSQL"
    with serving(home[0], database_url=home[1]) as address:
        for case, path in CASES.items():
            compare_with_bare(table, address, f"{case} (of {BOXES})", path, engine, tmp_path)


def test_boxes_without_the_cache(table: Table, home: Home) -> None:
    engine = "SQLite" if home[1] is None else "PostgreSQL"
    with serving(home[0], database_url=home[1], PACESETTER_CACHE_MB="0") as address:
        for case, path in CASES.items():
            for connections in (1, 16):
                told = load(address, [path], MISS_S, connections=connections)
                target = f"p99 {verdict(told.p99, 25)}" if connections == 1 else "–"
                many = f"{connections} connection{'s' * (connections > 1)}"
                table.add(f"{case} (of {BOXES}), not cached, {many}, {engine}", *row_of(told), "–", target)
