"""Texts of research, news, insiders and people, as a list: what is known of each, and how it begins."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_

from pacesetter.jobs.workspace import Workspace
from pacesetter.store.desk.research_texts import TextRow, research_texts
from pacesetter.store.symbols.symbols import find_symbol

EXCERPT = 400  # characters
_of = research_texts.table.c


async def view_texts(
    ws: Workspace,
    *,
    symbol: str | None = None,
    kind: str | None = None,
    before: tuple[date, UUID] | None = None,
    limit: int = 100,
) -> tuple[list[TextRow], int]:
    """Texts behind ``before`` (``noted_on`` and id of one), newest first, and how many there are in all."""
    async with ws.db.read() as conn:
        where = [] if kind is None else [_of.kind == kind]
        if symbol is not None:
            where.append(_of.symbol == (await find_symbol(conn, symbol)).symbol)
        count = await research_texts.count(conn, *where)
        if before is not None:
            on, text_id = before
            where.append(or_(_of.noted_on < on, and_(_of.noted_on == on, _of.id < text_id)))
        order = [_of.noted_on.desc(), _of.id.desc()]
        return await research_texts.find(conn, *where, order_by=order, limit=limit), count


def excerpt_of(body: str) -> str:
    """How a text begins."""
    return body if len(body) <= EXCERPT else f"{body[:EXCERPT].rstrip()}…"
