"""Texts of research, news, insiders and people: evidence with the instant it was known at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.database.bulk import chunks
from pacesetter.store.database.records import Records
from pacesetter.store.tables.inbox import research_texts as research_texts_table


@dataclass(frozen=True, kw_only=True)
class TextRow:
    """Something that was noted of a symbol, or of markets."""

    id: UUID
    kind: str
    symbol: str | None = None
    stock_id: UUID | None = None
    noted_on: date
    known_at: datetime
    title: str
    source: str
    body: str
    data: Any
    sha256: str
    inbox_file_id: UUID | None = None
    user_id: UUID | None = None
    deleted_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


research_texts = Records(research_texts_table, TextRow, "text")


def hash_text(
    kind: str, symbol: str | None, noted_on: date, title: str, source: str, body: str, data: Any
) -> str:
    """SHA-256 (hex) of what a text says, whenever it came: the same text is kept once."""
    said = [kind, symbol, noted_on.isoformat(), title, source, body, data]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


async def leave_known(conn: AsyncConnection, rows: Sequence[TextRow]) -> list[TextRow]:
    """Those of the rows that are not kept yet, each once."""
    of = research_texts_table.c
    have: set[tuple[str, str]] = set()
    for chunk in chunks([row.sha256 for row in rows]):
        found = await conn.execute(select(of.kind, of.sha256).where(of.sha256.in_(chunk)))
        have |= {(row.kind, row.sha256) for row in found}
    fresh = {(row.kind, row.sha256): row for row in rows if (row.kind, row.sha256) not in have}
    return list(fresh.values())
