"""Fixtures: both databases with the schema that the migrations build, real data, a printed seed."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from functools import cache, lru_cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import numpy as np
import pytest

from pacesetter.jobs import workspace
from pacesetter.kernel.clock import SystemClock
from pacesetter.providers.simulated import Made, Simulated
from pacesetter.settings import Settings
from pacesetter.store.bars.segments import give_identity
from pacesetter.store.database.backup import upgrade_with_backup
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.schema import upgrade
from tests.memory import take_folder
from tests.order import deal, workers
from tests.servers import copied_from, start_postgres

ROOT = Path(__file__).parents[1]

# how long an example takes says nothing here: the first one compiles, and machines are shared
hypothesis.settings.register_profile("pacesetter", deadline=None)
hypothesis.settings.load_profile("pacesetter")


def pytest_configure(config: pytest.Config) -> None:
    """Temporary folders in memory; what is measured against others stays on the disk."""
    if config.option.markexpr not in ("bench", "serving") and (folder := take_folder()):
        # behind multiprocessing's own clearing up (-100), which looks into it
        Finalize(None, shutil.rmtree, (folder, True), exitpriority=-200)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long begins first."""
    items[:] = [items[place] for place in deal([item.nodeid for item in items], workers())]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: without looking through it for garbage again and again, tests with a
    database take a sixth less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real market data, read in place; the tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("PACESETTER_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "prices").is_dir():
        pytest.skip(f"no real data at {folder}: set PACESETTER_TEST_DATA")
    return folder


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A seed that is printed with a failure; PACESETTER_TEST_SEED repeats it."""
    value = int(os.environ.get("PACESETTER_TEST_SEED", random.SystemRandom().randrange(2**32)))
    print(f"PACESETTER_TEST_SEED={value}  # {request.node.nodeid}")
    return value


@pytest.fixture
def rng(seed: int) -> np.random.Generator:
    """Random numbers of the printed seed."""
    return np.random.default_rng(seed)


@pytest.fixture(scope="session")
def full_counts() -> bool:
    """Whether the full counts are asked for (``make full``)."""
    return os.environ.get("PACESETTER_TEST_COUNTS") == "full"


_make_series = Simulated._make
_market = cache(Simulated)  # by its seed


@lru_cache(maxsize=1500)  # of 100 kB each
def _made_once(seed: int, symbol: str, sessions: bytes) -> Made:
    return _make_series(_market(seed), symbol, np.frombuffer(sessions, np.int32))


@pytest.fixture(autouse=True)
def remembered_market(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated series is a pure function, and making it takes longer than ranking with it: each is made
    once in this process. The tests of the provider itself have it made every time."""
    monkeypatch.setattr(
        Simulated,
        "_make",
        lambda self, symbol, sessions: _made_once(self._seed, symbol, sessions.tobytes()),
    )


@pytest.fixture(scope="session")
def made_homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A migrated and seeded SQLite file with no data in it, by its name: of real and of simulated data."""
    home = Home(tmp_path_factory.mktemp("made-homes"))
    run(_make_home(home, home.real_db, simulated=False))
    run(_make_home(home, home.simulated_db, simulated=True))
    return {path.name: path for path in (home.real_db, home.simulated_db)}


async def _make_home(home: Home, path: Path, *, simulated: bool) -> None:
    settings = Settings(home=home.root, source="none", _env_file=None)  # type: ignore[call-arg]
    db = Database(f"sqlite:///{path}")
    await upgrade(db)
    await workspace.seed(workspace.Workspace(settings, home, db, SystemClock(), simulated))
    await db.close()


@pytest.fixture(autouse=True)
def copied_homes(monkeypatch: pytest.MonkeyPatch, made_homes: dict[str, Path]) -> None:
    """A new home's SQLite file is a copy of one that this process has made: running every migration for each
    of hundreds of homes takes longer than most tests do. What is there already is upgraded as ever; the
    migrations have tests of their own, and a start in another process runs them."""

    async def upgrade_copy(db: Database, home: Home, at: datetime) -> Path | None:
        path = db.path
        if path is not None and path in (home.real_db, home.simulated_db) and not path.exists():
            whole = path.with_suffix(f".{uuid4().hex}")
            shutil.copyfile(made_homes[path.name], whole)
            with closing(sqlite3.connect(whole)) as connection:  # each database has an identity of its own
                own = "UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'database_id'"
                assert connection.execute(own).rowcount == 1
                connection.commit()
            with suppress(FileExistsError):  # another opened the same home meanwhile
                os.link(whole, path)
            whole.unlink()
        return await upgrade_with_backup(db, home, at)

    monkeypatch.setattr(workspace, "upgrade_with_backup", upgrade_copy)


def run(work: Awaitable[Any]) -> Any:
    """Run a coroutine to its end."""

    async def main() -> Any:
        return await work

    return asyncio.run(main())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server of this test process's own."""
    with start_postgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated, empty PostgreSQL database to copy."""
    run(_execute(postgres_url, "CREATE DATABASE template_pacesetter"))
    run(_migrate(postgres_url.rsplit("/", 1)[0] + "/template_pacesetter"))
    return "template_pacesetter"


async def _migrate(url: str) -> None:
    db = Database(url)
    await upgrade(db)
    async with db.write() as conn:
        await give_identity(conn)
    await db.close()


async def _execute(url: str, sql: str) -> None:
    import asyncpg

    conn = await asyncpg.connect(url)
    try:
        await conn.execute(sql)
    finally:
        await conn.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "pacesetter.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template")
    name = f"t{random.SystemRandom().randrange(10**12)}"
    run(_execute(server, f"CREATE DATABASE {name} {copied_from(template)}"))
    yield server.rsplit("/", 1)[0] + f"/{name}"
    run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def with_database(database_url: str) -> Callable[[Callable[[Database], Awaitable[Any]]], Any]:
    """Run an async function with the opened fresh database, and close it."""

    def call(work: Callable[[Database], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            db = Database(database_url)
            try:
                return await work(db)
            finally:
                await db.close()

        return asyncio.run(main())

    return call
