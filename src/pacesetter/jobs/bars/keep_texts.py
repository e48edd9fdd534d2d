"""Keep what a provider has noted of symbols: each text once, with the instant it was known at."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.providers.base import NotedText
from pacesetter.store.database.bulk import chunks
from pacesetter.store.desk.research_texts import TextRow, hash_text, leave_known, research_texts
from pacesetter.store.tables.symbol import stocks


async def keep_texts(conn: AsyncConnection, texts: Sequence[NotedText]) -> int:
    """Store those that are not kept yet; returns how many. The symbols must be known."""
    stock_ids: dict[str, UUID] = {}
    for chunk in chunks(sorted({one.symbol for one in texts})):
        rows = await conn.execute(select(stocks.c.symbol, stocks.c.id).where(stocks.c.symbol.in_(chunk)))
        stock_ids |= {row.symbol: row.id for row in rows}
    fresh = await leave_known(conn, [row_of(one, stock_ids.get(one.symbol)) for one in texts])
    await research_texts.add(conn, fresh)
    return len(fresh)


def row_of(one: NotedText, stock_id: UUID | None) -> TextRow:
    """A text as it is stored."""
    said = (one.kind, one.symbol, one.noted_on, one.title, one.source, one.body, dict(one.data))
    return TextRow(
        id=new_id(),
        kind=one.kind,
        symbol=one.symbol,
        stock_id=stock_id,
        noted_on=one.noted_on,
        known_at=one.known_at,
        title=one.title,
        source=one.source,
        body=one.body,
        data=dict(one.data),
        sha256=hash_text(*said),
    )
