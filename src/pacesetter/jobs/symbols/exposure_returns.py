"""The returns that exposures are measured from, and the measured ones as rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import polars as pl

from pacesetter.jobs.symbols.block_work import Found, measure_blocks
from pacesetter.jobs.workspace import Workspace
from pacesetter.market.calendar import day_number, session_days, sessions_before
from pacesetter.market.panel import F8, I4, Panel
from pacesetter.market.symbol import PRICED
from pacesetter.portfolio.exposure import (
    REASONS,
    FactorDefinition,
    load_definitions,
    session_returns,
)
from pacesetter.store.bars.panels import load_panel, load_symbols
from pacesetter.store.portfolios.exposures import EXPOSURE_SCHEMA


@dataclass(frozen=True)
class Returns:
    """Simple returns of S symbols on T adjoining sessions (``days``), NaN for none, and the proxies'."""

    panel: Panel
    days: I4
    values: F8
    proxies: Mapping[str, F8]

    @property
    def symbols(self) -> tuple[str, ...]:
        """S symbols, in order."""
        return self.panel.symbols

    @property
    def revision(self) -> int:
        """The data revision that they are of."""
        return self.panel.revision

    def rows(self, dates: Sequence[date]) -> np.ndarray:
        """The rows of sessions."""
        return np.searchsorted(self.days, [day_number(on) for on in dates])


async def load_returns(
    ws: Workspace, dates: Sequence[date], symbols: Collection[str] | None = None
) -> Returns:
    """The returns of all symbols with prices (or of some), for exposures on ``dates``."""
    definitions = load_definitions()
    mic, until = ws.settings.calendar, [max(dates)]
    if symbols is None:
        panel = await load_panel(ws.db, ws.home, sessions=until, calendar=mic, asset_types=PRICED)
    else:
        wanted = {*symbols, *funds_of(definitions)}
        panel = await load_symbols(ws.db, wanted, sessions=until, calendar=mic, asset_types=PRICED)
    return await asyncio.to_thread(returns_of, panel, mic, dates, definitions)


def funds_of(definitions: Sequence[FactorDefinition]) -> set[str]:
    """The funds that stand for factors."""
    return {fund for one in definitions for fund in one.proxies}


def returns_of(
    panel: Panel, calendar: str, dates: Sequence[date], definitions: Sequence[FactorDefinition]
) -> Returns:
    """The returns of a panel's symbols on all sessions that exposures on ``dates`` look at."""
    longest = max(one.window for one in definitions)
    first = sessions_before(calendar, min(dates), longest + 1)[0]
    days = session_days(calendar, first, max(dates))
    values = session_returns(panel, days)
    funds = funds_of(definitions)
    proxies = {
        symbol: np.ascontiguousarray(values[:, s])
        for s, symbol in enumerate(panel.symbols)
        if symbol in funds
    }
    return Returns(panel, days, values, proxies)


def measure(
    returns: Returns,
    definitions: Sequence[FactorDefinition],
    dates: Sequence[date],
    *,
    scheduler: str | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Found:
    """Exposures to ``definitions`` on ``dates``: only the sessions that they look at are handed on."""
    ends = returns.rows(dates)
    longest = max(one.window for one in definitions)
    first = max(int(ends.min()) - longest + 1, 0)
    part = slice(first, int(ends.max()) + 1)
    return measure_blocks(
        definitions,
        returns.values[part],
        {symbol: own[part] for symbol, own in returns.proxies.items()},
        ends - first,
        scheduler=scheduler,
        tell=tell,
    )


def rows_of(
    found: Found,
    definitions: Sequence[FactorDefinition],
    dates: Sequence[date],
    symbols: Sequence[str],
    *,
    revision: int,
    at: datetime,
) -> pl.DataFrame:
    """Exposures as rows (``EXPOSURE_SCHEMA``); none where there is no value."""
    names, days = pl.Series(symbols, dtype=pl.String), pl.Series(dates, dtype=pl.Date)
    parts = [pl.DataFrame(schema=EXPOSURE_SCHEMA)]
    for one in definitions:
        own = found[one.name]
        d, s = np.nonzero(own.reason == 0)
        quality = np.where(own.full[d, s], 1, 0)
        parts.append(
            pl.DataFrame(
                {
                    "metric_date": days.gather(d),
                    "symbol": names.gather(s),
                    "beta": own.beta[d, s],
                    "standard_error": own.standard_error[d, s],
                    "r_squared": own.r_squared[d, s],
                    "n_observations": own.n[d, s],
                    "quality_flag": pl.Series(["limited", "full"]).gather(quality),
                    "vif": own.vif[d, s],
                }
            )
            .with_columns(
                *(finite(name) for name in ("standard_error", "r_squared", "vif")),
                factor=pl.lit(one.name),
                calculation_method=pl.lit(one.calculation_method),
                regularisation=pl.lit(one.regularisation, pl.Float64),
                window=pl.lit(one.window),
                data_revision=pl.lit(revision),
                computed_at=pl.lit(at).cast(pl.Datetime("us", "UTC")),
            )
            .select(*EXPOSURE_SCHEMA)
            .cast(EXPOSURE_SCHEMA)  # type: ignore[arg-type]
        )
    return pl.concat(parts)


def finite(name: str) -> pl.Expr:
    """A column with nothing where it is NaN or infinite."""
    return pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name)


def left_out(
    found: Found, definitions: Sequence[FactorDefinition], symbols: Sequence[str], row: int = 0
) -> dict[str, list[str]]:
    """Who has no value of one of the factors on the date of ``row``, by reason."""
    problems: dict[str, dict[str, None]] = {}
    for one in definitions:
        reasons = found[one.name].reason[row]
        for code in np.unique(reasons[reasons > 0]).tolist():
            names = problems.setdefault(REASONS[code], {})
            names.update(dict.fromkeys(symbols[s] for s in np.flatnonzero(reasons == code).tolist()))
    return {reason: list(names) for reason, names in problems.items()}
