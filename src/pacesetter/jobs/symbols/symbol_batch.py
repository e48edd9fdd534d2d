"""The nightly batch: once a night for every symbol, so that portfolios only have to add up.

For each session, the phases of ``store.batch_phases.PHASES`` one after the other:

    prices         the newest final bars are fetched, by the daily cycle's own function
    market_beta    exposures to the market, by least squares
    rate_beta      exposures to interest rates, the same
    ridge          exposures to the six styles, jointly
    spread         exposures to the four spreads
    daily_metrics  price, returns, ratios and style exposures, one row a symbol

A phase writes its rows and its own state in one transaction. So a batch that was cut off goes on with
the phase that it was in, and one that is done with the same data is left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from time import perf_counter

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.symbols.batch_dates import plan_dates
from pacesetter.jobs.symbols.batch_phase import Measured, PhaseReport, Tell, do_phase
from pacesetter.jobs.symbols.batch_prices import Prices
from pacesetter.jobs.symbols.daily_figures import figures_of
from pacesetter.jobs.symbols.exposure_returns import Returns, left_out, load_returns, measure, rows_of
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.portfolio.exposure import FactorDefinition, load_definitions
from pacesetter.providers.base import SymbolFailure
from pacesetter.store.bars.price_counts import count_prices
from pacesetter.store.database.revisions import newest_revision
from pacesetter.store.portfolios.daily_metrics import upsert_metrics
from pacesetter.store.portfolios.exposures import betas_on, replace_exposures
from pacesetter.store.symbols.symbols import known_symbols, list_symbols
from pacesetter.store.tables.exposure import BETAS
from pacesetter.store.work.batch_phases import PHASES, Phase, newest_done

KINDS: dict[str, str] = {"market_beta": "market", "rate_beta": "rate", "ridge": "ridge", "spread": "spread"}


@dataclass(frozen=True)
class BatchReport:
    """What a batch did. ``status``: done, taken (another process works on it), or incomplete (of some
    sessions nobody has a price: ``not_measured``, with the reason; the next batch tries again);
    ``metric_date``: the newest session that it was for; ``said``: what a person should know."""

    status: str
    metric_date: date | None
    phases: Sequence[PhaseReport] = field(default_factory=tuple)
    failures: Sequence[SymbolFailure] = field(default_factory=tuple)
    said: Sequence[str] = field(default_factory=tuple)
    took_s: float = 0.0
    not_measured: Mapping[date, str] = field(default_factory=dict)


async def run_batch(
    ws: Workspace,
    *,
    on: date | None = None,
    first: date | None = None,
    last: date | None = None,
    until: date | None = None,
    progress: Progress = say_nothing,
) -> BatchReport:
    """Bring the batch up to the newest session with final prices, the missed ones first.

    ``on``: only that session; ``first`` and ``last``: every session from the one to the other; ``until``:
    none after it. Safe to run again and from several processes: each phase of a session is done once for
    the same data. ``BadDate`` for a day without a session or in the future.
    """
    started = perf_counter()
    plan = await plan_dates(ws, on=on, first=first, last=last, until=until)
    batch = Batch(ws, plan.dates, progress)
    for session in plan.dates:
        for phase in PHASES:
            report = await batch.do(session, phase)
            batch.reports.append(report)
            if report.state in ("taken", "failed"):  # the session's later phases wait for this one
                break
        if batch.reports[-1].state == "taken":
            break
    taken = bool(batch.reports) and batch.reports[-1].state == "taken"
    without = {one.on: one.error or "" for one in batch.reports if one.state == "failed"}
    return BatchReport(
        "taken" if taken else "incomplete" if without else "done",
        plan.dates[-1] if plan.dates else None,
        batch.reports,
        batch.prices.failures,
        [*plan.said, *batch.prices.said, *(f"{on} is not measured: {why}" for on, why in without.items())],
        perf_counter() - started,
        without,
    )


async def measure_symbols(ws: Workspace, symbols: Sequence[str], *, on: date | None = None) -> None:
    """Exposures and daily figures of some symbols only, on the newest session of the batch (or ``on``)."""
    if not symbols:
        return
    if on is None:
        async with ws.db.read() as conn:
            on = await newest_done(conn)
    dates = [on] if on is not None else (await plan_dates(ws)).dates
    if not dates:
        return
    on, definitions = dates[-1], load_definitions()
    returns = await load_returns(ws, [on], symbols)
    found = await asyncio.to_thread(measure, returns, definitions, [on])
    rows = rows_of(found, definitions, [on], returns.symbols, revision=returns.revision, at=ws.now())
    rows = rows.filter(rows["symbol"].is_in(list(symbols)))
    async with ws.db.write() as conn:
        await write_exposures(conn, returns, rows, on, definitions, symbols)
        about = (await known_symbols(conn, symbols)).values()
        betas = await betas_on(conn, on, BETAS, symbols)
        figures, _ = figures_of(returns.panel, on, list(about), betas, at=ws.now())
        await write_figures(conn, figures.filter(pl.col("symbol").is_in(list(symbols))), on)


class Batch:
    """The batch of some sessions: the panel is loaded once, when the first phase needs it."""

    def __init__(self, ws: Workspace, dates: Sequence[date], progress: Progress) -> None:
        self.ws, self.dates, self.progress = ws, dates, progress
        self.definitions = load_definitions()
        self.prices = Prices(ws, dates[-1] if dates else None)
        self.reports: list[PhaseReport] = []
        self._returns: Returns | None = None

    async def do(self, on: date, phase: Phase) -> PhaseReport:
        """One phase of one session."""
        async with self.ws.db.read() as conn:
            revision = self._returns.revision if self._returns else await newest_revision(conn)
            _, total = await count_prices(conn, on)
        if phase == "prices":
            work = partial(self.prices.bring, on)
        elif phase == "daily_metrics":
            work = partial(self.figure, on)
        else:
            work = partial(self.expose, on, [one for one in self.definitions if one.kind == KINDS[phase]])
        return await do_phase(
            self.ws, on, phase, work, revision=revision, total=total, progress=self.progress
        )

    async def returns(self) -> Returns:
        """The returns of all symbols, as they were when the first phase asked for them."""
        if self._returns is None:
            self._returns = await load_returns(self.ws, self.dates)
        return self._returns

    async def expose(self, on: date, definitions: Sequence[FactorDefinition], tell: Tell) -> Measured:
        """Exposures to factors."""
        returns = await self.returns()
        scheduler = self.ws.settings.dask_scheduler
        work = partial(measure, returns, definitions, [on], scheduler=scheduler, tell=tell)
        found = await asyncio.to_thread(work)
        rows = rows_of(found, definitions, [on], returns.symbols, revision=returns.revision, at=self.ws.now())
        return Measured(
            returns.revision,
            rows["symbol"].n_unique(),
            len(returns.symbols),
            lambda conn: write_exposures(conn, returns, rows, on, definitions),
            left_out(found, definitions, returns.symbols),
        )

    async def figure(self, on: date, tell: Tell) -> Measured:
        """The day's figures."""
        returns = await self.returns()
        async with self.ws.db.read() as conn:
            about, betas = await list_symbols(conn), await betas_on(conn, on, BETAS)
        frame, nobody = await asyncio.to_thread(
            partial(figures_of, returns.panel, on, about, betas, at=self.ws.now())
        )
        tell(frame.height)
        return Measured(
            returns.revision,
            frame.height,
            len(returns.symbols),
            lambda conn: write_figures(conn, frame, on),
            nobody,
        )


async def write_exposures(
    conn: AsyncConnection,
    returns: Returns,
    rows: pl.DataFrame,
    on: date,
    definitions: Sequence[FactorDefinition],
    symbols: Sequence[str] | None = None,
) -> int:
    """Put exposures of a session in the place of the stored ones; how many rows."""
    names = [one.name for one in definitions]
    return await replace_exposures(
        conn, rows, dates=[on], factors=names, revision=returns.revision, symbols=symbols
    )


async def write_figures(conn: AsyncConnection, figures: pl.DataFrame, on: date) -> int:
    """Keep figures of a session; how many rows. After a newer session's only of who has none yet: whoever
    has fallen silent has the same newest price in both, but not the same exposures and quality."""
    newest = await newest_done(conn, "daily_metrics")
    return await upsert_metrics(conn, figures, replace=newest is None or on >= newest)
