"""A database to load panels from, and the comparison of a panel with plain rows."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import text

from pacesetter.market.calendar import sessions_between
from pacesetter.market.panel import Panel
from pacesetter.store.bars.panels import load_panel
from pacesetter.store.database.engine import Database
from pacesetter.store.database.home import Home
from tests.store.made import add_symbols, bar, bars, write

FIRST, LAST = date(2022, 11, 1), date(2024, 3, 15)
SESSIONS = sessions_between("XNYS", FIRST, LAST)


async def load(db: Database, home: Home, sessions: list[date] = SESSIONS, **more: Any) -> Panel:
    wanted = {"calendar": "XNYS", "asset_types": ["equity"], "benchmark": "SPY", **more}
    return await load_panel(db, home, sessions=sessions, **wanted)


async def fill(db: Database, rng: np.random.Generator) -> None:
    """Three stocks and SPY with holes, in an order that is not the symbols'."""
    async with db.write() as conn:
        await add_symbols(conn, ["B-B", "AAA", "ZZZ"], basis="split_dividend")
        await add_symbols(conn, ["SPY", "QQQ"], kind="etf", basis="split_dividend")
        rows = []
        for symbol in ("ZZZ", "SPY", "B-B", "QQQ", "AAA"):
            for on in SESSIONS:
                if rng.random() < 0.8:
                    volume = None if rng.random() < 0.1 else int(rng.integers(0, 10**9))
                    rows.append(bar(symbol, on, float(rng.lognormal()), volume=volume))
        await write(conn, bars(rows))


async def as_rows(db: Database, kinds: tuple[str, ...] = ("equity",), until: date = LAST) -> pl.DataFrame:
    """What the database holds, by plain SQL."""
    async with db.read() as conn:
        rows = await conn.execute(
            text(
                "SELECT b.symbol, b.date, b.close, b.volume, b.is_final FROM market_data_cache b "
                "JOIN symbol_universe u ON u.symbol = b.symbol "
                f"WHERE u.asset_type IN ('{chr(39).join(kinds)}') OR u.symbol = 'SPY'"
            )
        )
        plain = [(s, date.fromisoformat(str(d)), c, v, bool(f)) for s, d, c, v, f in rows]
    names = ["symbol", "date", "close", "volume", "final"]
    frame = pl.DataFrame(plain, schema=names, orient="row").filter(pl.col("date") <= until)
    return frame.with_columns(pl.col("volume").cast(pl.Float64)).sort("symbol", "date")


def as_frame(panel: Panel) -> pl.DataFrame:
    """A panel's bars in the same form."""
    return pl.DataFrame(
        {
            "symbol": [panel.symbols[i] for i in panel.owner],
            "date": pl.Series(panel.date, dtype=pl.Int32).cast(pl.Date),
            "close": panel.close,
            "volume": pl.Series(panel.volume).fill_nan(None),
            "final": panel.final,
        }
    )


async def check(db: Database, home: Home) -> Panel:
    """The panel equals the rows."""
    panel = await load(db, home)
    assert as_frame(panel).equals(await as_rows(db))
    return panel


def files(home: Home) -> dict[str, Path]:
    """Named segment files by period."""
    (manifest,) = home.panels.glob("*/manifest.json")
    plain = json.loads(manifest.read_text())["segments"]
    return {period: manifest.parent / one["file"] for period, one in plain.items()}
