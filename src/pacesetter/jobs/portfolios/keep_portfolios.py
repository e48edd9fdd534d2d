"""Portfolios of people: made, found, changed, taken away. What somebody may not see is not there for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.jobs.portfolios.refresh_portfolios import NO_BARS, refresh_portfolios
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.errors import BadParameter, PacesetterError
from pacesetter.market.symbol import BOX
from pacesetter.portfolio.trade import CURRENCY
from pacesetter.store.portfolios import portfolios as stored
from pacesetter.store.portfolios.portfolio_snapshots import drop_snapshots, newest_snapshots
from pacesetter.store.portfolios.symbol_figures import read_waiting
from pacesetter.store.portfolios.trades import read_trade_ids
from pacesetter.store.symbols.symbols import find_symbol, known_symbols

if TYPE_CHECKING:
    from pacesetter.jobs.symbols.ask_symbols import Onboarding

log = logging.getLogger("pacesetter.portfolios")
REASONS = {
    "no_price": "there is no price of it",
    "no_rate": "there is no exchange rate to the base currency",
    "pending": "it is being fetched",
    "failed": "it could not be fetched",
    NO_BARS: "boxes have floor prices, not bars; they are not valued in portfolios yet",
}
MOST_NAMED = 10
LASTING = ("no_rate", NO_BARS)  # reasons that do not change while a symbol is on its way


@dataclass(frozen=True)
class PortfolioView:
    """A portfolio with the figures of its newest snapshot; ``state`` is ``empty`` without any trade."""

    id: UUID
    name: str
    user_id: UUID | None
    base_currency: str
    benchmark: str
    state: str
    metric_date: date | None
    nav: float | None
    cash: float | None
    daily_pnl: float | None
    daily_return: float | None
    twr: float | None
    drawdown: float | None
    n_holdings: int
    left_out: list[dict[str, str]]
    created_at: datetime
    updated_at: datetime


def seen_by(user_id: UUID | None) -> ColumnElement[bool]:
    """What somebody may see: their own, and what is nobody's."""
    return stored.seen_by(user_id)


EVERYONE = stored.EVERYONE


async def create_portfolio(
    ws: Workspace,
    name: str,
    *,
    base_currency: str = "USD",
    benchmark: str | None = None,
    user_id: UUID | None,
) -> PortfolioView:
    """Make a portfolio. ``BadParameter`` for a name that its owner has given already."""
    base_currency = check_currency(base_currency)
    async with ws.db.write(content=False) as conn:
        symbol = await check_benchmark(conn, benchmark)
        portfolio_id = await stored.add_portfolio(
            conn,
            name=check_name(name),
            base_currency=base_currency,
            benchmark=symbol,
            user_id=user_id,
        )
        row = await stored.get_portfolio(conn, portfolio_id)
        return view_of(row, None, False, {}, ws.settings.benchmark)


def check_name(name: str) -> str:
    """The name to keep; ``BadParameter`` for none."""
    kept = " ".join(name.split())
    if not kept or len(kept) > 80:
        raise BadParameter("a portfolio needs a name of 1 to 80 characters", where="name", mend="choose one")
    return kept


def check_currency(currency: str) -> str:
    """The base currency to keep; ``BadParameter`` for what is none, and for pence."""
    code = currency.strip().upper()
    if not CURRENCY.fullmatch(code) or code == "GBX":
        mend = "write GBP" if code == "GBX" else "write three letters, such as EUR"
        raise BadParameter(f"{currency[:40]!r} is no base currency", where="base_currency", mend=mend)
    return code


async def check_benchmark(conn: AsyncConnection, benchmark: str | None) -> str | None:
    """The symbol to compare with; ``UnknownName`` for one that nobody has heard of."""
    return None if benchmark is None else str((await find_symbol(conn, benchmark)).symbol)


async def edit_portfolio(
    ws: Workspace, portfolio_id: UUID, changes: dict[str, Any], seen: ColumnElement[bool] = EVERYONE
) -> PortfolioView:
    """Change name, base currency or benchmark; the figures follow."""
    async with ws.db.write(content=False) as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        values = dict(changes)
        if values.get("name") is not None:
            values["name"] = check_name(values["name"])
        if values.get("base_currency") is not None:
            values["base_currency"] = check_currency(values["base_currency"])
        if values.get("benchmark") is not None:
            values["benchmark"] = await check_benchmark(conn, values["benchmark"])
        await stored.change_portfolio(conn, portfolio_id, **values)
        if "base_currency" in values or "benchmark" in values:
            await drop_snapshots(conn, portfolio_id)
    await refresh_portfolios(ws, portfolio_ids=[portfolio_id])
    return await look_up(ws, portfolio_id, seen)


async def remove_portfolio(
    ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE
) -> PortfolioView:
    """Take a portfolio away; its rows stay stored."""
    found = await look_up(ws, portfolio_id, seen)
    async with ws.db.write(content=False) as conn:
        await stored.get_portfolio(conn, portfolio_id, seen, lock=True)
        await stored.remove_portfolio(conn, portfolio_id, ws.now())
    return found


async def look_up(ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE) -> PortfolioView:
    """One portfolio; ``UnknownName`` where there is none that may be seen."""
    async with ws.db.read() as conn:
        row = await stored.get_portfolio(conn, portfolio_id, seen)
        return (await view_rows(conn, [row], ws.settings.benchmark))[0]


async def look_for(ws: Workspace, name: str, seen: ColumnElement[bool] = EVERYONE) -> PortfolioView:
    """One portfolio by name or id."""
    async with ws.db.read() as conn:
        row = await stored.find_portfolio(conn, name, seen)
        return (await view_rows(conn, [row], ws.settings.benchmark))[0]


async def look_over(ws: Workspace, seen: ColumnElement[bool] = EVERYONE) -> list[PortfolioView]:
    """All portfolios that may be seen, by name."""
    async with ws.db.read() as conn:
        rows = await stored.list_portfolios(conn, seen)
        return await view_rows(conn, rows, ws.settings.benchmark)


async def view_rows(conn: AsyncConnection, rows: list[Row[Any]], benchmark: str) -> list[PortfolioView]:
    """Rows with their newest snapshots."""
    ids = [row.id for row in rows]
    snapshots = await newest_snapshots(conn, ids)
    bare = [row.id for row in rows if row.id not in snapshots]
    traded = {UUID(bytes=row.portfolio_id) for row in await read_trade_ids(conn, bare)} if bare else set()
    waiting = await still_waiting(conn, list(snapshots.values()))
    return [view_of(row, snapshots.get(row.id), row.id in traded, waiting, benchmark) for row in rows]


async def still_waiting(conn: AsyncConnection, snapshots: list[Row[Any]]) -> dict[str, str]:
    """How it stands now with the symbols that snapshots left out without a price."""
    named = {one["symbol"] for row in snapshots for one in row.left_out if one["reason"] not in LASTING}
    return await read_waiting(conn, named) if named else {}


def view_of(
    row: Row[Any], snapshot: Row[Any] | None, traded: bool, waiting: dict[str, str], benchmark: str
) -> PortfolioView:
    """A portfolio as people see it."""
    names = ("metric_date", "nav", "cash", "daily_pnl", "daily_return", "twr", "drawdown")
    figures = {name: None if snapshot is None else getattr(snapshot, name) for name in names}
    state = snapshot.state if snapshot is not None else "partial" if traded else "empty"
    return PortfolioView(
        id=row.id,
        name=row.name,
        user_id=row.user_id,
        base_currency=row.base_currency,
        benchmark=row.benchmark or benchmark,
        state=state,
        n_holdings=0 if snapshot is None else snapshot.n_holdings,
        left_out=[] if snapshot is None else in_words(snapshot.left_out, waiting),
        created_at=row.created_at,
        updated_at=row.updated_at,
        **figures,
    )


def in_words(left_out: list[dict[str, str]], waiting: dict[str, str]) -> list[dict[str, str]]:
    """Holdings that are left out, with the reason as it is now and in words."""
    found = []
    for one in left_out:
        reason = one["reason"] if one["reason"] in LASTING else waiting.get(one["symbol"], one["reason"])
        found.append({"symbol": one["symbol"], "reason": reason, "because": REASONS[reason]})
    return found


async def priceless(conn: AsyncConnection, symbols: list[str]) -> list[str]:
    """Of ``symbols`` those without any price that can be had: not option contracts, nor boxes."""
    known = await known_symbols(conn, symbols)
    return sorted(
        s
        for s in symbols
        if s in known and known[s].last_price_date is None and known[s].asset_type not in ("option", BOX)
    )


async def settle(ws: Workspace, portfolio_id: UUID, symbols: list[str]) -> tuple[list[str], list[str]]:
    """After the trades have changed: ask for what has no price, make the snapshot.

    What is pending, and what to say: the change is kept already, whatever becomes of this."""
    pending: list[str] = []
    said: list[str] = []
    try:
        async with ws.db.read() as conn:
            wanted = await priceless(conn, symbols)
        if wanted:
            from pacesetter.jobs.symbols.ask_symbols import ask_symbols  # slow to import, and seldom needed

            asked = await ask_symbols(ws, wanted, by="portfolio", priority="high")
            on_way = [one for one in asked if one.status in ("pending", "processing")]
            pending = [one.symbol for one in on_way if not one.waits]
            if late := [one for one in on_way if one.waits]:
                said = [f"{name_some(late)}: {late[0].error} — {late[0].mend}"]
        done = await refresh_portfolios(ws, portfolio_ids=[portfolio_id])
    except Exception as error:
        log.exception("portfolio %s changed, but not valued", portfolio_id)
        why = str(error) if isinstance(error, PacesetterError) else type(error).__name__
        return pending, [*said, f"it is kept, but the figures do not show it yet: {why}"]
    said += [f"it is kept, but the figures do not show it yet: {one.why}" for one in done.failed]
    return pending, said


def name_some(jobs: Sequence[Onboarding]) -> str:
    """The first symbols of jobs, and how many more there are."""
    names = ", ".join(one.symbol for one in jobs[:MOST_NAMED])
    return names if len(jobs) <= MOST_NAMED else f"{names} and {len(jobs) - MOST_NAMED} more"
