"""The database behind one interface: SQLite files and PostgreSQL servers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pacesetter.kernel.errors import ConfigError, DatabaseUnreachable, StoreError
from pacesetter.store.database.content import bump_content
from pacesetter.store.database.outage import no_space_left, outage_on_connecting, outage_within

Dialect = Literal["sqlite", "postgresql"]

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)
POSTGRESQL_LIMITS = {
    "application_name": "pacesetter",
    "statement_timeout": "600000",
    "lock_timeout": "30000",
    "idle_in_transaction_session_timeout": "600000",
}
ASYNCPG_OPTIONS = {"ssl", "host", "port", "passfile", "target_session_attrs", "command_timeout"}


class Database:
    """One database. ``read()`` and ``write()`` give a connection in a transaction.

    ``write()`` takes SQLite's write lock at once (BEGIN IMMEDIATE), so two writers queue
    instead of failing in the middle; it commits at the end and rolls back on any error.
    A database that cannot be reached, or goes away, raises ``DatabaseUnreachable``.
    """

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.dialect: Dialect = "sqlite" if self.url.get_backend_name() == "sqlite" else "postgresql"
        self._engine = create_engine(self.url)
        self._opened = False

    @property
    def where(self) -> str:
        """The address, without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.dialect == "sqlite" and self.url.database else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read one consistent state with."""
        async with self._transaction(writes=False, content=False) as conn:
            yield conn

    @asynccontextmanager
    async def write(self, *, content: bool = True) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are committed together at the end, or not at all.

        ``content``: they change what people read, such as ranks; not so a lease.
        """
        async with self._transaction(writes=True, content=content) as conn:
            yield conn

    @asynccontextmanager
    async def rebuild(self) -> AsyncIterator[AsyncConnection]:
        """A connection to change tables with: as ``write()``, but on SQLite, which changes a table by making
        it anew, foreign keys are checked at the end of the transaction and not while it lasts."""
        async with self._transaction(writes=True, content=False, rebuilds=True) as conn:
            yield conn
            if self.dialect == "sqlite":
                broken = (await conn.exec_driver_sql("PRAGMA foreign_key_check")).mappings().first()
                if broken is not None:
                    raise StoreError(
                        f"a row of {broken['table']} names a row of {broken['parent']} that is not there",
                        where=self.where,
                        mend="restore a backup",
                    )

    @asynccontextmanager
    async def _transaction(
        self, *, writes: bool, content: bool, rebuilds: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        begun = False
        try:
            if not self._opened and self.path is not None:
                await asyncio.to_thread(try_opening, self.path)
                self._opened = True
            async with self._connect(lasting=not rebuilds) as plain:
                conn = await plain.execution_options(pacesetter_writes=writes, pacesetter_rebuilds=rebuilds)
                if self.dialect == "postgresql" and not writes:  # as SQLite's readers have it
                    conn = await conn.execution_options(isolation_level="REPEATABLE READ")
                async with conn.begin() as transaction:
                    begun = True
                    yield conn
                    if not transaction.is_active:
                        return
                    if not writes:
                        await transaction.rollback()
                        return
                    if self.dialect == "sqlite":
                        await drop_temporary_tables(conn)
                    if content:
                        await bump_content(conn)
        except Exception as error:
            told = self._explain(error, begun=begun)
            if told is None:
                raise
            raise told from error

    @asynccontextmanager
    async def _connect(self, *, lasting: bool) -> AsyncIterator[AsyncConnection]:
        """A connection of the pool, which does not get it back unless it is ``lasting``."""
        async with self._engine.connect() as conn:
            try:
                yield conn
            finally:
                if not lasting:
                    await conn.invalidate()

    def _explain(self, error: Exception, *, begun: bool) -> StoreError | None:
        """The error to raise in place of one that says that the database is away or full."""
        if no_space_left(error):
            return StoreError("the disk of the database is full", where=self.where, mend="make room on it")
        cause = outage_within(error) if begun else outage_on_connecting(error)
        if cause is None:
            return None
        mend = "start it, or mend PACESETTER_DATABASE_URL"
        if self.dialect == "sqlite":
            mend = "look at that file: can it be read and written, and is it a database?"
        if cause == "database is locked":
            mend = "another process is writing for long: try again when it is done"
        return DatabaseUnreachable(f"the database does not answer: {cause}", where=self.where, mend=mend)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


def parse_url(url: str) -> URL:
    """The address with the driver that is used for it; ``ConfigError`` for another kind of database."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            "the database address cannot be read",
            where="PACESETTER_DATABASE_URL",
            mend="write postgresql://user:password@host:5432/name",
        ) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+asyncpg", query=driver_options(parsed.query))
    raise ConfigError(
        f"{backend!r} is no database that can be used",
        where="PACESETTER_DATABASE_URL",
        mend="use a postgresql:// address, or none for SQLite in the home folder",
    )


def driver_options(query: Mapping[str, Any]) -> dict[str, Any]:
    """Options of an address as asyncpg names them; ``ConfigError`` for one that it does not have."""
    options = {("ssl" if name == "sslmode" else name): value for name, value in query.items()}
    unknown = sorted(set(options) - ASYNCPG_OPTIONS)
    if unknown:
        raise ConfigError(
            f"the database address has an option that is not known: {', '.join(unknown)}",
            where="PACESETTER_DATABASE_URL",
            mend="take it out (sslmode=require is known)",
        )
    return options


def create_engine(url: URL) -> AsyncEngine:
    """An engine with this product's transactions and limits."""
    if url.get_backend_name() == "postgresql":
        return create_async_engine(
            url,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=10,
            connect_args={"timeout": 5, "server_settings": POSTGRESQL_LIMITS},
        )
    engine = create_async_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("pacesetter_rebuilds", False):  # cannot be said within a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("pacesetter_writes", True) else "BEGIN")

    return engine


def try_opening(path: Path) -> None:
    """Fail here when a file cannot be opened: the driver's thread may outlive the loop and complain."""
    sqlite3.connect(path).close()


async def drop_temporary_tables(conn: AsyncConnection) -> None:
    """Free what was staged: SQLite keeps temporary tables until the connection ends, and it is pooled."""
    for name in (await conn.exec_driver_sql("SELECT name FROM sqlite_temp_master")).scalars().all():
        await conn.exec_driver_sql(f'DROP TABLE IF EXISTS temp."{name}"')
