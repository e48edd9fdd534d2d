"""Backups: what was there comes back, what is replaced is kept, and a bad file touches nothing."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from pacesetter.kernel.errors import BadFile, SchemaMismatch, StoreError
from pacesetter.store.database.backup import back_up, restore, upgrade_with_backup
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.database.schema import current, downgrade, head, script_directory
from tests.store.boards.published import AT, D, House
from tests.store.made import NOW, add_symbols, some_bars, write


async def everything(db: Database) -> dict[str, list[Any]]:
    """All rows of all tables, in one order."""
    async with db.read() as conn:
        found = MetaData()
        await conn.run_sync(found.reflect)
        return {t.name: sorted(map(repr, await conn.execute(select(t)))) for t in found.sorted_tables}


async def fill(db: Database) -> None:
    async with db.write() as conn:
        house = await House().build(conn)
        await house.claim(conn)
        await write(conn, some_bars("AAA", D[0], [10.0, 11.0]))


def test_what_was_there_comes_back_and_what_it_replaced_is_kept(with_database, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    async def work(db: Database) -> None:
        await fill(db)
        before = await everything(db)
        saved = await back_up(db, home, AT)
        async with db.write() as conn:
            await add_symbols(conn, ["LATER"])
            await write(conn, some_bars("AAA", D[0], [12.0]))
        after = await everything(db)
        kept = await restore(db, home, saved, NOW)
        assert await everything(db) == before
        assert kept is not None and kept != saved
        async with db.write() as conn:  # numbering goes on behind what came back
            numbers = [await new_revision(conn, "fetch", NOW) for _ in range(2)]
        assert numbers[1] == numbers[0] + 1 > 1
        await restore(db, home, kept, NOW.replace(hour=13))
        assert await everything(db) == after

    with_database(work)


def test_a_backup_made_before_an_upgrade_comes_back(with_database, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = [script.revision for script in script_directory().walk_revisions()][-1]

    async def work(db: Database) -> None:
        await downgrade(db, first)
        before = await everything(db)
        saved = await upgrade_with_backup(db, home, AT)
        assert saved is not None
        assert await current(db) == head()
        await fill(db)
        await restore(db, home, saved, NOW)
        assert await current(db) == first
        assert await everything(db) == before

    with_database(work)


def test_an_empty_database_takes_a_backup(database_url: str, postgres_url: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    if database_url.startswith("sqlite"):
        target = f"sqlite:///{tmp_path}/elsewhere.db"
    else:
        from tests.conftest import _execute, run

        run(_execute(postgres_url, "CREATE DATABASE elsewhere"))
        target = postgres_url.rsplit("/", 1)[0] + "/elsewhere"

    async def work() -> None:
        db, other = Database(database_url), Database(target)
        try:
            await fill(db)
            assert await restore(other, home, await back_up(db, home, AT), NOW) is None
            assert await everything(other) == await everything(db)
        finally:
            await db.close()
            await other.close()

    asyncio.run(work())


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def turn(path: Path) -> None:
    """Bits turned at the start of SQLite's second page, or in the first table of a dump."""
    data = bytearray(path.read_bytes())
    start = min(4096, len(data) // 2)
    data[start : start + 2000] = bytes(b ^ 0x5A for b in data[start : start + 2000])
    path.write_bytes(bytes(data))


def other_kind(path: Path) -> None:
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "[]")


def other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")


@pytest.mark.parametrize("harm", [cut, turn, other_kind, other_database, Path.unlink])
def test_a_bad_backup_is_refused_and_touches_nothing(
    harm: Callable[[Path], None], with_database, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")

    async def work(db: Database) -> None:
        await fill(db)
        saved = await back_up(db, home, AT)
        before = await everything(db)
        harm(saved)
        with pytest.raises(BadFile) as refused:
            await restore(db, home, saved, NOW)
        assert str(saved) in str(refused.value)
        assert await everything(db) == before
        assert [p for p in home.backups.iterdir() if p != saved] == []

    with_database(work)


def test_a_backup_of_a_newer_version_is_refused(with_database, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    async def work(db: Database) -> None:
        async with db.write() as conn:
            await conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        saved = await back_up(db, home, AT)
        async with db.write() as conn:
            await conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{head()}'")
        with pytest.raises(SchemaMismatch, match="9999"):
            await restore(db, home, saved, NOW)
        assert await current(db) == head()

    with_database(work)


def hold_open(path: str, ready: Any, done: Any) -> None:
    connection = sqlite3.connect(path)
    connection.execute("SELECT count(*) FROM symbol_universe").fetchone()
    ready.set()
    done.wait(240)


def test_a_file_that_another_process_has_open_is_not_replaced(sqlite_template: Path, tmp_path: Path) -> None:
    home, path = Home(tmp_path / "home"), tmp_path / "pacesetter.db"
    path.write_bytes(sqlite_template.read_bytes())
    processes = multiprocessing.get_context("spawn")
    ready, done = processes.Event(), processes.Event()
    holder = processes.Process(target=hold_open, args=(str(path), ready, done))

    async def work() -> None:
        db = Database(f"sqlite:///{path}")
        await fill(db)
        saved = await back_up(db, home, AT)
        await db.close()
        holder.start()
        assert await asyncio.to_thread(ready.wait, 240)
        before = path.read_bytes()
        with pytest.raises(StoreError, match="another process"):
            await restore(db, home, saved, NOW)
        assert path.read_bytes() == before
        done.set()
        holder.join(240)
        await restore(db, home, saved, NOW)
        await db.close()

    asyncio.run(work())


def test_a_broken_database_is_kept_as_it_is_when_a_backup_replaces_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    home, path = Home(tmp_path / "home"), tmp_path / "pacesetter.db"
    path.write_bytes(sqlite_template.read_bytes())

    async def work() -> None:
        db = Database(f"sqlite:///{path}")
        saved = await back_up(db, home, AT)
        await db.close()
        path.write_bytes(b"no database at all" * 1000)
        kept = await restore(db, home, saved, NOW)
        assert kept is not None and kept.read_bytes() == b"no database at all" * 1000
        assert await current(db) == head()
        await db.close()

    asyncio.run(work())
