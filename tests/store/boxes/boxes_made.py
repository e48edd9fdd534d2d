"""Boxes and observations for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.store.boxes.box_products import PRODUCT, add_products
from pacesetter.store.boxes.boxes import SEEN, upsert_observations
from pacesetter.store.database.counts import Counts
from tests.store.made import NOW, open_import

Seen = tuple[str, date, str, float | None, float | None, float | None, float | None]


async def add_boxes(conn: AsyncConnection, symbols: Sequence[str], **facts: Any) -> None:
    """Known boxes, called by their sources as their symbols in small letters."""
    rows = [{"symbol": symbol, "external_id": symbol.lower(), **facts} for symbol in symbols]
    await add_products(conn, pl.DataFrame(rows, schema=PRODUCT))


def observations(rows: Sequence[Seen]) -> pl.DataFrame:
    """Rows as they are stored: symbol, date, source, floor, listings, sold, added."""
    frame = pl.DataFrame(rows, schema=SEEN, orient="row")
    return frame.with_columns(original=pl.lit('{"a":"1"}'), told_as=pl.lit(None, pl.String))


async def bring(conn: AsyncConnection, rows: Sequence[Seen], at: datetime = NOW) -> tuple[Counts, int, Any]:
    """Import observations; the counts, the revision and the import's id."""
    import_id, revision = await open_import(conn, at)
    counts = await upsert_observations(conn, observations(rows), revision=revision, at=at)
    return counts, revision, import_id
