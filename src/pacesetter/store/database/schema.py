"""The schema, owned by Alembic alone: what is pending, up, down, and a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from pacesetter.kernel.errors import SchemaMismatch
from pacesetter.store.database.engine import Database
from pacesetter.store.tables import metadata

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MIGRATION_LOCK = 0x70616365  # any number that nothing else locks


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def script_directory() -> ScriptDirectory:
    """The shipped revisions."""
    return ScriptDirectory.from_config(alembic_config())


@cache
def known_revisions() -> tuple[str, ...]:
    """The shipped revisions, newest first: their files are read once."""
    return tuple(script.revision for script in script_directory().walk_revisions())


def head() -> str:
    """The newest shipped revision."""
    return script_directory().get_current_head() or ""


async def current(db: Database) -> str | None:
    """The revision of the database; None for an empty one."""
    async with db.read() as conn:
        return await conn.run_sync(_current)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def pending(db: Database) -> list[str]:
    """Revisions still to be applied, oldest first. ``SchemaMismatch`` for a newer database."""
    now = await current(db)
    known = known_revisions()
    if now is not None and now not in known:
        raise SchemaMismatch(
            f"the database has revision {now}, which this version does not know",
            where=db.where,
            mend="start the version that last used it, or restore a backup",
        )
    if now is None:
        return list(known[::-1])
    return list(known[: known.index(now)][::-1])


async def upgrade(db: Database, to: str = "head") -> None:
    """Apply revisions in one transaction."""
    await _run(db, lambda config: command.upgrade(config, to))


async def downgrade(db: Database, to: str) -> None:
    """Take revisions back in one transaction; ``base`` empties the database."""
    await _run(db, lambda config: command.downgrade(config, to))


async def _run(db: Database, step: Callable[[Config], None]) -> None:
    def within(connection: Connection) -> None:
        step(alembic_config(connection))

    async with db.rebuild() as conn:
        if (
            db.dialect == "postgresql"
        ):  # two processes that start together: the second waits, and finds nothing left to do
            await conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        await conn.run_sync(within)


async def differences(db: Database) -> list[Any]:
    """What tables in code and in the database disagree on; empty when they agree."""

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with db.read() as conn:
        return await conn.run_sync(compare)


async def move(db: Database, to: str) -> None:
    """Bring the schema to a known revision, be it up or down."""
    todo = [*reversed([script.revision for script in script_directory().walk_revisions()])]
    now = await current(db)
    back = now is not None and todo.index(to) < todo.index(now)
    await (downgrade if back else upgrade)(db, to)


def check_known(revision: str | None, source: Path) -> None:
    """``SchemaMismatch`` for a backup that only a newer version can read."""
    if revision not in [script.revision for script in script_directory().walk_revisions()]:
        raise SchemaMismatch(
            f"the backup has schema {revision}, which this version does not know",
            where=str(source),
            mend="restore it with the version that wrote it",
        )
