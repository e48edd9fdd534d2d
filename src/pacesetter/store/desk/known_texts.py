"""Texts as they were known at an instant."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.desk.research_texts import TextRow, research_texts
from pacesetter.store.tables.inbox import research_texts as table


async def texts_known(conn: AsyncConnection, after: date, on: date, known_until: datetime) -> list[TextRow]:
    """Texts noted after ``after``, up to ``on``, and known by ``known_until``, the newest first."""
    of = table.c
    return await research_texts.find(
        conn,
        of.noted_on > after,
        of.noted_on <= on,
        of.known_at <= known_until,
        order_by=(of.noted_on.desc(), of.known_at.desc(), of.sha256, of.kind),
    )
