"""Make the snapshots of portfolios whose trades, prices, rates or exposures have changed since the last ones.

Everything is read for all of them at once: which trades there are, what each symbol's prices
are of, one table of closes. A snapshot belongs to the session of the newest prices, never to
"now". Doing it again writes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.batch import Shared, complete, share_factors
from pacesetter.jobs.portfolios.measure import Bench, Measured, is_touched, measure_portfolio
from pacesetter.jobs.portfolios.plan import Plan, Stored, digest_ids, make_plans, proxies
from pacesetter.jobs.portfolios.positions import store_positions
from pacesetter.jobs.portfolios.prices import load_prices
from pacesetter.jobs.symbols.symbol_snapshot import SymbolSnapshot, current_snapshot
from pacesetter.jobs.workspace import Progress, Workspace, say_nothing
from pacesetter.kernel.errors import PacesetterError, StoreError
from pacesetter.market.symbol import BOX
from pacesetter.store.bars.fx_rates import stamp_rates
from pacesetter.store.portfolios.portfolio_snapshots import newest_fingerprints, write_snapshots
from pacesetter.store.portfolios.portfolios import list_portfolios, lock_portfolios
from pacesetter.store.portfolios.symbol_figures import read_stamps, read_waiting
from pacesetter.store.portfolios.trades import holding_portfolios, read_trade_ids, read_trades

log = logging.getLogger("pacesetter.portfolios")
CHUNK = 250  # portfolios a transaction
NO_BARS = "no_bars_of_boxes"  # why a box is left out
FEW = 400  # symbols whose prices are looked up by name

__all__ = ["NotValued", "RefreshReport", "refresh_portfolios", "try_refreshing"]


@dataclass(frozen=True)
class NotValued:
    """A portfolio whose figures could not be made or stored, and why; those it has stay."""

    id: UUID
    name: str
    why: str


@dataclass(frozen=True)
class RefreshReport:
    """What a refresh did: of ``asked`` portfolios with trades ``refreshed`` have a new snapshot, ``partial``
    of them without all holdings; ``passed_over`` were changed by somebody meanwhile, and come next."""

    asked: int = 0
    refreshed: int = 0
    unchanged: int = 0
    partial: int = 0
    passed_over: int = 0
    failed: Sequence[NotValued] = field(default_factory=tuple)
    pending: Sequence[str] = field(default_factory=tuple)
    took_s: float = 0.0


async def refresh_portfolios(
    ws: Workspace,
    *,
    holding: Collection[str] | None = None,
    portfolio_ids: Collection[UUID] | None = None,
    progress: Progress = say_nothing,
) -> RefreshReport:
    """Refresh the portfolios that need it: all, those that hold one of some symbols, or those named."""
    started = perf_counter()
    snapshot = await current_snapshot(ws)
    async with ws.db.read() as conn:
        ids = await choose_ids(conn, holding, portfolio_ids)
        stored = await read_state(conn, snapshot, ids, ws.settings.benchmark)
        have = await newest_fingerprints(conn, ids)
    plans = await asyncio.to_thread(
        make_plans, stored, snapshot, benchmark=ws.settings.benchmark, calendar=ws.settings.calendar
    )
    changed = [plan for plan in plans if have.get(plan.id) != plan.fingerprint]
    done = partial = 0
    failed: list[NotValued] = []
    progress("portfolios", 0, len(changed))
    for (calendar, last), group in group_plans(changed).items():
        bench, shared = await prepare(ws, snapshot, group, calendar, last)
        for start in range(0, len(group), CHUNK):
            rows, bad = await refresh_chunk(ws, group[start : start + CHUNK], bench, shared, have)
            failed += bad
            done += len(rows)
            partial += sum(row["state"] == "partial" for row in rows)
            progress("portfolios", done, len(changed))
    return RefreshReport(
        asked=len(plans),
        refreshed=done,
        unchanged=len(plans) - len(changed),
        partial=partial,
        passed_over=len(changed) - done - len(failed),
        failed=failed,
        pending=sorted({s for plan in plans for s, why in plan.unavailable.items() if why == "pending"}),
        took_s=perf_counter() - started,
    )


async def try_refreshing(ws: Workspace, *, tell: Callable[[PacesetterError], str] = str) -> str | None:
    """Refresh all portfolios after other work; why it failed, as ``tell`` puts it, where it did.

    That work is done and stays done, whatever becomes of this."""
    try:
        report = await refresh_portfolios(ws)
    except PacesetterError as error:
        return tell(error)
    except Exception as error:
        log.exception("portfolios not valued")
        return f"{type(error).__name__} (the log says more)"
    return f"{len(report.failed)} of them (the log names them)" if report.failed else None


async def choose_ids(
    conn: AsyncConnection, holding: Collection[str] | None, portfolio_ids: Collection[UUID] | None
) -> list[UUID] | None:
    """The portfolios to look at; None: all."""
    if holding is None:
        return None if portfolio_ids is None else sorted(portfolio_ids)
    found = await holding_portfolios(conn, holding)
    return sorted(found if portfolio_ids is None else found & set(portfolio_ids))


async def read_state(
    conn: AsyncConnection, snapshot: SymbolSnapshot, ids: list[UUID] | None, benchmark: str
) -> Stored:
    """What plans are made from, of one state of the database."""
    portfolios = await list_portfolios(conn, ids=ids)
    trade_ids = await read_trade_ids(conn, ids)
    symbols = {row.symbol for row in trade_ids if row.symbol}
    looked_at = {*symbols, *proxies(), benchmark, *(row.benchmark for row in portfolios if row.benchmark)}
    stamps = await read_stamps(conn, sorted(looked_at) if len(looked_at) <= FEW else None)
    needed = {row.currency for row in trade_ids} | {row.base_currency for row in portfolios}
    needed |= {snapshot.currency[snapshot.row_of[s]] or "" for s in looked_at if s in snapshot.row_of}
    foreign = len(needed - {""}) > 1
    priceless = [s for s in symbols if s in snapshot.row_of and snapshot.price_on[snapshot.row_of[s]] < 0]
    boxes = [s for s in priceless if snapshot.asset_type[snapshot.row_of[s]] == BOX]
    return Stored(
        portfolios=portfolios,
        trade_ids=trade_ids,
        stamps={symbol: (revision, bars) for symbol, revision, bars in stamps.rows()},
        waiting=await read_waiting(conn, priceless) | dict.fromkeys(boxes, NO_BARS),
        rates=await stamp_rates(conn) if foreign else b"",
    )


def group_plans(plans: Sequence[Plan]) -> dict[tuple[str, date], list[Plan]]:
    """Plans by calendar and session: a group shares its prices."""
    groups: dict[tuple[str, date], list[Plan]] = defaultdict(list)
    for plan in plans:
        groups[plan.calendar, plan.metric_date].append(plan)
    return groups


async def prepare(
    ws: Workspace, snapshot: SymbolSnapshot, group: Sequence[Plan], calendar: str, last: date
) -> tuple[Bench, Shared]:
    """All that the portfolios of a group are valued with."""
    shared = await share_factors(ws, snapshot, calendar, last)
    book = await load_prices(
        ws,
        snapshot,
        {symbol for plan in group for symbol in (*plan.symbols, plan.benchmark)},
        calendar=calendar,
        first=min(plan.first_on for plan in group),
        last=last,
        currencies={c for plan in group for c in (*plan.currencies, plan.base_currency)},
    )
    return Bench(book, shared.factor_returns), shared


async def refresh_chunk(
    ws: Workspace, plans: Sequence[Plan], bench: Bench, shared: Shared, have: Mapping[UUID, str]
) -> tuple[list[dict[str, Any]], list[NotValued]]:
    """Measure some portfolios and store their snapshots: the rows that were stored, and those that cannot be.

    All at once, which is fast; where one of them cannot be, each by itself, so that it hinders no other."""
    try:
        return await store_chunk(ws, plans, bench, shared, have), []
    except StoreError:  # it is the database, and no portfolio
        raise
    except Exception as error:
        if len(plans) == 1:
            (plan,) = plans
            log.exception("portfolio %s (%s) not valued", plan.id, plan.name)
            told = isinstance(error, PacesetterError)
            return [], [NotValued(plan.id, plan.name, str(error) if told else type(error).__name__)]
    alone = [await refresh_chunk(ws, [plan], bench, shared, have) for plan in plans]
    return [row for rows, _ in alone for row in rows], [one for _, bad in alone for one in bad]


async def store_chunk(
    ws: Workspace, plans: Sequence[Plan], bench: Bench, shared: Shared, have: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """The same of portfolios that all can be; the rows that were stored."""
    async with ws.db.read() as conn:
        trades = await read_trades(conn, [plan.id for plan in plans])
    measured, rows = await asyncio.to_thread(measure_chunk, plans, trades, bench, shared)
    at = ws.now()
    async with ws.db.write(content=False) as conn:
        same = await still_the_same(conn, plans, have)
        kept = [row | {"computed_at": at} for row in rows if row["portfolio_id"] in same]
        await write_snapshots(conn, kept)
        for one in measured:
            if one.plan.id in same and is_touched(one.plan, bench.book):
                await store_positions(conn, one.plan.id, one.ledger, at)
    return kept


def measure_chunk(
    plans: Sequence[Plan], trades: Sequence[Any], bench: Bench, shared: Shared
) -> tuple[list[Measured], list[dict[str, Any]]]:
    """Some portfolios, one after the other, and their sums at once."""
    by_portfolio: dict[UUID, list[Any]] = defaultdict(list)
    for row in trades:
        by_portfolio[row.portfolio_id].append(row)
    measured = [measure_portfolio(plan, by_portfolio[plan.id], bench) for plan in plans]
    return measured, complete(measured, shared, bench)


async def still_the_same(conn: AsyncConnection, plans: Sequence[Plan], have: Mapping[UUID, str]) -> set[UUID]:
    """Portfolios whose trades, settings and snapshot (``have``: fingerprints) nobody has changed since they
    were read, nor does before the end of this transaction: another refresh, begun later, may have stored a
    newer snapshot, and an older one shall not replace it."""
    ids = [plan.id for plan in plans]
    now = {row.id: row for row in await lock_portfolios(conn, ids)}  # first: what follows is read under it
    newest = await newest_fingerprints(conn, ids)
    by_portfolio: dict[bytes, list[bytes]] = defaultdict(list)
    for row in await read_trade_ids(conn, ids):
        by_portfolio[row.portfolio_id].append(row.id)
    return {
        plan.id
        for plan in plans
        if plan.id in now
        and now[plan.id].base_currency == plan.base_currency
        and now[plan.id].benchmark == plan.stated_benchmark
        and digest_ids(by_portfolio[plan.id.bytes]) == plan.trade_ids
        and newest.get(plan.id) == have.get(plan.id)
    }
