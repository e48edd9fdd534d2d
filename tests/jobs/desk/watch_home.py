"""A home with some symbols to watch."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from pacesetter.jobs.workspace import Workspace
from pacesetter.research.desk import load_desk
from pacesetter.store.symbols.symbols import upsert_symbols
from pacesetter.store.tables.symbol import symbol_universe
from tests.jobs.home import with_home

AT = datetime(2025, 3, 14, 12, 0, tzinfo=UTC)
ON = date(2025, 3, 14)
DESK = load_desk()


async def prepare(ws: Workspace) -> None:
    """AAA, BBB and CCC, which are equities, and the fund DDD, all with prices up to ``ON``."""
    async with ws.db.write() as conn:
        await upsert_symbols(conn, ["AAA", "BBB", "CCC"], asset_type="equity", source="admin")
        await upsert_symbols(conn, ["DDD"], asset_type="etf", source="admin")
        recent = {"last_price_date": ON}
        await conn.execute(update(symbol_universe).values(**recent))


def at_home(folder: Path, url: str, work: Any) -> None:
    """Work in such a home, at noon of ``ON``."""

    async def whole(ws: Workspace) -> None:
        await prepare(ws)
        await work(ws)

    with_home(folder, whole, url=url, at=AT)
