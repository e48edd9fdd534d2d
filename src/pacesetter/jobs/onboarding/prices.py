"""A symbol's prices, from the configured providers in their order, as the daily cycle fetches them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.bars.fetch_bars import HISTORY, OVERLAP, SILENT, keep_result
from pacesetter.jobs.onboarding.failure import Failure, cause_of, most_telling, tell
from pacesetter.jobs.symbols.ask_symbols import final_delay
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import ProviderError, RateLimited
from pacesetter.market.calendar import expected_session, latest_session
from pacesetter.providers.base import FetchRequest, FetchResult, Provider
from pacesetter.store.symbols.onboarding import Taken, advance
from pacesetter.store.symbols.onboarding_symbols import follow_symbol
from pacesetter.store.symbols.symbols import known_symbols

log = logging.getLogger("pacesetter.onboarding")


async def bring_prices(ws: Workspace, job: Taken, chain: Sequence[Provider]) -> Failure | None:
    """Store what the providers give of a symbol; why there is none, where none is stored after it.

    Prices that are stored already need no provider: one that fails leaves them standing.
    """
    async with ws.db.write(content=False) as conn:
        await advance(conn, job, "prices")
        row = (await known_symbols(conn, [job.symbol]))[job.symbol]
    latest = latest_session(ws.settings.calendar, ws.now())
    stored = row.last_price_date is not None
    if not chain:
        return None if stored else tell("no_provider", job.symbol, "")
    if stored and is_fresh(ws, row):
        return None
    first = latest - HISTORY if row.last_price_date is None else row.last_price_date - OVERLAP
    failure = await ask_in_turn(ws, job, chain, FetchRequest((job.symbol,), first, latest))
    if failure is not None and stored:
        log.warning("%s: %s; its stored prices stand", job.symbol, failure.what)
        return None
    return failure


def is_fresh(ws: Workspace, row: Row[Any]) -> bool:
    """Whether nothing newer can be had: the newest final session is stored, or the symbol is not followed."""
    expected = expected_session(ws.settings.calendar, ws.now(), final_delay(ws))
    return not row.is_active or row.last_price_date >= expected


async def ask_in_turn(
    ws: Workspace, job: Taken, chain: Sequence[Provider], request: FetchRequest
) -> Failure | None:
    """Ask one provider after the other until one gives prices; else why none did."""
    failures = []
    for provider in chain:
        try:
            result = await asyncio.to_thread(provider.fetch, request, ws.clock)
        except ProviderError as error:
            log.warning("%s: %s: %s", job.symbol, provider.name, error)
            wait_s = (error.retry_after_s or 0.0) if isinstance(error, RateLimited) else 0.0
            failures.append(tell(cause_of(error), job.symbol, provider.name, wait_s=wait_s))
            continue
        cause = await keep_prices(ws, job, result, request.last)
        if cause is None:
            return None
        failures.append(tell(cause, job.symbol, provider.name))
    return most_telling(failures)


async def keep_prices(ws: Workspace, job: Taken, result: FetchResult, latest: date) -> str | None:
    """Judge and store a reply; the cause where it brought no price. ``LeaseLost``, and nothing written, when
    another process has taken the symbol over meanwhile."""
    held_back, failures = 0, list(result.failures)
    if not result.bars.is_empty():
        async with ws.db.write() as conn:
            await advance(conn, job, "prices")
            verdict, unlike = await keep_result(ws, conn, result)
            if not verdict.accepted.is_empty():
                await leave_if_silent(conn, job.symbol, latest)
                return None
        held_back, failures = verdict.quarantined.height + verdict.refused.height, [*failures, *unlike]
    for failure in failures:
        log.warning("%s: %s: %s: %s", job.symbol, result.source, failure.cause, failure.detail)
        return failure.cause
    return "bad_prices" if held_back or result.rejections.height else "no_data"


async def leave_if_silent(conn: AsyncConnection, symbol: str, latest: date) -> None:
    """A symbol whose prices ended long ago is not asked for every day: it stays, with its history."""
    row = (await known_symbols(conn, [symbol]))[symbol]
    if row.last_price_date < latest - SILENT:
        await follow_symbol(conn, symbol, False, priced=True)
