"""Backups: a whole, checked copy of the database, and the way back."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sqlite3
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pacesetter.kernel.errors import BadFile, SchemaMismatch
from pacesetter.store.engine import Database
from pacesetter.store.home import Home
from pacesetter.store.tables import metadata


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

    The backup is checked first, and nothing is touched when it does not hold.
    """
    if not source.is_file():
        raise BadFile("there is no such backup", where=str(source), mend="look into the backups folder")
    if db.path is None:
        await load_postgresql(db, source)
        return None
    await asyncio.to_thread(check_sqlite, source)
    await db.close()
    kept = await back_up(db, home, at) if db.path.exists() else None
    await db.close()
    half = db.path.with_suffix(".restoring")
    await asyncio.to_thread(copy_sqlite, source, half)
    for leftover in (f"{db.path}-wal", f"{db.path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    os.replace(half, db.path)
    return kept


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be in use, by SQLite's online backup, and check the copy."""
    target.unlink(missing_ok=True)
    with sqlite3.connect(source) as origin, sqlite3.connect(target) as copy:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    origin.close()
    copy.close()
    check_sqlite(target)


def check_sqlite(path: Path) -> None:
    """``BadFile`` unless the file is a sound database of this product."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise BadFile(f"it is no readable database: {error}", where=str(path)) from None
    if verdict != "ok":
        raise BadFile(f"the database is damaged: {verdict}", where=str(path), mend="take an older backup")
    if not {"alembic_version", "ranking_results", "market_data_cache"} <= tables:
        raise BadFile("it is a database, but not one of Pacesetter", where=str(path))


async def dump_postgresql(db: Database, target: Path) -> None:
    """All tables by binary COPY in one consistent snapshot, with a manifest, in a zip file."""
    async with db.read() as conn:
        await conn.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        raw: Any = (await conn.get_raw_connection()).driver_connection
        revision = await conn.scalar(text("SELECT version_num FROM alembic_version"))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            names = {}
            for table in metadata.sorted_tables:
                columns = [column.name for column in table.columns]
                buffer = io.BytesIO()
                await raw.copy_from_table(table.name, columns=columns, output=buffer, format="binary")
                archive.writestr(f"{table.name}.copy", buffer.getvalue())
                names[table.name] = columns
            archive.writestr("manifest.json", json.dumps({"revision": revision, "tables": names}))


async def load_postgresql(db: Database, source: Path) -> None:
    """Replace all rows by those of a dump of the same revision, in one transaction."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            if archive.testzip() is not None:
                raise BadFile("the backup is damaged", where=str(source), mend="take an older one")
            async with db.write() as conn:
                await _replace_rows(conn, archive, manifest, source)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadFile(f"it is no backup of Pacesetter: {error}", where=str(source)) from None


async def _replace_rows(conn: Any, archive: zipfile.ZipFile, manifest: Any, source: Path) -> None:
    revision = await conn.scalar(text("SELECT version_num FROM alembic_version"))
    if revision != manifest["revision"]:
        raise SchemaMismatch(
            f"the backup has schema {manifest['revision']}, the database {revision}",
            where=str(source),
            mend="restore it with the version that wrote it",
        )
    raw = (await conn.get_raw_connection()).driver_connection
    tables = [table for table in metadata.sorted_tables if table.name in manifest["tables"]]
    await conn.execute(text("TRUNCATE " + ", ".join(table.name for table in tables)))
    for table in tables:
        data = io.BytesIO(archive.read(f"{table.name}.copy"))
        columns = manifest["tables"][table.name]
        await raw.copy_to_table(table.name, columns=columns, source=data, format="binary")
    for name, column in (("data_revisions", "revision"), ("factor_versions", "id")):
        await conn.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', '{column}'), "
                f"greatest((SELECT max({column}) FROM {name}), 1))"
            )
        )
