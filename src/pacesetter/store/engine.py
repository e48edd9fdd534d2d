"""The database behind one interface: SQLite files and PostgreSQL servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pacesetter.kernel.errors import ConfigError, DatabaseUnreachable

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
        async with self._transaction(writes=False) as conn:
            yield conn

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose changes are committed together at the end, or not at all."""
        async with self._transaction(writes=True) as conn:
            yield conn

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as plain:
                conn = await plain.execution_options(pacesetter_writes=writes)
                if self.dialect == "postgresql" and not writes:  # as SQLite's readers have it
                    conn = await conn.execution_options(isolation_level="REPEATABLE READ")
                async with conn.begin() as transaction:
                    yield conn
                    if not writes and transaction.is_active:
                        await transaction.rollback()
        except (OSError, TimeoutError) as error:
            raise self._unreachable(error) from error
        except (OperationalError, InterfaceError, DBAPIError) as error:
            if lost_connection(error):
                raise self._unreachable(error) from error
            raise

    def _unreachable(self, error: Exception) -> DatabaseUnreachable:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        return DatabaseUnreachable(
            f"the database does not answer: {cause[0] if cause else type(error).__name__}",
            where=self.where,
            mend="start it, or mend PACESETTER_DATABASE_URL",
        )

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
        return parsed.set(drivername="postgresql+asyncpg")
    raise ConfigError(
        f"{backend!r} is no database that can be used",
        where="PACESETTER_DATABASE_URL",
        mend="use a postgresql:// address, or none for SQLite in the home folder",
    )


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
        writes = connection.get_execution_options().get("pacesetter_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def lost_connection(error: DBAPIError) -> bool:
    """Whether an error means that the database is gone, not that it refused something."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    text = str(error.orig or "").casefold()
    signs = (
        "connection was closed",
        "connection is closed",
        "terminating connection",
        "the database system is",
        "unable to open database file",
        "file is not a database",
        "disk i/o error",
    )
    return any(sign in text for sign in signs)
