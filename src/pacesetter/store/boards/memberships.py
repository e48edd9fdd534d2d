"""Who belongs to a board when, and since which data revision that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.board_pages import by_symbol
from pacesetter.store.database.revisions import known_at
from pacesetter.store.tables.domain import domain_members
from pacesetter.store.tables.symbol import symbol_universe

MEMBER = domain_members.c


async def membership(conn: AsyncConnection, at: int | None = None) -> list[Row[Any]]:
    """All spells of membership: domain_id, symbol, valid_from, valid_to (exclusive, or None)."""
    return list(
        await conn.execute(
            select(MEMBER.domain_id, MEMBER.symbol, MEMBER.valid_from, MEMBER.valid_to)
            .where(text(known_at(at)))
            .order_by(MEMBER.domain_id, MEMBER.symbol, MEMBER.valid_from)
        )
    )


async def members_on(conn: AsyncConnection, domain_id: UUID, on: date) -> list[str]:
    """The members of a board on a date, in order."""
    return list(
        await conn.scalars(
            select(MEMBER.symbol)
            .where(MEMBER.domain_id == domain_id, MEMBER.valid_from <= on, MEMBER.known_to_revision.is_(None))
            .where(MEMBER.valid_to.is_(None) | (MEMBER.valid_to > on))
            .order_by(by_symbol(conn, MEMBER.symbol))
        )
    )


async def newest_member_date(conn: AsyncConnection, domain_id: UUID) -> date | None:
    """The newest date with a price of any present member of a board."""
    newest: date | None = await conn.scalar(
        select(func.max(symbol_universe.c.last_price_date))
        .join(domain_members, MEMBER.symbol == symbol_universe.c.symbol)
        .where(MEMBER.domain_id == domain_id, MEMBER.valid_to.is_(None), MEMBER.known_to_revision.is_(None))
    )
    return newest


async def add_members(
    conn: AsyncConnection, domain_id: UUID, symbols: Sequence[str], *, since: date, revision: int
) -> list[str]:
    """Make ``symbols`` members from ``since`` on; returns those that were not yet.

    One whose membership begins later begins earlier from now on.
    """
    spells = await _spells(conn, domain_id, symbols)
    covered = {
        s.symbol for s in spells if s.valid_from <= since and (s.valid_to is None or s.valid_to > since)
    }
    later = [s for s in spells if s.valid_from > since and s.valid_to is None and s.symbol not in covered]
    await _supersede(conn, later, revision)
    added = [symbol for symbol in dict.fromkeys(symbols) if symbol not in covered]
    if added:
        rows = [
            {"domain_id": domain_id, "symbol": s, "valid_from": since, "known_from_revision": revision}
            for s in added
        ]
        await conn.execute(insert(domain_members), rows)
    return added


async def end_members(
    conn: AsyncConnection, domain_id: UUID, symbols: Sequence[str], *, on: date, revision: int
) -> list[str]:
    """End the membership of ``symbols`` with the day before ``on``; returns those that were members."""
    current = [s for s in await _spells(conn, domain_id, symbols) if s.valid_to is None or s.valid_to > on]
    await _supersede(conn, current, revision)
    ended = [
        {
            "domain_id": domain_id,
            "symbol": s.symbol,
            "valid_from": s.valid_from,
            "valid_to": on,
            "known_from_revision": revision,
        }
        for s in current
        if s.valid_from < on
    ]
    if ended:
        await conn.execute(insert(domain_members), ended)
    return [s.symbol for s in current]


async def _spells(conn: AsyncConnection, domain_id: UUID, symbols: Sequence[str]) -> list[Row[Any]]:
    rows = await conn.execute(
        select(domain_members)
        .where(MEMBER.domain_id == domain_id, MEMBER.known_to_revision.is_(None))
        .order_by(MEMBER.symbol)
    )
    wanted = set(symbols)
    return [row for row in rows if row.symbol in wanted]


async def _supersede(conn: AsyncConnection, spells: Sequence[Row[Any]], revision: int) -> None:
    """End what is known of ``spells``; what this very revision wrote never was."""
    for spell in spells:
        this = and_(
            MEMBER.domain_id == spell.domain_id,
            MEMBER.symbol == spell.symbol,
            MEMBER.valid_from == spell.valid_from,
            MEMBER.known_from_revision == spell.known_from_revision,
        )
        if spell.known_from_revision == revision:
            await conn.execute(delete(domain_members).where(this))
        else:
            await conn.execute(update(domain_members).where(this).values(known_to_revision=revision))
