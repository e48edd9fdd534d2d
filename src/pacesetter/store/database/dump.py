"""A PostgreSQL database as one file: a zip of binary COPY streams with a manifest."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, text

from pacesetter.kernel.errors import BadFile, SchemaMismatch
from pacesetter.store.database.engine import Database
from pacesetter.store.database.schema import check_known


async def dump_postgresql(db: Database, target: Path) -> None:
    """All tables by binary COPY in one consistent snapshot, with a manifest, in a zip file."""
    async with db.read() as conn:
        raw: Any = (await conn.get_raw_connection()).driver_connection
        revision = await conn.scalar(text("SELECT version_num FROM alembic_version"))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            names = {}
            for table in await conn.run_sync(stored_tables):
                columns = [column.name for column in table.columns]
                with archive.open(f"{table.name}.copy", "w", force_zip64=True) as out:
                    await raw.copy_from_table(
                        table.name, columns=columns, output=_writer(out), format="binary"
                    )
                names[table.name] = columns
            archive.writestr("manifest.json", json.dumps({"revision": revision, "tables": names}))


def stored_tables(connection: Connection) -> list[Table]:
    """The tables that the database has (before an upgrade, not those of the code), parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _writer(out: IO[bytes]) -> Callable[[bytes], Awaitable[None]]:
    async def write(data: bytes) -> None:
        out.write(data)

    return write


async def _chunks(data: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := data.read(1 << 20):
        yield chunk


def check_dump(source: Path) -> dict[str, Any]:
    """The manifest of a dump; ``BadFile`` for a file that is none, or damaged."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            damaged = archive.testzip()
            files = {f"{name}.copy" for name in manifest["tables"]}
            if damaged is not None or not files <= set(archive.namelist()):
                raise BadFile("the backup is damaged", where=str(source), mend="take an older one")
            check_known(manifest["revision"], source)
            return manifest
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError) as error:
        raise BadFile(f"it is no backup of Pacesetter: {error}", where=str(source)) from None


async def load_postgresql(db: Database, source: Path, manifest: dict[str, Any]) -> None:
    """Replace all rows by those of a dump of the same revision, in one transaction."""
    with zipfile.ZipFile(source) as archive:
        async with db.write(content=False) as conn:
            await _replace_rows(conn, archive, manifest, source)


async def _replace_rows(conn: Any, archive: zipfile.ZipFile, manifest: Any, source: Path) -> None:
    revision = await conn.scalar(text("SELECT version_num FROM alembic_version"))
    if revision != manifest["revision"]:
        raise SchemaMismatch(
            f"the backup has schema {manifest['revision']}, the database {revision}",
            where=str(source),
            mend="restore it with the version that wrote it",
        )
    raw = (await conn.get_raw_connection()).driver_connection
    tables = [table for table in await conn.run_sync(stored_tables) if table.name in manifest["tables"]]
    await conn.execute(text("TRUNCATE " + ", ".join(table.name for table in tables)))
    for table in tables:
        columns = manifest["tables"][table.name]
        with archive.open(f"{table.name}.copy") as data:
            await raw.copy_to_table(table.name, columns=columns, source=_chunks(data), format="binary")
    counted = text(
        "SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )
    for name, column, sequence in (await conn.execute(counted)).all():
        newest = f"greatest((SELECT max({column}) FROM {name}), 1)"
        await conn.execute(text(f"SELECT setval('{sequence}', {newest})"))
