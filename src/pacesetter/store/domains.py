"""Boards and their dated membership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.errors import unknown
from pacesetter.kernel.ids import new_id
from pacesetter.market.domain import SeedDomain
from pacesetter.store.symbols import describe_symbols
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


async def find_domain(conn: AsyncConnection, name: str) -> Row[Any]:
    """A board by its name or slug, however capitalised; ``UnknownName`` offers the nearest."""
    rows = await list_domains(conn)
    for row in rows:
        if name.casefold() in (row.name.casefold(), row.slug):
            return row
    raise unknown("board", name, [row.name for row in rows])
