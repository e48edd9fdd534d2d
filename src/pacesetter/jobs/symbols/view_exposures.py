"""What a symbol is exposed to, as people see it: every factor with its value or the reason for none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Row

from pacesetter.jobs.symbols.batch_dates import newest_final, span
from pacesetter.jobs.symbols.block_work import Found
from pacesetter.jobs.symbols.exposure_returns import load_returns, measure, rows_of
from pacesetter.jobs.words import in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadDate, BadParameter, unknown
from pacesetter.market.calendar import is_session, latest_session_on
from pacesetter.portfolio.exposure import REASONS, FactorDefinition, load_definitions
from pacesetter.store.bars.bars import newest_price_date
from pacesetter.store.portfolios.exposures import exposures_of, list_definitions, replace_exposures
from pacesetter.store.symbols.symbols import find_symbol, known_symbols
from pacesetter.store.work.batch_phases import newest_done

MOST_SESSIONS = 2600  # of a history: ten years

Key = tuple[date, str]  # session and factor
Rows = dict[Key, dict[str, Any]]
Reasons = dict[Key, tuple[str, int]]  # why there is no value, and how many sessions counted


@dataclass(frozen=True)
class ExposureView:
    """A symbol's exposure to a factor on a session: a value with how sure it is, or a reason for none.
    ``origin``: stored, or computed for this answer; ``method`` is the calculation's name."""

    on: date
    factor: str
    label: str
    kind: str
    method: str
    proxy: str
    minus: str | None
    window: int
    min_observations: int
    regularisation: float | None
    beta: float | None = None
    se: float | None = None
    r2: float | None = None
    n: int | None = None
    vif: float | None = None
    quality: str | None = None
    reason: str | None = None
    because: str | None = None
    origin: str = "stored"
    computed_at: datetime | None = None


@dataclass(frozen=True)
class ExposuresView:
    """Exposures of a symbol, oldest session first, factors in their order; ``as_of``: the newest session;
    not ``complete``: some that are not stored were not computed."""

    symbol: str
    name: str | None
    asset_type: str
    as_of: date | None
    rows: list[ExposureView]
    complete: bool


@dataclass(frozen=True)
class DefinitionView:
    """A factor, and the newest session on which all its funds have prices."""

    name: str
    label: str
    kind: str
    proxy: str
    minus: str | None
    method: str
    window: int
    min_observations: int
    regularisation: float | None
    proxy_priced_on: date | None


async def view_exposures(
    ws: Workspace,
    symbol: str,
    *,
    on: date | None = None,
    first: date | None = None,
    last: date | None = None,
    factor: str | None = None,
    compute: bool = True,
    store: bool = False,
) -> ExposuresView:
    """A symbol's exposures on a session (default: the newest of the batch) or on each of a span.

    What is not stored is computed, unless ``compute`` is false, and kept where ``store`` is true.
    ``UnknownName`` for no known symbol or factor, ``BadDate`` for a day that cannot be asked for.
    """
    definitions = [one for one in load_definitions() if factor in (None, one.name)]
    if not definitions:
        raise unknown("factor", str(factor), [one.name for one in load_definitions()])
    dates = await choose_dates(ws, on, first, last)
    async with ws.db.read() as conn:
        about = await find_symbol(conn, symbol)
        stored = await exposures_of(conn, about.symbol, dates[0], dates[-1], factor=factor) if dates else None
    rows = {} if stored is None else by_key(stored)
    absent = [day for day in dates if any((day, one.name) not in rows for one in definitions)]
    reasons: Reasons = {}
    fresh: set[Key] = set()
    if absent and compute:
        found = await compute_rows(ws, about.symbol, definitions, absent, store=store)
        fresh = {key for key in found[0] if key not in rows}
        rows, reasons = {**found[0], **rows}, found[1]
    views = [
        view_of(one, day, rows.get((day, one.name)), reasons.get((day, one.name)), (day, one.name) in fresh)
        for day in dates
        for one in definitions
    ]
    as_of = dates[-1] if dates else None
    return ExposuresView(about.symbol, about.name, about.asset_type, as_of, views, compute or not absent)


async def choose_dates(ws: Workspace, on: date | None, first: date | None, last: date | None) -> list[date]:
    """The sessions asked for; by default the newest of the batch, or the newest with prices."""
    mic, newest = ws.settings.calendar, newest_final(ws)
    if on is not None and (first is not None or last is not None):
        raise BadParameter("a day and a span exclude each other", where="on", mend="give on, or from and to")
    for name, day in (("on", on), ("from", first), ("to", last)):
        if day is not None and day > newest:
            raise BadDate(
                f"the prices of {day} are not final yet", where=name, mend=f"the newest final ones: {newest}"
            )
    async with ws.db.read() as conn:
        done, priced = await newest_done(conn), await newest_price_date(conn)
    default = done or (None if priced is None else min(latest_session_on(mic, priced), newest))
    if first is not None or last is not None:
        dates = span(mic, first or last or newest, last or max(default or newest, first or newest))
        if len(dates) > MOST_SESSIONS:
            raise BadDate(f"{len(dates)} sessions are too many", mend=f"ask for at most {MOST_SESSIONS}")
        return dates
    if on is not None and not is_session(mic, on):
        before = latest_session_on(mic, on)
        raise BadDate(f"{on} is no trading day", where="on", mend=f"the session before it is {before}")
    chosen = on or default
    return [] if chosen is None else [chosen]


async def compute_rows(
    ws: Workspace,
    symbol: str,
    definitions: Sequence[FactorDefinition],
    dates: Sequence[date],
    *,
    store: bool,
) -> tuple[Rows, Reasons]:
    """A symbol's exposures as rows, and the reasons where there are none, by session and factor.

    ``store``: keep those of sessions that the batch is done with.
    """
    every = load_definitions() if store else definitions
    returns = await load_returns(ws, dates, [symbol])
    if symbol not in returns.symbols:
        return {}, {(day, one.name): ("no_bars", 0) for day in dates for one in definitions}
    place = returns.symbols.index(symbol)
    found = await asyncio.to_thread(measure, returns, every, dates)
    revision = returns.revision
    rows = rows_of(found, every, dates, returns.symbols, revision=revision, at=ws.now())
    rows = rows.filter(pl.col("symbol") == symbol)
    if store:
        names = [one.name for one in every]
        async with ws.db.write() as conn:
            done = await newest_done(conn)
            kept = [day for day in dates if done is not None and day <= done]
            own = rows.filter(pl.col("metric_date").is_in(kept))
            await replace_exposures(conn, own, dates=kept, factors=names, revision=revision, symbols=[symbol])
    told = reasons_of(found, definitions, dates, place)
    return by_key(rows), told


def by_key(frame: pl.DataFrame) -> Rows:
    """Exposures of one symbol by session and factor."""
    return {(row["metric_date"], row["factor"]): row for row in frame.rows(named=True)}


def reasons_of(
    found: Found, definitions: Sequence[FactorDefinition], dates: Sequence[date], place: int
) -> Reasons:
    """Why the symbol at a place has no exposure, by session and factor."""
    reasons: Reasons = {}
    for one in definitions:
        own = found[one.name]
        codes, counts = own.reason[:, place].tolist(), own.n[:, place].tolist()
        for day, code, n in zip(dates, codes, counts, strict=True):
            if code:
                reasons[day, one.name] = (REASONS[code], n)
    return reasons


def view_of(
    one: FactorDefinition, on: date, row: dict[str, Any] | None, none: tuple[str, int] | None, fresh: bool
) -> ExposureView:
    """One factor on one session."""
    names = ("label", "kind", "proxy", "minus", "window", "min_observations", "regularisation")
    head = {name: getattr(one, name) for name in names}
    head |= {"on": on, "factor": one.name, "method": one.calculation_method}
    if row is None:
        reason, n = none or (None, None)
        return ExposureView(**head, n=n, reason=reason, because=in_words(reason) or None, origin="computed")
    return ExposureView(
        **{**head, "window": row["window"], "regularisation": row["regularisation"]},
        beta=row["beta"],
        se=row["standard_error"],
        r2=row["r_squared"],
        n=row["n_observations"],
        vif=row["vif"],
        quality=row["quality_flag"],
        origin="computed" if fresh else "stored",
        computed_at=row["computed_at"],
    )


async def view_definitions(ws: Workspace) -> tuple[date | None, list[DefinitionView]]:
    """The newest session of the batch, and all factors in their order."""
    async with ws.db.read() as conn:
        rows, as_of = await list_definitions(conn), await newest_done(conn)
        known = await known_symbols(conn, [fund for row in rows for fund in (row.proxy, row.minus) if fund])
    return as_of, [definition_of(row, known) for row in rows]


def definition_of(row: Row[Any], known: dict[str, Row[Any]]) -> DefinitionView:
    """A factor as people see it."""
    priced = [known[fund].last_price_date for fund in (row.proxy, row.minus) if fund]
    names = ("name", "label", "kind", "proxy", "minus", "window", "min_observations", "regularisation")
    return DefinitionView(
        **{name: getattr(row, name) for name in names},
        method=row.calculation_method,
        proxy_priced_on=None if None in priced else min(priced),
    )
