"""Methods and factors in the database: every version that ever ranked something is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.factors.base import Factor
from pacesetter.kernel.errors import UnknownName, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.ranking.method import Method, restore_method
from pacesetter.store.tables.method import factor_versions, method_versions, methods


async def register_method(conn: AsyncConnection, method: Method) -> UUID:
    """The id of this version of a method; equal content is the same version."""
    method_id = await conn.scalar(select(methods.c.id).where(methods.c.name == method.name))
    if method_id is None:
        method_id = new_id()
        await conn.execute(insert(methods).values(id=method_id, name=method.name))
    version_id: UUID | None = await conn.scalar(
        select(method_versions.c.id).where(
            method_versions.c.method_id == method_id, method_versions.c.sha256 == method.sha256
        )
    )
    if version_id is not None:
        return version_id
    newest = await conn.scalar(
        select(func.max(method_versions.c.version)).where(method_versions.c.method_id == method_id)
    )
    version_id = new_id()
    await conn.execute(
        insert(method_versions).values(
            id=version_id,
            method_id=method_id,
            version=(newest or 0) + 1,
            definition=json.loads(method.canonical()),
            sha256=method.sha256,
        )
    )
    return version_id


async def list_methods(conn: AsyncConnection) -> list[Row[Any]]:
    """Every version: name, version, id, sha256, definition; newest version of each name last."""
    return list(
        await conn.execute(
            select(
                methods.c.name,
                method_versions.c.version,
                method_versions.c.id,
                method_versions.c.sha256,
                method_versions.c.definition,
            )
            .join(methods, methods.c.id == method_versions.c.method_id)
            .order_by(methods.c.name, method_versions.c.version)
        )
    )


async def newest_methods(conn: AsyncConnection) -> list[Method]:
    """Every method in its newest version, by name."""
    newest = {row.name: row.definition for row in await list_methods(conn)}
    return [restore_method(newest[name]) for name in sorted(newest)]


async def find_method(conn: AsyncConnection, name: str, version: int | None = None) -> tuple[Method, UUID]:
    """A stored method by its name, in its newest version or the one asked for, and the version's id."""
    rows = await list_methods(conn)
    named = [row for row in rows if row.name == name]
    if not named:
        raise unknown("method", name, sorted({row.name for row in rows}))
    wanted = [row for row in named if version in (None, row.version)]
    if not wanted:
        raise UnknownName(
            f"the method {name!r} has no version {version}",
            mend=f"it has {', '.join(str(row.version) for row in named)}",
        )
    return restore_method(wanted[-1].definition), wanted[-1].id


async def read_method(conn: AsyncConnection, version_id: UUID) -> Method:
    """The method of a version's id."""
    row = await conn.execute(select(method_versions.c.definition).where(method_versions.c.id == version_id))
    return restore_method(row.scalar_one())


async def register_factors(conn: AsyncConnection, factors: Sequence[Factor]) -> dict[str, int]:
    """The id of each factor's current version, by name."""
    rows = await conn.execute(select(factor_versions.c.name, factor_versions.c.version, factor_versions.c.id))
    known = {(name, version): id_ for name, version, id_ in rows}
    for one in factors:
        if (one.name, one.version) not in known:
            made = await conn.execute(
                insert(factor_versions)
                .values(name=one.name, version=one.version, parameters="")
                .returning(factor_versions.c.id)
            )
            known[one.name, one.version] = made.scalar_one()
    return {one.name: known[one.name, one.version] for one in factors}


async def find_method_version(conn: AsyncConnection, method: Method) -> UUID | None:
    """The id of exactly this content of a method; None when nothing was ever ranked by it."""
    version_id: UUID | None = await conn.scalar(
        select(method_versions.c.id)
        .join(methods, methods.c.id == method_versions.c.method_id)
        .where(methods.c.name == method.name, method_versions.c.sha256 == method.sha256)
    )
    return version_id
