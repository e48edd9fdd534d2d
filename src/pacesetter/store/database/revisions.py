"""Where data came from: imports, revisions, and what kind of data a database holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import SimulationMismatch, UnknownName
from pacesetter.store.tables.import_ import data_revisions, imports, meta


async def get_meta(conn: AsyncConnection, key: str) -> str | None:
    """One of the database's own notes."""
    value: str | None = await conn.scalar(select(meta.c.value).where(meta.c.key == key))
    return value


async def set_meta(conn: AsyncConnection, key: str, value: str) -> None:
    """Write one of the database's own notes."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(meta).values(key=key, value=value)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


async def add_meta(conn: AsyncConnection, key: str, value: str) -> str:
    """Write one of the database's own notes unless it is there; the note that holds then."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(meta).values(key=key, value=value)
    await conn.execute(statement.on_conflict_do_nothing(index_elements=["key"]))  # waits for a rival's
    return str(await conn.scalar(select(meta.c.value).where(meta.c.key == key)))


async def refuse_other_kind(conn: AsyncConnection, simulated: bool) -> None:
    """``SimulationMismatch`` when the database holds the other kind of data, for life."""
    stored = await get_meta(conn, "simulated")
    if stored is not None and (stored == "yes") != simulated:
        kind = "simulated" if stored == "yes" else "real"
        raise SimulationMismatch(
            f"this database holds {kind} data for life",
            mend="use another database or --home for the other kind",
        )


async def check_simulation(conn: AsyncConnection, simulated: bool) -> None:
    """A database is simulated or real for life: the first write decides, each later one is checked."""
    if await get_meta(conn, "simulated") is None:
        dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
        first = dialect.insert(meta).values(key="simulated", value="yes" if simulated else "no")
        await conn.execute(first.on_conflict_do_nothing(index_elements=["key"]))  # waits for a rival's
    await refuse_other_kind(conn, simulated)


async def hold_revisions(conn: AsyncConnection) -> None:
    """Nobody else opens a data revision until the end of this transaction."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE data_revisions IN SHARE ROW EXCLUSIVE MODE"))


async def new_revision(conn: AsyncConnection, cause: str, at: datetime, import_id: UUID | None = None) -> int:
    """Open a data revision (cause: import, fetch, repair or undo); later ones have greater numbers.

    Writers of data queue here until the end of the transaction (SQLite's write lock does the
    same): a revision never becomes visible after a greater one, so that "all up to n" is a state.
    """
    await hold_revisions(conn)
    row = await conn.execute(
        insert(data_revisions)
        .values(recorded_at=at, cause=cause, import_id=import_id)
        .returning(data_revisions.c.revision)
    )
    return int(row.scalar_one())


async def drop_revision(conn: AsyncConnection, revision: int) -> None:
    """Take back a revision of this transaction under which nothing was written."""
    await conn.execute(delete(data_revisions).where(data_revisions.c.revision == revision))


def known_at(at: int | None) -> str:
    """The SQL condition for rows that held at a data revision (None: now)."""
    if at is None:
        return "known_to_revision IS NULL"
    return f"known_from_revision <= {at:d} AND (known_to_revision IS NULL OR known_to_revision > {at:d})"


async def revision_at(conn: AsyncConnection, instant: datetime) -> int:
    """The newest data revision recorded by an instant; 0 before the first."""
    query = select(func.coalesce(func.max(data_revisions.c.revision), 0))
    return int(await conn.scalar(query.where(data_revisions.c.recorded_at <= instant)) or 0)


async def newest_revision(conn: AsyncConnection) -> int:
    """The newest data revision; 0 when there is none."""
    return int(await conn.scalar(select(func.coalesce(func.max(data_revisions.c.revision), 0))) or 0)


async def start_import(
    conn: AsyncConnection,
    import_id: UUID,
    *,
    kind: str,
    file_name: str,
    sha256: str,
    options: Mapping[str, Any],
    at: datetime,
) -> None:
    """Note that an import began."""
    await conn.execute(
        insert(imports).values(
            id=import_id, kind=kind, file_name=file_name, sha256=sha256, options=dict(options), started_at=at
        )
    )


async def finish_import(
    conn: AsyncConnection, import_id: UUID, *, counts: Mapping[str, int], at: datetime
) -> None:
    """Note what an import did."""
    await conn.execute(
        update(imports).where(imports.c.id == import_id).values(counts=dict(counts), finished_at=at)
    )


async def list_imports(
    conn: AsyncConnection,
    limit: int = 50,
    *,
    kinds: Sequence[str] | None = None,
    before: tuple[datetime, UUID] | None = None,
) -> list[Any]:
    """The newest imports first, of some ``kinds`` (None: all), behind the instant and id ``before``."""
    of = imports.c
    query = select(imports).order_by(of.started_at.desc(), of.id.desc()).limit(limit)
    if kinds is not None:
        query = query.where(of.kind.in_(kinds))
    if before is not None:
        query = query.where(
            or_(of.started_at < before[0], and_(of.started_at == before[0], of.id < before[1]))
        )
    return list(await conn.execute(query))


async def find_import(conn: AsyncConnection, prefix: str) -> Any:
    """The one import whose id begins (or ends) with ``prefix``."""
    wanted = prefix.casefold().replace("-", "")
    rows = [row for row in await list_imports(conn, 10_000) if wanted]
    found = [row for row in rows if row.id.hex.startswith(wanted) or row.id.hex.endswith(wanted)]
    if len(found) != 1:
        what = "no import" if not found else f"{len(found)} imports"
        raise UnknownName(f"{what} called {prefix!r}", mend="`pacesetter import list` shows their ids")
    return found[0]


async def revision_of_import(conn: AsyncConnection, import_id: UUID) -> int | None:
    """The data revision that an import made."""
    revision: int | None = await conn.scalar(
        select(data_revisions.c.revision).where(
            data_revisions.c.import_id == import_id, data_revisions.c.cause == "import"
        )
    )
    return revision


async def mark_undone(conn: AsyncConnection, import_id: UUID, at: datetime) -> None:
    """Note that an import was taken back."""
    await conn.execute(update(imports).where(imports.c.id == import_id).values(undone_at=at))
