"""Typed rows of a table: a frozen dataclass with a field for each column, read, added, changed, removed.

One of these a noun; what a noun asks beyond them is a query of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from pacesetter.kernel.errors import UnknownName, unknown

Row = TypeVar("Row")
KEPT_BY_DATABASE = ("created_at", "updated_at")


class Records(Generic[Row]):
    """The rows of ``table`` as ``kind``, a dataclass whose fields are the table's columns.

    ``noun``: what one is called in an error. A table with ``deleted_at`` keeps what is removed: it is
    marked, and no reader here sees it. The key of a row is its primary key, in the order of its columns.
    """

    def __init__(self, table: Table, kind: type[Row], noun: str) -> None:
        self.table, self.kind, self.noun = table, kind, noun
        self.names = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]
        self.keys = tuple(column.name for column in table.primary_key.columns)
        self.is_soft = "deleted_at" in table.c

    async def add(self, conn: AsyncConnection, rows: Sequence[Row]) -> None:
        """Store new rows, all or none."""
        if rows:
            await conn.execute(insert(self.table), [self._values(row) for row in rows])

    async def put(self, conn: AsyncConnection, rows: Sequence[Row], *, by: Sequence[str]) -> None:
        """Store rows, or change those that are there already by the columns ``by`` (a unique index); such a
        row keeps its primary key."""
        if not rows:
            return
        statement: Any = (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(self.table)
        fresh = [name for name in self.names if name not in (*self.keys, *by, *KEPT_BY_DATABASE)]
        changed = {name: statement.excluded[name] for name in fresh}
        if "updated_at" in self.table.c:
            changed["updated_at"] = func.current_timestamp()
        statement = statement.on_conflict_do_update(index_elements=list(by), set_=changed)
        await conn.execute(statement, [self._values(row) for row in rows])

    async def get(self, conn: AsyncConnection, *key: Any) -> Row:
        """One row by its primary key; ``UnknownName`` for none."""
        row = (await conn.execute(self._select().where(*self._is(key)))).first()
        if row is None:
            raise UnknownName(f"there is no {self.noun} {' '.join(map(str, key))}", mend="list them")
        return self._read(row._mapping)

    async def find(
        self,
        conn: AsyncConnection,
        *where: ColumnElement[bool],
        order_by: Sequence[Any] = (),
        limit: int | None = None,
    ) -> list[Row]:
        """Rows of which all of ``where`` hold, by ``order_by``, or else by their key."""
        order = order_by or self.table.primary_key.columns
        query = self._select().where(*where).order_by(*order).limit(limit)
        return [self._read(row._mapping) for row in await conn.execute(query)]

    async def count(self, conn: AsyncConnection, *where: ColumnElement[bool]) -> int:
        """How many rows there are of which all of ``where`` hold."""
        query = select(func.count()).select_from(self.table).where(*where, *self._stands())
        return int(await conn.scalar(query) or 0)

    async def change(self, conn: AsyncConnection, *key: Any, **values: Any) -> Row:
        """Change columns of one row, and what it is then; ``UnknownName`` for no row, or no such column."""
        for name in values:
            if name not in self.table.c:
                raise unknown(f"column of a {self.noun}", name, list(self.table.c.keys()))
        await self.get(conn, *key)
        if values:
            await conn.execute(update(self.table).where(*self._is(key)).values(**values))
        return await self.get(conn, *key)

    async def remove(self, conn: AsyncConnection, *key: Any, at: datetime) -> None:
        """Take a row away, at an instant; ``UnknownName`` for none."""
        await self.get(conn, *key)
        if self.is_soft:
            await conn.execute(update(self.table).where(*self._is(key)).values(deleted_at=at))
        else:
            await conn.execute(delete(self.table).where(*self._is(key)))

    def _select(self) -> Select[Any]:
        return select(*(self.table.c[name] for name in self.names)).where(*self._stands())

    def _stands(self) -> list[ColumnElement[bool]]:
        return [self.table.c.deleted_at.is_(None)] if self.is_soft else []

    def _is(self, key: Sequence[Any]) -> list[ColumnElement[bool]]:
        return [self.table.c[name] == value for name, value in zip(self.keys, key, strict=True)]

    def _values(self, row: Row) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.names if name not in KEPT_BY_DATABASE}

    def _read(self, mapping: Mapping[Any, Any]) -> Row:
        return self.kind(**{name: mapping[name] for name in self.names})
