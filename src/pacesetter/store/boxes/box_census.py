"""How many boxes there are, and how far their observations and ranks reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boxes.box_pages import newest_box_dates
from pacesetter.store.tables.box import boxes
from pacesetter.store.tables.symbol import symbol_universe


@dataclass(frozen=True)
class Census:
    """``boxes`` that are joined into no other, ``unnamed`` of them; the newest date with observations, and
    with ranks."""

    boxes: int
    unnamed: int
    observed_on: date | None
    ranked_on: date | None


async def count_known(conn: AsyncConnection) -> Census:
    """The census of all boxes."""
    counted = select(func.count(), func.count(symbol_universe.c.name)).join_from(
        boxes, symbol_universe, symbol_universe.c.symbol == boxes.c.symbol
    )
    known, named = (await conn.execute(counted.where(boxes.c.joined_to.is_(None)))).one()
    ranked_on, observed_on = await newest_box_dates(conn)
    return Census(known, known - named, observed_on, ranked_on)
