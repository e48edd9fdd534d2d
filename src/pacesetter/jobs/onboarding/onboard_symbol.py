"""One symbol on its way in: described, with prices, exposures and the day's figures.

Each stage is safe to run again, so whoever takes a job over after a crash begins at the first one. A
stage that writes data checks the fence in the same transaction.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from pacesetter.jobs.onboarding.failure import ABSENT, Failure, tell
from pacesetter.jobs.onboarding.prices import bring_prices
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import DatabaseUnreachable, PacesetterError
from pacesetter.market.symbol import BOX, shipped_etfs
from pacesetter.providers.base import Provider
from pacesetter.store.database.revisions import check_simulation
from pacesetter.store.symbols import onboarding as queue
from pacesetter.store.symbols.onboarding import Taken, advance
from pacesetter.store.symbols.onboarding_symbols import follow_symbol
from pacesetter.store.symbols.symbols import known_symbols, upsert_symbols

MUTUAL_FUND = re.compile(r"[A-Z]{4}X")  # how NASDAQ names them: five letters, the last one an X

log = logging.getLogger("pacesetter.onboarding")


async def onboard_symbol(ws: Workspace, job: Taken, chain: Sequence[Provider] | Failure) -> Failure | None:
    """Take a symbol through every stage; why it cannot be had, where it cannot. ``chain``: the providers
    to ask, or why none can be made. ``LeaseLost`` when another process has taken it over meanwhile."""
    if await describe(ws, job) == BOX:  # made one since it was asked for
        return tell("no_bars_of_boxes", job.symbol, "")
    failure = await bring_prices(ws, job, [] if isinstance(chain, Failure) else chain)
    if failure is not None:
        return chain if isinstance(chain, Failure) else failure
    await enter(ws, job, "exposures")
    await measure(ws, job.symbol)
    await enter(ws, job, "metrics")
    await tell_portfolios(ws, job.symbol)
    return None


async def enter(ws: Workspace, job: Taken, stage: str) -> None:
    """Note that a stage begins."""
    async with ws.db.write(content=False) as conn:
        await advance(conn, job, stage)


async def describe(ws: Workspace, job: Taken) -> str | None:
    """Make a symbol known: a fund or an ETF by its name or the shipped list, else an equity.

    The kind of one that was known before."""
    fund = MUTUAL_FUND.fullmatch(job.symbol) and job.symbol not in shipped_etfs()
    async with ws.db.write() as conn:
        await advance(conn, job, "describe")
        await check_simulation(conn, ws.simulated)
        row = (await known_symbols(conn, [job.symbol])).get(job.symbol)
        by_name = ("onboarding", "inbox")
        guessed = row is not None and row.added_source in by_name and row.last_price_date is None
        if row is None or (fund and guessed):
            kind = "fund" if fund else None
            await upsert_symbols(conn, [job.symbol], asset_type=kind, source="onboarding")
        if guessed:  # nobody asked for it since it could not be had
            await follow_symbol(conn, job.symbol, True, priced=False)
    return None if row is None else str(row.asset_type)


async def measure(ws: Workspace, symbol: str) -> None:
    """Its exposures and figures of the newest session."""
    from pacesetter.jobs.symbols.symbol_batch import measure_symbols

    await measure_symbols(ws, [symbol])


async def tell_portfolios(ws: Workspace, symbol: str) -> None:
    """Let the portfolios that hold it go on; one that cannot says nothing against the symbol."""
    from pacesetter.jobs.portfolios.refresh_portfolios import refresh_portfolios

    try:
        await refresh_portfolios(ws, holding={symbol})
    except DatabaseUnreachable:
        raise
    except PacesetterError as error:
        log.warning("%s is there, but the portfolios that hold it were not refreshed: %s", symbol, error)
    except Exception:
        log.exception("%s is there, but the portfolios that hold it were not refreshed", symbol)


async def give_up(ws: Workspace, job: Taken, failure: Failure) -> None:
    """Keep the true cause, stop following what is not there, and let portfolios name it."""
    async with ws.db.write() as conn:
        await queue.fail(conn, job, cause=failure.cause, said=failure.said, at=ws.now())
        if failure.cause in ABSENT:
            await follow_symbol(conn, job.symbol, False, priced=False)
    await tell_portfolios(ws, job.symbol)


def unmade(error: PacesetterError) -> Failure:
    """Why no provider can be asked."""
    log.warning("no provider can be asked: %s", error)
    return tell("setting", "", "the provider")
