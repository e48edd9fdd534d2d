"""Fetch new bars from the chosen provider and take them in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.choose_provider import choose_provider
from pacesetter.jobs.take_in import judge_bars, store_verdict
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ProviderError
from pacesetter.providers.base import FetchRequest, FetchResult, Provider, SymbolFailure
from pacesetter.settings import Source
from pacesetter.store import cycles
from pacesetter.store.actions import upsert_actions
from pacesetter.store.bars import unsettled_symbols
from pacesetter.store.cycles import Claim
from pacesetter.store.fundamentals import upsert_fundamentals
from pacesetter.store.revisions import new_revision
from pacesetter.store.snapshots import write_snapshots
from pacesetter.store.symbols import known_symbols, list_symbols, set_basis, upsert_symbols

HISTORY = timedelta(days=3 * 366)  # enough for every shipped factor's window, with holes
SILENT = timedelta(days=30)  # no bar for so long: halted or delisted
OVERLAP = timedelta(days=7)  # asked for again each time: late corrections arrive within days


@dataclass(frozen=True)
class Fetched:
    """Where bars came from (None: nobody was asked), and what went wrong for which symbol."""

    source: str | None = None
    failures: Sequence[SymbolFailure] = field(default_factory=tuple)
    said: Sequence[str] = field(default_factory=tuple)


async def fetch_and_store(ws: Workspace, claim: Claim, metric_date: date, source: Source | None) -> Fetched:
    """Bring the stored bars up to ``metric_date``.

    Nobody is asked when the source is ``none``, when the stage is already behind, or
    when every followed symbol has that session's final bar. A provider that is down
    leaves the last good data standing: said, never an error of the cycle.
    """
    provider = choose_provider(ws, source)
    if provider is None or claim.stage not in ("fetch", "quality", "store"):
        return Fetched()
    await follow(ws, provider)
    async with ws.db.read() as conn:
        followed = [row for row in await list_symbols(conn) if row.is_active]
        unsettled = await unsettled_symbols(conn)
    behind = [
        row
        for row in followed
        if row.last_price_date is None
        or row.last_price_date < metric_date
        or (row.last_price_date == metric_date and row.symbol in unsettled)
    ]
    if not behind:
        return Fetched()
    new = [row.symbol for row in behind if row.last_price_date is None]
    known = [row for row in behind if row.last_price_date is not None]
    said: list[str] = []
    failures: list[SymbolFailure] = []
    fetched = False
    requests = [(new, metric_date - HISTORY)]
    # apart, so that one delisted symbol does not make all the others ask for years
    for silent in (False, True):
        rows = [row for row in known if (row.last_price_date < metric_date - SILENT) == silent]
        oldest = min((row.last_price_date for row in rows), default=metric_date)
        requests.append(([row.symbol for row in rows], oldest - OVERLAP))
    for symbols, first in requests:
        if not symbols:
            continue
        request = FetchRequest(tuple(symbols), first, metric_date)
        try:
            result = await asyncio.to_thread(provider.fetch, request, ws.clock)
        except ProviderError as error:
            said.append(f"{provider.name}: {error}; ranking goes on with the stored prices")
            continue
        failures += result.failures
        fetched = True
        failures += await store_result(ws, claim, result)
    return Fetched(provider.name if fetched else None, failures, list(dict.fromkeys(said)))


async def follow(ws: Workspace, provider: Provider) -> None:
    """Make the benchmark known, and what the provider brings of its own accord."""
    wanted = {*provider.symbols(), ws.settings.benchmark}
    async with ws.db.read() as conn:
        missing = sorted(wanted - set(await known_symbols(conn, sorted(wanted))))
    if missing:
        async with ws.db.write() as conn:
            await upsert_symbols(conn, missing, asset_type=None, source="batch")


async def refuse_other_basis(
    conn: AsyncConnection, result: FetchResult
) -> tuple[FetchResult, list[SymbolFailure]]:
    """One symbol, one basis: bars adjusted otherwise than the stored ones are left out, and said."""
    known = await known_symbols(conn, result.bars["symbol"].unique().to_list())
    others = {s: row.basis for s, row in known.items() if row.basis not in (None, result.basis)}
    if not others:
        return result, []
    failures = [
        SymbolFailure(
            symbol,
            "other_basis",
            f"stored prices are adjusted as {basis!r}, {result.source} gives {result.basis!r}: "
            "go on with files of the stored kind, or start another --home with this source",
        )
        for symbol, basis in sorted(others.items())
    ]
    mine = ~pl.col("symbol").is_in(list(others))
    kept = replace(result, bars=result.bars.filter(mine), actions=result.actions.filter(mine))
    return kept, failures


async def store_result(ws: Workspace, claim: Claim, result: FetchResult) -> list[SymbolFailure]:
    """Judge and store one reply, and note in the same transaction how far the cycle is.

    Returns the symbols whose stored prices are on another adjustment basis.
    """
    async with ws.db.write() as conn:
        result, refused = await refuse_other_basis(conn, result)
        await cycles.advance(conn, claim, stage="store")
        revision = await new_revision(conn, "fetch", result.fetched_at)
        symbols = result.bars["symbol"].unique().to_list()
        await set_basis(conn, symbols, result.basis)
        await upsert_actions(
            conn, result.actions, source=result.source, revision=revision, known_at=result.fetched_at
        )
        verdict = await judge_bars(ws, conn, result.bars, result.source)
        await store_verdict(conn, verdict, source=result.source, revision=revision, at=result.fetched_at)
        if not result.facts.is_empty():
            await upsert_fundamentals(
                conn,
                result.facts,
                known_on=None,
                revision=revision,
                fetched_at=result.fetched_at,
                source=result.source,
            )
        await write_snapshots(conn, verdict.accepted, source=result.source, claim=claim, at=result.fetched_at)
    return refused
