"""Small made-up rows for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.kernel.ids import new_id
from pacesetter.store.bars.bars import BAR_FRAME, upsert_bars
from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.counts import Counts
from pacesetter.store.database.revisions import new_revision, start_import
from pacesetter.store.tables.symbol import symbol_universe

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)


def bar(symbol: str, on: date, close: float | None, **more: Any) -> dict[str, Any]:
    """One bar around ``close``."""
    assert close is not None
    plain = {"open": close, "high": close + 1, "low": close - 1, "adj_close": None, "volume": 1000}
    return {"symbol": symbol, "date": on, "close": close, "is_final": True, **plain, **more}


def bars(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """A frame of bars."""
    return pl.DataFrame(rows, schema=BAR_FRAME)


def some_bars(symbol: str, first: date, closes: Sequence[float], **more: Any) -> pl.DataFrame:
    """Bars on consecutive calendar days."""
    return bars([bar(symbol, first + timedelta(days=i), c, **more) for i, c in enumerate(closes)])


async def add_symbols(
    conn: AsyncConnection, symbols: Sequence[str], *, kind: str = "equity", basis: str | None = None
) -> None:
    """Known symbols."""
    rows = [(s, kind, "USD", "USD", basis, "admin") for s in symbols]
    columns = ("symbol", "asset_type", "currency", "quote_unit", "basis", "added_source")
    await load_frame(
        conn, symbol_universe, pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    )


async def write(
    conn: AsyncConnection, frame: pl.DataFrame, cause: str = "fetch", at: datetime = NOW
) -> tuple[Counts, int]:
    """Upsert under a revision of its own; the counts and the revision."""
    revision = await new_revision(conn, cause, at)
    return await upsert_bars(conn, frame, source="test", revision=revision, fetched_at=at), revision


async def open_import(conn: AsyncConnection, at: datetime = NOW) -> tuple[Any, int]:
    """A started import and its revision."""
    import_id = new_id()
    await start_import(conn, import_id, kind="prices", file_name="f.csv", sha256="0" * 64, options={}, at=at)
    return import_id, await new_revision(conn, "import", at, import_id)


async def bring(conn: AsyncConnection, frame: pl.DataFrame, at: datetime = NOW) -> Any:
    """Import bars; the import's id."""
    import_id, revision = await open_import(conn, at)
    await upsert_bars(conn, frame, source="files", revision=revision, fetched_at=at)
    return import_id


async def closes(conn: AsyncConnection) -> dict[tuple[str, str], float]:
    """What is stored now: (symbol, date) → close."""
    rows = await conn.execute(text("SELECT symbol, date, close FROM market_data_cache"))
    return {(s, str(d)): c for s, d, c in rows}


async def history(conn: AsyncConnection) -> list[tuple[Any, ...]]:
    """What was replaced or removed: symbol, date, known_from, known_to, close."""
    rows = await conn.execute(
        text(
            "SELECT symbol, date, known_from, known_to, close FROM market_data_revisions "
            "ORDER BY symbol, date, known_to"
        )
    )
    return [(s, str(d), a, b, c) for s, d, a, b, c in rows]
