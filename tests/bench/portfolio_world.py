"""A synthetic home for portfolios: symbols with prices and exposures, portfolios with trades."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from pacesetter.jobs.portfolios.trade_prints import print_trade
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.ids import new_id
from pacesetter.market.calendar import sessions_before
from pacesetter.portfolio.exposure import load_definitions
from pacesetter.store.bars.bars import upsert_bars
from pacesetter.store.database.bulk import load_frame
from pacesetter.store.database.revisions import new_revision
from pacesetter.store.portfolios.exposures import EXPOSURE_SCHEMA, replace_exposures, seed_definitions
from pacesetter.store.symbols.symbols import set_basis, set_last_dates, upsert_symbols
from pacesetter.store.tables.portfolio import portfolios, trades

LAST = datetime(2025, 7, 24).date()
NOW = datetime(2025, 7, 25, tzinfo=UTC)
PROXIES = sorted({fund for one in load_definitions() for fund in one.proxies})


async def fill_market(ws: Workspace, *, symbols: int, sessions: int, seed: int) -> list[str]:
    """Random walks of ``symbols`` symbols and the factors' funds, and exposures on the last session."""
    rng = np.random.default_rng(seed)
    names = [f"S{i:04d}" for i in range(symbols)]
    every = [*names, *PROXIES]
    days = sessions_before("XNYS", LAST, sessions)
    steps = rng.normal(0.0003, 0.015, (len(every), sessions))
    close = np.round(50.0 * np.exp(np.cumsum(steps, axis=1)), 2)
    bars = pl.DataFrame(
        {
            "symbol": np.repeat(every, sessions),
            "date": pl.Series(days * len(every), dtype=pl.Date),
            **{name: close.ravel() for name in ("open", "high", "low", "close")},
            "adj_close": pl.Series([None] * close.size, dtype=pl.Float64),
            "volume": pl.Series(np.full(close.size, 1_000_000), dtype=pl.Int64),
            "is_final": np.ones(close.size, dtype=bool),
        }
    )
    async with ws.db.write() as conn:
        await upsert_symbols(conn, names, asset_type="equity", source="seed")
        await seed_definitions(conn, load_definitions())
        await set_basis(conn, every, "split")
        revision = await new_revision(conn, "import", NOW)
        await upsert_bars(conn, bars, source="files", revision=revision, fetched_at=NOW)
        await set_last_dates(conn, every)
        definitions = load_definitions()
        rows = pl.DataFrame(
            {
                "metric_date": pl.Series([LAST] * (len(names) * len(definitions)), dtype=pl.Date),
                "factor": [one.name for one in definitions for _ in names],
                "symbol": names * len(definitions),
                "beta": rng.normal(0.7, 0.4, len(names) * len(definitions)),
                "standard_error": rng.uniform(0.05, 0.2, len(names) * len(definitions)),
            }
        ).with_columns(
            r_squared=pl.lit(0.5),
            n_observations=pl.lit(63),
            calculation_method=pl.lit("ols_regression"),
            regularisation=pl.lit(None, pl.Float64),
            window=pl.lit(63),
            quality_flag=pl.lit("full"),
            vif=pl.lit(None, pl.Float64),
            data_revision=pl.lit(revision),
            computed_at=pl.lit(NOW).cast(pl.Datetime("us", "UTC")),
        )
        frame = rows.select(*EXPOSURE_SCHEMA).cast(EXPOSURE_SCHEMA)  # type: ignore[arg-type]
        factors = [one.name for one in definitions]
        await replace_exposures(conn, frame, dates=[LAST], factors=factors, revision=revision)
    return names


async def fill_portfolios(
    ws: Workspace, names: list[str], *, count: int, holdings: int, sessions: int, seed: int
) -> None:
    """``count`` portfolios that bought ``holdings`` symbols over the first sessions and kept them."""
    rng = np.random.default_rng(seed)
    days = sessions_before("XNYS", LAST, sessions)
    made: list[dict[str, Any]] = []
    bought: list[dict[str, Any]] = []
    for p in range(count):
        portfolio_id = new_id()
        made.append({"id": portfolio_id.bytes, "name": f"P{p:05d}", "base_currency": "USD"})
        chosen = rng.choice(len(names), holdings, replace=False)
        on = rng.integers(2, sessions // 2, holdings)
        for n, (s, day) in enumerate(zip(chosen, on, strict=True)):
            trade: dict[str, Any] = {
                "action": "buy",
                "symbol": names[s],
                "quantity": Decimal(int(rng.integers(10, 500))),
                "price": Decimal("50.25"),
                "amount": None,
                "commission": Decimal("1.5"),
                "currency": "USD",
                "traded_on": days[day],
            }
            more = {"id": new_id(), "portfolio_id": portfolio_id, "sequence": n, "repeat": 0}
            at = datetime.combine(days[day], time(), UTC)
            bought.append({**trade, **more, "fingerprint": print_trade(**trade), "timestamp": at})
    async with ws.db.write() as conn:
        await load_frame(conn, portfolios, pl.DataFrame(made))
        for start in range(0, len(bought), 5000):
            await conn.execute(trades.insert(), bought[start : start + 5000])
