"""A database that is away, full or wrongly addressed is said so; our own errors pass unchanged."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pacesetter.kernel.errors import ConfigError, DatabaseUnreachable, StoreError
from pacesetter.store.database.engine import Database, parse_url
from tests.store.made import add_symbols


def opened(url: str, sql: str = "SELECT 1") -> Any:
    async def work() -> Any:
        db = Database(url)
        try:
            async with db.write() as conn:
                return await conn.scalar(text(sql))
        finally:
            await db.close()

    return asyncio.run(work())


def test_nobody_listens_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but it does not listen
        with pytest.raises(DatabaseUnreachable) as told:
            opened(f"postgresql://pace@127.0.0.1:{taken.getsockname()[1]}/none")
    assert "127.0.0.1" in str(told.value)


def test_a_database_that_the_server_does_not_have(postgres_url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="does not exist"):
        opened(postgres_url.rsplit("/", 1)[0] + "/not_there")


@pytest.mark.parametrize("content", [b"no database" * 500, None])
def test_a_file_that_is_no_database(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "wrong.db"
    path.write_bytes(content) if content else path.mkdir()
    with pytest.raises(DatabaseUnreachable) as told:
        opened(f"sqlite:///{path}", "CREATE TABLE a (b)")
    assert str(path) in str(told.value)


def test_a_full_disk_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    async def work() -> None:
        db = Database(f"sqlite:///{tmp_path}/small.db")
        async with db.write(content=False) as conn:
            await conn.exec_driver_sql("CREATE TABLE notes (line TEXT)")

        async def fill() -> None:
            async with db.write(content=False) as conn:
                await conn.exec_driver_sql("PRAGMA max_page_count = 4")
                await conn.exec_driver_sql("INSERT INTO notes VALUES (hex(zeroblob(100000)))")

        with pytest.raises(StoreError, match="full"):
            await fill()
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM notes")) == 0
        await db.close()

    asyncio.run(work())


def test_an_error_of_the_file_system_belongs_to_whoever_opened_the_file(with_database) -> None:
    async def work(db: Database) -> None:
        async def open_a_file() -> None:
            async with db.write() as conn:
                await conn.execute(text("SELECT 1"))
                Path("/no/such/file").read_bytes()

        with pytest.raises(FileNotFoundError):
            await open_a_file()

    with_database(work)


def test_a_broken_rule_of_the_schema_is_no_outage_and_undoes_the_transaction(with_database) -> None:
    async def work(db: Database) -> None:
        async def break_a_rule() -> None:
            async with db.write() as conn:
                await add_symbols(conn, ["AAA"])
                await conn.execute(text("INSERT INTO domain_members (symbol) VALUES ('AAA')"))

        with pytest.raises(IntegrityError):
            await break_a_rule()
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM symbol_universe")) == 0

    with_database(work)


def test_a_reader_sees_one_state_while_another_writes(with_database) -> None:
    async def work(db: Database) -> None:
        count = text("SELECT count(*) FROM symbol_universe")
        async with db.read() as reader:
            assert await reader.scalar(count) == 0
            async with db.write() as writer:
                await add_symbols(writer, ["AAA"])
            assert await reader.scalar(count) == 0
        async with db.read() as reader:
            assert await reader.scalar(count) == 1

    with_database(work)


def test_what_a_reader_writes_is_not_kept(with_database) -> None:
    async def work(db: Database) -> None:
        async with db.read() as conn:
            await add_symbols(conn, ["AAA"])  # COPY goes past SQLAlchemy, not past the transaction
        async with db.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM symbol_universe")) == 0

    with_database(work)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("mysql://localhost/a", "mysql"),
        ("postgresql://localhost/a?colour=red", "colour"),
        ("not an address", "DATABASE_URL"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, named: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_url(url)
    assert named in str(refused.value)


def test_the_spelling_of_other_tools_is_understood() -> None:
    assert parse_url("postgres://h/a?sslmode=require").query == {"ssl": "require"}


def test_tables_are_made_anew_only_if_every_row_still_has_what_it_names(tmp_path: Path) -> None:
    """SQLite changes a table by making it anew: nothing that hangs on it may be left hanging."""

    async def work() -> int:
        db = Database(f"sqlite:///{tmp_path / 'x.db'}")
        try:
            async with db.write(content=False) as conn:
                await conn.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
                await conn.exec_driver_sql("CREATE TABLE child (of INTEGER REFERENCES parent (id))")
                await conn.exec_driver_sql("INSERT INTO parent VALUES (1)")
                await conn.exec_driver_sql("INSERT INTO child VALUES (1)")
            async with db.rebuild() as conn:  # as a migration does it
                await conn.exec_driver_sql("CREATE TABLE anew (id INTEGER PRIMARY KEY, name TEXT)")
                await conn.exec_driver_sql("INSERT INTO anew SELECT id, 'x' FROM parent")
                await conn.exec_driver_sql("DROP TABLE parent")
                await conn.exec_driver_sql("ALTER TABLE anew RENAME TO parent")
            with pytest.raises(StoreError, match="a row of child names a row of parent"):
                async with db.rebuild() as conn:
                    await conn.exec_driver_sql("DELETE FROM parent")
            with pytest.raises(IntegrityError):  # afterwards every connection looks at each statement again
                async with db.write(content=False) as conn:
                    await conn.exec_driver_sql("INSERT INTO child VALUES (2)")
            async with db.read() as conn:
                return int((await conn.exec_driver_sql("SELECT count(*) FROM parent")).scalar_one())
        finally:
            await db.close()

    assert asyncio.run(work()) == 1
