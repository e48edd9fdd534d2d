"""How many boxes there are, and how far their observations and ranks reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.market.box_day import Ranked, choose_day
from pacesetter.store.boxes.box_pages import count_ranked_boxes
from pacesetter.store.tables.box import boxes
from pacesetter.store.tables.symbol import symbol_universe


@dataclass(frozen=True)
class Census:
    """``boxes`` that are joined into no other, ``unnamed`` of them; the newest date with observations, and
    with ranks enough to stand for the market; the last days with ranks, newest first, and how many
    are ranked on each."""

    boxes: int
    unnamed: int
    observed_on: date | None
    ranked_on: date | None
    ranked: list[Ranked]


async def count_known(conn: AsyncConnection) -> Census:
    """The census of all boxes."""
    counted = select(func.count(), func.count(symbol_universe.c.name)).join_from(
        boxes, symbol_universe, symbol_universe.c.symbol == boxes.c.symbol
    )
    known, named = (await conn.execute(counted.where(boxes.c.joined_to.is_(None)))).one()
    ranked, observed_on = await count_ranked_boxes(conn)
    return Census(known, known - named, observed_on, choose_day(ranked), ranked)
