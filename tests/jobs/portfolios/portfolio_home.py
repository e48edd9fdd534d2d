"""A small market with known prices, for the tests of portfolios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import polars as pl

from pacesetter.jobs.imports.import_portfolio import ImportOutcome, import_portfolio
from pacesetter.jobs.portfolios.keep_portfolios import create_portfolio
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import sessions_before
from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.bars.bars import upsert_bars
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.symbols.symbols import describe_symbols, set_basis, set_last_dates, upsert_symbols

LAST = date(2025, 7, 24)
AT = datetime(2025, 7, 24, 21, tzinfo=UTC)


async def put_prices(
    ws: Workspace,
    closes: Mapping[str, Sequence[float]],
    *,
    basis: str = "raw",
    last: date = LAST,
    adjusted: Mapping[str, Sequence[float]] | None = None,
) -> list[date]:
    """Closes of symbols (and adjusted ones) on the sessions that end with ``last``; the sessions of the
    longest."""
    days = sessions_before("XNYS", last, max(len(line) for line in closes.values()))
    rows: list[dict[str, Any]] = []
    for symbol, line in closes.items():
        others = (adjusted or {}).get(symbol, [None] * len(line))
        for on, close, other in zip(days[-len(line) :], line, others, strict=True):
            same = dict.fromkeys(("open", "high", "low", "close"), float(close))
            rows.append(
                {"symbol": symbol, "date": on, **same, "adj_close": other, "volume": 1000, "is_final": True}
            )
    schema = {
        "symbol": pl.String,
        "date": pl.Date,
        **dict.fromkeys(("open", "high", "low", "close"), pl.Float64),
    }
    schema |= {"adj_close": pl.Float64, "volume": pl.Int64, "is_final": pl.Boolean}  # type: ignore[dict-item]
    async with ws.db.write() as conn:
        await upsert_symbols(conn, list(closes), asset_type=None, source="admin")
        await set_basis(conn, list(closes), basis)
        revision = await new_revision(conn, "import", ws.now())
        frame = pl.DataFrame(rows, schema=schema)
        await upsert_bars(conn, frame, source="files", revision=revision, fetched_at=ws.now())
        await set_last_dates(conn, list(closes))
    return days


async def put_action(ws: Workspace, symbol: str, on: date, kind: str, value: float) -> None:
    """A split or a dividend."""
    row = {"symbol": symbol, "ex_on": on, "kind": kind, "value": value, "currency": "USD"}
    async with ws.db.write() as conn:
        revision = await new_revision(conn, "import", ws.now())
        await upsert_actions(conn, pl.DataFrame([row]), source="files", revision=revision, known_at=ws.now())


async def in_currency(ws: Workspace, symbol: str, currency: str) -> None:
    """Say in which currency a symbol is quoted."""
    frame = pl.DataFrame({"symbol": [symbol], "currency": [currency], "quote_unit": [currency]})
    async with ws.db.write() as conn:
        await describe_symbols(conn, frame, source="admin")


async def make(ws: Workspace, name: str = "mine", **more: Any) -> UUID:
    """A portfolio that is nobody's own."""
    return (await create_portfolio(ws, name, user_id=None, **more)).id


async def take(ws: Workspace, portfolio_id: UUID, *lines: str, **more: Any) -> ImportOutcome:
    """Import lines of a file."""
    return await import_portfolio(ws, portfolio_id, "\n".join(lines).encode(), "file.csv", **more)
