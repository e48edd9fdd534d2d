"""Portfolios: whose they are, what they are called, and the files that they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import BadParameter, InputError, UnknownName, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.store.tables.portfolio import portfolio_imports, portfolios

_of = portfolios.c
EVERYONE: ColumnElement[bool] = _of.deleted_at.is_(None)


def seen_by(user_id: UUID | None) -> ColumnElement[bool]:
    """Portfolios that somebody may see: their own, and those that are nobody's."""
    own = _of.user_id.is_(None) if user_id is None else or_(_of.user_id.is_(None), _of.user_id == user_id)
    return _of.deleted_at.is_(None) & own


async def add_portfolio(
    conn: AsyncConnection, *, name: str, base_currency: str, benchmark: str | None, user_id: UUID | None
) -> UUID:
    """Make a portfolio; ``BadParameter`` where its owner has one of that name."""
    portfolio_id = new_id()
    values = {"id": portfolio_id, "name": name, "base_currency": base_currency, "benchmark": benchmark}
    try:
        await conn.execute(insert(portfolios).values(**values, user_id=user_id))
    except IntegrityError as error:
        if not is_taken(error):
            raise
        raise name_taken(name) from None
    return portfolio_id


async def change_portfolio(conn: AsyncConnection, portfolio_id: UUID, **values: Any) -> None:
    """Set columns; ``BadParameter`` where its owner has another one of that name."""
    if not values:
        return
    try:
        await conn.execute(update(portfolios).where(_of.id == portfolio_id).values(**values))
    except IntegrityError as error:
        if not is_taken(error):
            raise
        raise name_taken(str(values.get("name"))) from None


def is_taken(error: IntegrityError) -> bool:
    """Whether it was the name: PostgreSQL tells the index, SQLite its columns."""
    said = str(error.orig)
    return "uq_portfolios_" in said or "portfolios.name" in said


def name_taken(name: str) -> BadParameter:
    """The mistake of a second portfolio of a name."""
    return BadParameter(
        f"there is a portfolio {name!r} already", where="name", mend="choose another name for this one"
    )


async def remove_portfolio(conn: AsyncConnection, portfolio_id: UUID, at: datetime) -> None:
    """Take a portfolio away; its rows stay."""
    await conn.execute(update(portfolios).where(_of.id == portfolio_id).values(deleted_at=at))


async def list_portfolios(
    conn: AsyncConnection, seen: ColumnElement[bool] = EVERYONE, ids: Sequence[UUID] | None = None
) -> list[Row[Any]]:
    """Portfolios in the order of their names."""
    query = select(portfolios).where(seen)
    if ids is not None:
        query = query.where(_of.id.in_(ids))
    return list(await conn.execute(query.order_by(_of.name, _of.id)))


async def lock_portfolios(conn: AsyncConnection, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Portfolios that stand, whose trades nobody else changes until this transaction ends. In the order of
    their ids: two who lock several of them wait for each other in one direction only."""
    query = select(portfolios).where(EVERYONE, _of.id.in_(ids)).order_by(_of.id)
    return list(await conn.execute(query.with_for_update()))


async def get_portfolio(
    conn: AsyncConnection, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE, *, lock: bool = False
) -> Row[Any]:
    """A portfolio; ``UnknownName`` where there is none, or none that may be seen.

    ``lock``: nobody else changes its trades until this transaction ends.
    """
    query = select(portfolios).where(seen, _of.id == portfolio_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise UnknownName(f"there is no portfolio {portfolio_id}", mend="/api/v1/portfolios lists them")
    return row


async def find_portfolio(conn: AsyncConnection, name: str, seen: ColumnElement[bool] = EVERYONE) -> Row[Any]:
    """A portfolio by its name, or by the beginning or end of its id; ``UnknownName`` offers the nearest."""
    every = await list_portfolios(conn, seen)
    folded = name.strip().casefold()
    found = [row for row in every if row.name == name.strip()]
    found = found or [row for row in every if row.name.casefold() == folded]
    if not found and len(folded) >= 4:
        found = [row for row in every if str(row.id).startswith(folded) or str(row.id).endswith(folded)]
    if not found:
        mend = "" if every else "there is none yet: `pacesetter portfolio create NAME`"
        raise unknown("portfolio", name, [row.name for row in every], mend=mend)
    if len(found) > 1:
        ids = ", ".join(str(row.id) for row in found)
        raise InputError(f"{len(found)} portfolios are called {name!r}", mend=f"give the id: {ids}")
    return found[0]


async def add_import(
    conn: AsyncConnection,
    portfolio_id: UUID,
    *,
    file_name: str,
    sha256: str,
    mapping: Mapping[str, str],
    rows_read: int,
    rows_added: int,
    rows_known: int,
) -> UUID:
    """Note a file that was taken in."""
    import_id = new_id()
    await conn.execute(
        insert(portfolio_imports).values(
            id=import_id,
            portfolio_id=portfolio_id,
            file_name=file_name[:255],
            sha256=sha256,
            column_mapping=dict(mapping),
            rows_read=rows_read,
            rows_added=rows_added,
            rows_known=rows_known,
        )
    )
    return import_id


async def list_imports(conn: AsyncConnection, portfolio_id: UUID) -> list[Row[Any]]:
    """The imports of a portfolio, newest first."""
    own = portfolio_imports.c
    query = select(portfolio_imports).where(own.portfolio_id == portfolio_id)
    return list(await conn.execute(query.order_by(own.created_at.desc(), own.id.desc())))


async def find_import(conn: AsyncConnection, portfolio_id: UUID, import_id: str) -> Row[Any]:
    """An import of a portfolio by its id, or the beginning or end of it; ``UnknownName`` for none."""
    every = await list_imports(conn, portfolio_id)
    wanted = import_id.casefold()
    found = [row for row in every if str(row.id).startswith(wanted) or str(row.id).endswith(wanted)]
    if len(found) != 1:
        what = "there is no import" if not found else f"{len(found)} imports fit"
        raise UnknownName(f"{what} {import_id!r} of this portfolio", mend="list its imports, and give an id")
    return found[0]


async def end_import(conn: AsyncConnection, import_id: UUID, at: datetime) -> None:
    """Mark an import as taken back."""
    own = portfolio_imports.c
    await conn.execute(update(portfolio_imports).where(own.id == import_id).values(undone_at=at))
