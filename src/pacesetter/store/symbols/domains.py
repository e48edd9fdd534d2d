"""Boards and their dated membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import InputError, unknown
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import EVERY_DAY
from pacesetter.market.domain import SeedDomain
from pacesetter.market.symbol import BOX
from pacesetter.store.symbols.symbols import describe_symbols
from pacesetter.store.tables.domain import domain_members, domains
from pacesetter.store.tables.symbol import symbol_universe


async def seed_domains(conn: AsyncConnection, seeds: Sequence[SeedDomain], since: date) -> None:
    """Add shipped boards that are missing. One that exists is left as its owner has made it."""
    have = set(await conn.scalars(select(domains.c.slug)))
    missing = [seed for seed in seeds if seed.slug not in have]
    if not missing:
        return
    names = {symbol: name for seed in missing for symbol, name in seed.names.items()}
    known = set(await conn.scalars(select(symbol_universe.c.symbol)))
    fresh = {symbol: name for symbol, name in names.items() if symbol not in known}
    await describe_symbols(
        conn,
        pl.DataFrame(
            {"symbol": list(fresh), "name": list(fresh.values())},
            schema_overrides={"symbol": pl.String, "name": pl.String},
        ),
        source="seed",
    )
    for seed in missing:
        domain_id = new_id()
        await conn.execute(
            insert(domains).values(
                id=domain_id,
                name=seed.name,
                slug=seed.slug,
                description=seed.description,
                position=seed.position,
            )
        )
        await conn.execute(
            insert(domain_members),
            [{"domain_id": domain_id, "symbol": s, "valid_from": since} for s in seed.symbols],
        )


async def list_domains(conn: AsyncConnection) -> list[Row[Any]]:
    """Active boards, in their order."""
    return list(
        await conn.execute(
            select(domains).where(domains.c.is_active).order_by(domains.c.position, domains.c.name)
        )
    )


async def asset_types(conn: AsyncConnection, slugs: Sequence[str]) -> set[str]:
    """The kinds of symbols that boards hold, removed ones among them."""
    return set(await conn.scalars(select(domains.c.asset_type).where(domains.c.slug.in_(slugs)).distinct()))


async def find_domain(conn: AsyncConnection, name: str) -> Row[Any]:
    """A board by its name or slug, however capitalised; ``UnknownName`` offers the nearest."""
    by_slug = select(domains).where(domains.c.is_active, domains.c.slug == name)
    found = (await conn.execute(by_slug)).first()
    if found is not None:
        return found
    rows = await list_domains(conn)
    for row in rows:
        if name.casefold() in (row.name.casefold(), row.slug):
            return row
    raise unknown("board", name, [row.name for row in rows])


async def add_domain(
    conn: AsyncConnection,
    name: str,
    slug: str,
    *,
    description: str | None,
    rule: str | None,
    asset_type: str,
    method: str,
) -> UUID:
    """Add a board of the user's own, behind all others; one of that name may have been removed."""
    rows = list(await conn.execute(select(domains)))
    if any(row.is_active and (row.slug == slug or row.name.casefold() == name.casefold()) for row in rows):
        raise InputError(
            f"there is a board called {name!r} already", mend="choose another name, or edit that one"
        )
    if any(row.slug == slug or row.name.casefold() == name.casefold() for row in rows):
        raise InputError(
            f"a removed board was called {name!r}", mend="choose another name: its history is kept"
        )
    domain_id = new_id()
    values = {"description": description, "rule": rule, "asset_type": asset_type, "method": method}
    values |= {"calendar": EVERY_DAY} if asset_type == BOX else {}
    await conn.execute(
        insert(domains).values(
            id=domain_id,
            name=name,
            slug=slug,
            kind="universe" if rule == "all" else "custom",
            position=1 + max((row.position for row in rows), default=0),
            **values,
        )
    )
    return domain_id


async def set_method(conn: AsyncConnection, domain_id: UUID, method: str) -> None:
    """Rank a board by another method from now on."""
    await conn.execute(update(domains).where(domains.c.id == domain_id).values(method=method))


async def set_active(conn: AsyncConnection, domain_id: UUID, *, active: bool) -> None:
    """Take a board out of use, or back into it."""
    await conn.execute(update(domains).where(domains.c.id == domain_id).values(is_active=active))
