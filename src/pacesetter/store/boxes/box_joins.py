"""Boxes that are the same as others: which is joined into which, and who stands on boards in their place."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boards.memberships import MEMBER, add_members, end_members
from pacesetter.store.boxes.box_board import EVER, SLUG
from pacesetter.store.tables.box import OBSERVED, box_observations, boxes
from pacesetter.store.tables.domain import domain_members, domains
from pacesetter.store.tables.symbol import symbol_universe

JOIN = "box_join"  # the kind of import that a join is noted as


async def read_roots(conn: AsyncConnection) -> dict[str, str]:
    """Of each box the one that it is joined into in the end; itself where it is not joined."""
    rows = await conn.execute(select(boxes.c.symbol, boxes.c.joined_to))
    next_of = {symbol: into for symbol, into in rows}
    roots = {}
    for symbol in next_of:
        end = symbol
        while next_of[end] is not None:
            end = next_of[end]
        roots[symbol] = end
    return roots


async def hold_joins(conn: AsyncConnection) -> None:
    """Let other writers of data wait until the end of the transaction: two joins at once could close a
    circle (SQLite has one writer anyway)."""
    if conn.dialect.name == "postgresql":
        await conn.execute(text("LOCK TABLE data_revisions IN SHARE ROW EXCLUSIVE MODE"))


async def set_joined(conn: AsyncConnection, symbol: str, into: str | None, *, active: bool) -> None:
    """Note what a box is joined into (None: nothing), and whether boards with a rule may take it."""
    stamp = text("CURRENT_TIMESTAMP")
    await conn.execute(update(boxes).where(boxes.c.symbol == symbol).values(joined_to=into, updated_at=stamp))
    about = symbol_universe.c
    await conn.execute(
        update(symbol_universe)
        .where(about.symbol == symbol, about.is_active != active)
        .values(is_active=active, updated_at=stamp)
    )


async def is_active(conn: AsyncConnection, symbol: str) -> bool:
    """Whether boards with a rule may take a symbol."""
    about = symbol_universe.c
    return bool(await conn.scalar(select(about.is_active).where(about.symbol == symbol)))


async def joined_into(conn: AsyncConnection, symbol: str) -> str | None:
    """The box that one was joined into; None where it was not."""
    into: str | None = await conn.scalar(select(boxes.c.joined_to).where(boxes.c.symbol == symbol))
    return into


async def find_clashes(conn: AsyncConnection, one: str, other: str) -> list[tuple[date, str]]:
    """The days and sources of which two boxes have different figures."""
    seen, also = box_observations.alias("seen"), box_observations.alias("also")
    differ = [seen.c[name].is_distinct_from(also.c[name]) for name in OBSERVED]
    where = differ[0]
    for more in differ[1:]:
        where = where | more
    query = select(seen.c.date, seen.c.source).join(
        also, (also.c.date == seen.c.date) & (also.c.source == seen.c.source)
    )
    query = query.where(seen.c.symbol == one, also.c.symbol == other, where)
    query = query.where(seen.c.known_to_revision.is_(None), also.c.known_to_revision.is_(None))
    return [(day, source) for day, source in await conn.execute(query.order_by(seen.c.date, seen.c.source))]


async def hand_over_boards(conn: AsyncConnection, old: str, kept: str, *, revision: int) -> int:
    """Let ``kept`` stand on every board in the place of ``old``, as if that had never been there; how many
    boards have other members than before. The board of all boxes follows observations instead."""
    spells = await _spells(conn, old)
    boards = {spell.domain_id: spell for spell in spells}
    for board, spell in boards.items():
        await end_members(conn, board, [old], on=EVER, revision=revision)
        if spell.valid_to is None:
            await add_members(conn, board, [kept], since=spell.valid_from, revision=revision)
    return len(boards)


async def hand_back_boards(conn: AsyncConnection, old: str, kept: str, *, joined: int, revision: int) -> int:
    """Undo what ``hand_over_boards`` did under the revision ``joined``; a board that others have changed
    since for one of the boxes is left as it is for that box."""
    changed = set()
    for symbol in (old, kept):
        now = await _spells(conn, symbol)
        was = list(
            await conn.execute(
                select(domain_members)
                .join(domains, domains.c.id == MEMBER.domain_id)
                .where(MEMBER.symbol == symbol, MEMBER.known_to_revision == joined, domains.c.slug != SLUG)
            )
        )
        given = {one.domain_id for one in now if one.known_from_revision == joined}
        later = {one.domain_id for one in now} - given
        for board in ({one.domain_id for one in was} | given) - later:
            await conn.execute(
                update(domain_members)
                .where(MEMBER.domain_id == board, MEMBER.symbol == symbol, MEMBER.known_to_revision.is_(None))
                .values(known_to_revision=revision)
            )
            back = [
                {**one._mapping, "known_from_revision": revision, "known_to_revision": None}
                for one in was
                if one.domain_id == board
            ]
            if back:
                await conn.execute(insert(domain_members), back)
            changed.add(board)
    return len(changed)


async def _spells(conn: AsyncConnection, symbol: str) -> list[Row[Any]]:
    query = select(domain_members).join(domains, domains.c.id == MEMBER.domain_id)
    query = query.where(MEMBER.symbol == symbol, MEMBER.known_to_revision.is_(None), domains.c.slug != SLUG)
    return list(await conn.execute(query.order_by(MEMBER.domain_id, MEMBER.valid_from)))
