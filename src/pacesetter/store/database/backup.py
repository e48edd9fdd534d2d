"""Backups: a whole, checked copy of the database, and the way back."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from pacesetter.kernel.errors import BadFile, StoreError
from pacesetter.store.database.dump import check_dump, dump_postgresql, load_postgresql
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from pacesetter.store.database.schema import check_known, current, move, pending, upgrade


async def back_up(db: Database, home: Home, at: datetime) -> Path:
    """Write a backup into the home's folder and return its path; whole or not at all."""
    home.backups.mkdir(parents=True, exist_ok=True)
    stem = db.path.stem if db.path else "postgresql"
    suffix = "db" if db.path else "zip"
    target = home.backups / f"{stem}-{at:%Y%m%dT%H%M%S%f}.{suffix}"
    half = target.with_suffix(".part")
    if db.path:
        await asyncio.to_thread(copy_sqlite, db.path, half)
    else:
        await dump_postgresql(db, half)
    os.replace(half, target)
    return target


async def restore(db: Database, home: Home, source: Path, at: datetime) -> Path | None:
    """Put a backup in the database's place; returns where the former state was kept.

    The backup is checked first, and nothing is touched when it does not hold. ``StoreError``
    when another process has the SQLite file open: it would go on writing into the old one.
    """
    if not source.is_file():
        raise BadFile("there is no such backup", where=str(source), mend="look into the backups folder")
    if db.path is None:
        return await restore_postgresql(db, home, source, at)
    await asyncio.to_thread(check_sqlite, source, known_revision=True)
    await db.close()
    half = db.path.with_suffix(".restoring")
    await asyncio.to_thread(copy_sqlite, source, half)
    kept = None
    if db.path.exists():
        await asyncio.to_thread(take_alone, db.path)
        kept = await keep_former(db, db.path, home, at)
    for leftover in (f"{db.path}-wal", f"{db.path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    os.replace(half, db.path)
    return kept


async def restore_postgresql(db: Database, home: Home, source: Path, at: datetime) -> Path | None:
    """Restore a dump under the schema it was made with; what was there is kept as a dump."""
    manifest = await asyncio.to_thread(check_dump, source)
    kept = await back_up(db, home, at) if await current(db) is not None else None
    await move(db, manifest["revision"])
    await load_postgresql(db, source, manifest)
    return kept


async def keep_former(db: Database, path: Path, home: Home, at: datetime) -> Path:
    """Back up what is about to be replaced; a broken file is kept as it is."""
    try:
        return await back_up(db, home, at)
    except BadFile:
        aside = home.backups / f"{path.stem}-{at:%Y%m%dT%H%M%S%f}.broken"
        await asyncio.to_thread(shutil.copyfile, path, aside)
        return aside


def take_alone(path: Path) -> None:
    """Fold the write-ahead log into the file; ``StoreError`` while another process has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")  # needs to be the only connection
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StoreError(
                "another process has the database open", where=str(path), mend="stop `pacesetter up` first"
            ) from None


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be in use, by SQLite's online backup, and check the copy."""
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        check_sqlite(target)
    except sqlite3.DatabaseError as error:
        raise BadFile(f"it is no readable database: {error}", where=str(source)) from None


def check_sqlite(path: Path, *, known_revision: bool = False) -> None:
    """``BadFile`` unless the file is a sound database of this product.

    ``known_revision``: ``SchemaMismatch`` when a newer version of the program wrote it.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            revision = None
            if "alembic_version" in tables:
                revision = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BadFile(f"it is no readable database: {error}", where=str(path)) from None
    if verdict != "ok":
        raise BadFile(f"the database is damaged: {verdict}", where=str(path), mend="take an older backup")
    if not {"alembic_version", "market_data_cache"} <= tables:
        raise BadFile("it is a database, but not one of Pacesetter", where=str(path))
    if known_revision:
        check_known(revision, path)


async def upgrade_with_backup(db: Database, home: Home, at: datetime) -> Path | None:
    """Apply what is pending; a database that already holds something is backed up before."""
    todo = await pending(db)
    if not todo:
        return None
    saved = await back_up(db, home, at) if await current(db) is not None else None
    await upgrade(db)
    return saved
