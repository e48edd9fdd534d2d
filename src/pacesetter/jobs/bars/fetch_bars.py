"""Fetch new bars from the chosen provider and take them in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.choose_provider import choose_providers
from pacesetter.jobs.bars.keep_texts import keep_texts
from pacesetter.jobs.bars.take_in import judge_bars, store_verdict
from pacesetter.jobs.words import held_bar_in_words
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ProviderError
from pacesetter.market.quality import Verdict
from pacesetter.market.symbol import BOX
from pacesetter.providers.base import FetchRequest, FetchResult, Provider, SymbolFailure
from pacesetter.settings import Source
from pacesetter.store.bars.actions import upsert_actions
from pacesetter.store.bars.fundamentals import upsert_fundamentals
from pacesetter.store.bars.price_counts import unsettled_symbols
from pacesetter.store.bars.snapshots import write_snapshots
from pacesetter.store.database.revisions import drop_revision, new_revision
from pacesetter.store.symbols.symbols import known_symbols, list_symbols, set_basis, upsert_symbols
from pacesetter.store.work import cycles
from pacesetter.store.work.cycles import Claim

HISTORY = timedelta(days=3 * 366)  # enough for every shipped factor's window, with holes
SILENT = timedelta(days=30)  # no bar for so long: halted or delisted
OVERLAP = timedelta(days=7)  # asked for again each time: late corrections arrive within days


@dataclass
class Fetched:
    """Who gave bars (nobody was asked, or all were down: empty), and what went wrong for which symbol."""

    sources: list[str] = field(default_factory=list)
    failures: list[SymbolFailure] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    down: dict[str, ProviderError] = field(default_factory=dict)  # which provider gave nothing, and why

    @property
    def source(self) -> str | None:
        """The givers' names."""
        return ",".join(dict.fromkeys(self.sources)) or None

    def say(self, line: str) -> None:
        """Something that a person should know, once."""
        if line not in self.said:
            self.said.append(line)

    def say_of(self, name: str, fate: str, rows: pl.DataFrame) -> None:
        """How many rows had a fate, and the first of them."""
        if not rows.is_empty():
            symbol, on, reason = rows.select("symbol", "date", "reason").row(0)
            more = "" if rows.height == 1 else f" and {rows.height - 1} more"
            self.say(f"{name}: {rows.height} rows {fate}: {symbol} {on} ({held_bar_in_words(reason)}){more}")


async def fetch_and_store(
    ws: Workspace, claim: Claim | None, metric_date: date, source: Source | None
) -> Fetched:
    """Bring the stored bars up to ``metric_date``.

    Nobody is asked when the source is ``none``, when the stage is already behind, or
    when every followed symbol has that session's final bar. A provider that is down
    leaves the last good data standing: said, never an error of the cycle. ``claim``:
    of the cycle that fetches; None outside of one.
    """
    chain = choose_providers(ws, source)
    if not chain or (claim is not None and claim.stage not in ("fetch", "quality", "store")):
        return Fetched()
    await follow(ws, chain)
    async with ws.db.read() as conn:
        # no provider has prices of boxes: those are observed
        followed = [row for row in await list_symbols(conn) if row.is_active and row.asset_type != BOX]
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
    fetched = Fetched()
    requests = [(new, metric_date - HISTORY)]
    # apart, so that one delisted symbol does not make all the others ask for years
    for silent in (False, True):
        rows = [row for row in known if (row.last_price_date < metric_date - SILENT) == silent]
        oldest = min((row.last_price_date for row in rows), default=metric_date)
        requests.append(([row.symbol for row in rows], oldest - OVERLAP))
    for symbols, first in requests:
        if symbols:
            await ask_in_turn(ws, claim, chain, FetchRequest(tuple(symbols), first, metric_date), fetched)
    return fetched


async def ask_in_turn(
    ws: Workspace, claim: Claim | None, chain: Sequence[Provider], request: FetchRequest, fetched: Fetched
) -> None:
    """Ask one provider after the other for what the former ones did not give, and say so."""
    left: dict[str, SymbolFailure] = {}
    asked: list[str] = []
    for provider in chain:
        if asked:
            if not request.symbols:
                break
            names = ", ".join(request.symbols)
            fetched.say(f"not given by {', '.join(asked)}, so {provider.name} is asked: {names[:120]}")
        asked.append(provider.name)
        try:
            result = await asyncio.to_thread(provider.fetch, request, ws.clock)
        except ProviderError as error:
            fetched.say(f"{provider.name}: {error}; ranking goes on with the stored prices")
            fetched.down[provider.name] = error
            continue
        fetched.sources.append(provider.name)
        verdict, unlike = await store_result(ws, claim, result)
        fetched.say_of(provider.name, "refused", pl.concat([verdict.refused, result.rejections]))
        fetched.say_of(provider.name, "held back", verdict.quarantined)
        left = {failure.symbol: failure for failure in (*result.failures, *unlike)}
        request = replace(request, symbols=tuple(s for s in request.symbols if s in left))
    fetched.failures += left.values()


async def follow(ws: Workspace, chain: Sequence[Provider]) -> None:
    """Make the benchmark known, and what the providers bring of their own accord."""
    wanted = {ws.settings.benchmark, *(symbol for provider in chain for symbol in provider.symbols())}
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


async def store_result(
    ws: Workspace, claim: Claim | None, result: FetchResult
) -> tuple[Verdict, list[SymbolFailure]]:
    """Judge and store one reply, and note in the same transaction how far the cycle is.

    Returns the verdict, and the symbols whose stored prices are on another adjustment basis.
    """
    async with ws.db.write() as conn:
        if claim is not None:
            await cycles.advance(conn, claim, stage="store")
        verdict, unlike = await keep_result(ws, conn, result)
        await write_snapshots(conn, verdict.accepted, source=result.source, claim=claim, at=result.fetched_at)
    return verdict, unlike


async def keep_result(
    ws: Workspace, conn: AsyncConnection, result: FetchResult
) -> tuple[Verdict, list[SymbolFailure]]:
    """Judge and store one reply as a revision of its own; returns what ``store_result`` does.

    A reply that brings nothing new is no revision: what was measured from the stored data stays up to date.
    """
    result, unlike = await refuse_other_basis(conn, result)
    revision = await new_revision(conn, "fetch", result.fetched_at)
    symbols = result.bars["symbol"].unique().to_list()
    await set_basis(conn, symbols, result.basis)
    await upsert_actions(
        conn, result.actions, source=result.source, revision=revision, known_at=result.fetched_at
    )
    verdict = await judge_bars(ws, conn, result.bars, result.source)
    kept = await store_verdict(conn, verdict, source=result.source, revision=revision, at=result.fetched_at)
    if not result.facts.is_empty():
        await upsert_fundamentals(
            conn,
            result.facts,
            known_on=None,
            revision=revision,
            fetched_at=result.fetched_at,
            source=result.source,
        )
    if ws.simulated:
        await keep_texts(conn, result.texts)
    if result.actions.is_empty() and result.facts.is_empty() and verdict.late.is_empty() and kept.is_idle:
        await drop_revision(conn, revision)
    return verdict, unlike
