"""What asks for a look in the portfolios that exist, for the morning report: as of the night's closes.

Stops and targets are of the currency in which a position is kept, a close is in the quote unit of its
listing; where the two are of different currencies, nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.jobs.report.night_made import NightMade
from pacesetter.reports.night import Alert, Traded
from pacesetter.research.desk import Desk
from pacesetter.store.accounts.users import count_active
from pacesetter.store.portfolios.portfolio_snapshots import newest_snapshot
from pacesetter.store.portfolios.portfolios import list_portfolios
from pacesetter.store.portfolios.positions import list_positions
from pacesetter.store.portfolios.trades import list_trades

NEAR_STOP_PCT = 2.0
DRAWDOWN_PCT = 10.0
LATE_SESSIONS = 2
MOST_TRADES = 1000  # of a portfolio, the newest, that are looked through
TRADES = ("buy", "sell", "short", "cover")
OF_DECISION = re.compile(
    r"^decision [0-9a-f-]{36}: ?"
)  # how a note names the decision: no matter to a reader


async def find_alerts(conn: AsyncConnection, made: NightMade) -> tuple[Alert, ...]:
    """Stops hit or near, targets reached, losses, weights above the desk's limit, prices that are late."""
    found: list[Alert] = []
    evidence, desk = made.evidence, made.desk
    for portfolio in await told_portfolios(conn, made.settings):
        rows = [row for row in await list_positions(conn, portfolio.id) if _is_held(row, evidence)]
        for row in rows:
            found += check_position(row, portfolio.name, evidence)
        snapshot = await newest_snapshot(conn, portfolio.id)
        if rows and snapshot is not None and snapshot.metric_date <= evidence.on:
            found += check_snapshot(snapshot, portfolio.name, desk)
    return tuple(found)


async def find_traded(conn: AsyncConnection, made: NightMade) -> tuple[Traded, ...]:
    """What was traded after the session of the night before, up to this one; nothing on the first night."""
    found: list[Traded] = []
    evidence, since = made.evidence, made.previous_on
    if since is None:
        return ()
    for portfolio in await told_portfolios(conn, made.settings):
        for row in await list_trades(conn, portfolio.id, limit=MOST_TRADES):
            if row.action in TRADES and since < row.traded_on <= evidence.on:
                listing = evidence.listings.get(row.symbol)
                found.append(
                    Traded(
                        portfolio.name,
                        row.symbol,
                        None if listing is None else listing.name,
                        row.action,
                        None if row.quantity is None else float(row.quantity),
                        None if row.price is None else float(row.price),
                        row.currency,
                        row.traded_on,
                        OF_DECISION.sub("", row.note or ""),
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.on, one.portfolio, one.symbol, one.action)))


async def told_portfolios(conn: AsyncConnection, settings: Mapping[str, AgentSetting]) -> list[Row[Any]]:
    """The portfolios that everyone who reads the report may know of: nobody's own, the desk's, and all
    where there is one person at most."""
    every = await list_portfolios(conn)
    if await count_active(conn) <= 1:
        return every
    _, desk = desk_terms(settings)
    named = [row for row in every if row.name == desk]  # of two that are called alike neither is the desk's
    return [row for row in every if row.user_id is None or named == [row]]


def check_position(row: Any, portfolio: str, evidence: Evidence) -> list[Alert]:
    """A position against the newest close: at most one alert of its price, and one of its lateness."""
    listing, facts = evidence.listings.get(row.symbol), evidence.of(row.symbol)
    about: dict[str, Any] = {
        "portfolio": portfolio,
        "symbol": row.symbol,
        "name": row.symbol_name,
        "unit": row.currency,
        "side": row.side,
    }
    late = facts.get("freshness.sessions_behind")
    found = []
    if late is None or late >= LATE_SESSIONS:
        found.append(Alert("stale_price", value=late, limit=LATE_SESSIONS, **about))
    if "price.close" not in facts or listing is None or listing.currency != row.currency:
        return found
    close = facts["price.close"] / listing.quote_unit
    turn = 1 if row.side == "long" else -1
    stop, target = (None if value is None else float(value) for value in (row.stop_loss, row.target))
    if stop is not None and turn * close <= turn * stop:
        found.append(Alert("stop", value=close, limit=stop, **about))
    elif target is not None and turn * close >= turn * target:
        found.append(Alert("target", value=close, limit=target, **about))
    elif stop is not None and turn * (close - stop) <= stop * NEAR_STOP_PCT / 100:
        found.append(Alert("stop_near", value=close, limit=stop, **about))
    return found


def check_snapshot(snapshot: Any, portfolio: str, desk: Desk) -> list[Alert]:
    """A portfolio's loss from its high, and the holdings above the desk's limit for one."""
    found = []
    fall = None if snapshot.drawdown is None else 100 * abs(snapshot.drawdown)
    if fall is not None and fall >= DRAWDOWN_PCT:
        found.append(Alert("drawdown", portfolio, value=fall, limit=DRAWDOWN_PCT))
    limit = desk.decision.position_limit_pct
    heavy = heavy_holdings(snapshot.details.get("holdings", []), limit)
    if heavy:
        found.append(Alert("concentration", portfolio, value=heavy[0][1], limit=limit, others=_say(heavy)))
    return found


def heavy_holdings(holdings: Sequence[Any], limit_pct: float) -> list[tuple[str, float]]:
    """Holdings with more than so much of the value, with their weight in percent, the heaviest first."""
    weights = [(one["symbol"], 100 * abs(one["weight"])) for one in holdings if one["weight"] is not None]
    return sorted(
        [(symbol, weight) for symbol, weight in weights if weight > limit_pct],
        key=lambda one: (-one[1], one[0]),
    )


def _say(heavy: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    return tuple(f"{symbol} {weight:.0f} %" for symbol, weight in heavy)


def _is_held(row: Any, evidence: Evidence) -> bool:
    closed = row.exit_date if row.status == "closed" else None
    return bool(row.entry_date <= evidence.on and (closed is None or closed > evidence.on))
