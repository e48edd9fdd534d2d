"""The names of companies and funds, for lists that speak of symbols."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.database.bulk import chunks
from pacesetter.store.tables.symbol import symbol_universe


async def name_symbols(ws: Workspace, symbols: Collection[str]) -> dict[str, str | None]:
    """Name by symbol, None where none is known; symbols that nobody knows are left out."""
    of, found = symbol_universe.c, dict[str, str | None]()
    async with ws.db.read() as conn:
        for some in chunks(sorted(symbols)):
            rows = await conn.execute(select(of.symbol, of.name).where(of.symbol.in_(some)))
            found |= {row.symbol: row.name for row in rows}
    return found
