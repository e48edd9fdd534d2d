"""A portfolio as people look at it: its snapshot, its sessions, its positions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row

from pacesetter.jobs.portfolios.details import series_of
from pacesetter.jobs.portfolios.keep_portfolios import EVERYONE, PortfolioView, still_waiting, view_of
from pacesetter.jobs.portfolios.measure import measure_portfolio
from pacesetter.jobs.portfolios.plan import make_plans
from pacesetter.jobs.portfolios.refresh_portfolios import prepare, read_state
from pacesetter.jobs.symbols.symbol_snapshot import current_snapshot
from pacesetter.jobs.workspace import Workspace
from pacesetter.portfolio.exposure import load_definitions
from pacesetter.portfolio.stress import load_scenarios
from pacesetter.store.boards.held_ranks import held_ranks
from pacesetter.store.portfolios import portfolios as stored
from pacesetter.store.portfolios.portfolio_snapshots import newest_snapshot
from pacesetter.store.portfolios.positions import list_positions
from pacesetter.store.portfolios.trades import count_trades, read_trades
from pacesetter.store.tables.portfolio import FIGURES

NO_DETAILS: dict[str, Any] = {
    "months": [],
    "holdings": [],
    "attribution": {"holdings": [], "factors": []},
    "correlations": {"symbols": [], "matrix": [], "overlap": [], "mean": None},
    "reasons": {},
    "remarks": [],
    "exposures": [],
    "exposures_on": None,
    "stress": [],
}


@dataclass(frozen=True)
class SnapshotView:
    """A portfolio and all of its newest snapshot; ``figures`` and ``details`` are empty before the first."""

    about: PortfolioView
    computed_at: datetime | None
    figures: dict[str, float | None]
    reasons: dict[str, str]
    months: list[dict[str, Any]]
    holdings: list[dict[str, Any]]
    exposures: list[dict[str, Any]]
    exposures_on: date | None
    stress: list[dict[str, Any]]
    attribution: dict[str, Any]
    correlations: dict[str, Any]
    remarks: list[str]


@cache
def factor_words() -> dict[str, dict[str, str]]:
    """What the factors are called."""
    return {one.name: {"label": one.label, "kind": one.kind} for one in load_definitions()}


@cache
def scenario_words() -> dict[str, dict[str, str]]:
    """What the scenarios are called, and what they mean."""
    return {
        one.name: {"label": one.label, "kind": one.category, "severity": one.severity, "about": one.about}
        for one in load_scenarios()
    }


async def view_snapshot(
    ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE
) -> SnapshotView:
    """The newest snapshot of a portfolio."""
    async with ws.db.read() as conn:
        row = await stored.get_portfolio(conn, portfolio_id, seen)
        found = await newest_snapshot(conn, portfolio_id)
        waiting = await still_waiting(conn, [] if found is None else [found])
        traded = await count_trades(conn, portfolio_id) > 0
    details: dict[str, Any] = NO_DETAILS if found is None else {**NO_DETAILS, **found.details}
    factors, scenarios = factor_words(), scenario_words()
    on = details["exposures_on"]
    return SnapshotView(
        about=view_of(row, found, traded, waiting, ws.settings.benchmark),
        computed_at=None if found is None else found.computed_at,
        figures={name: None if found is None else getattr(found, name) for name in FIGURES},
        reasons=details["reasons"],
        months=details["months"],
        holdings=details["holdings"],
        exposures=[{**one, **factors[one["factor"]]} for one in details["exposures"]],
        exposures_on=None if on is None else date.fromisoformat(on),
        stress=[{**one, **scenarios[one["name"]]} for one in details["stress"] if one["name"] in scenarios],
        attribution=details["attribution"],
        correlations=details["correlations"],
        remarks=details["remarks"],
    )


async def view_series(
    ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE
) -> tuple[SnapshotView, list[dict[str, Any]]]:
    """A portfolio's sessions from its first trade on, from what is known now."""
    about = await view_snapshot(ws, portfolio_id, seen)
    snapshot = await current_snapshot(ws)
    async with ws.db.read() as conn:
        state = await read_state(conn, snapshot, [portfolio_id], ws.settings.benchmark)
        trades = await read_trades(conn, [portfolio_id])
    plans = make_plans(state, snapshot, benchmark=ws.settings.benchmark, calendar=ws.settings.calendar)
    if not plans:
        return about, []
    plan = plans[0]
    bench, _ = await prepare(ws, snapshot, plans, plan.calendar, plan.metric_date)
    found = measure_portfolio(plan, trades, bench)
    prices, _ = bench.prices_in(plan.base_currency, plan.currencies)
    has = len(found.valuation.sessions) > 0
    line = bench.benchmark(plan.benchmark, prices, found.valuation) if has else None
    return about, series_of(found.valuation, found.performance, line)


async def view_positions(
    ws: Workspace, portfolio_id: UUID, seen: ColumnElement[bool] = EVERYONE
) -> tuple[SnapshotView, list[dict[str, Any]]]:
    """The positions of a portfolio with their value, profit, rank, and what the newest close has reached."""
    about = await view_snapshot(ws, portfolio_id, seen)
    async with ws.db.read() as conn:
        rows = await list_positions(conn, portfolio_id)
        ranks = await held_ranks(conn, sorted({row.symbol for row in rows}))
    held = {one["symbol"]: one for one in about.holdings}
    left_out = {one["symbol"]: one["reason"] for one in about.about.left_out}
    return about, [
        position_view(row, held.get(row.symbol), left_out.get(row.symbol), ranks.get(row.symbol))
        for row in rows
    ]


def position_view(
    row: Any, held: dict[str, Any] | None, left_out: str | None, rank: tuple[Row[Any], int] | None
) -> dict[str, Any]:
    """A position as people see it."""
    plain = ("id", "symbol", "asset_type", "side", "status", "entry_date", "entry_price", "quantity")
    more = ("currency", "exit_date", "exit_price", "realised", "stop_loss", "target", "note")
    found = {name: getattr(row, name) for name in (*plain, *more)}
    found |= dict.fromkeys(
        ("price", "price_on", "value", "weight", "daily_pnl", "unrealised", "gain", "alert")
    )
    found |= {"name": row.symbol_name, "left_out": None, "rank": None}
    if row.status == "open":
        found["left_out"] = left_out
        if held is not None:
            found |= worth(row, held)
    if rank is not None:
        on, n = rank
        names = ("board", "slug", "score", "rank_change")
        about = {name: getattr(on, name) for name in names}
        found["rank"] = about | {"on": on.metric_date, "rank": on.current_rank, "ranked": n}
    return found


def worth(row: Any, held: dict[str, Any]) -> dict[str, Any]:
    """What an open position is worth, in the base currency, and whether its stop or target is reached.

    What it cost is in the currency it was bought in, which need not be the one that it is quoted in."""
    price, value, rate = held["price"], held["value"], held.get("cost_rate")
    cost = None if rate is None else held["quantity"] * float(row.entry_price) * rate
    return {
        "price": price,
        "price_on": date.fromisoformat(held["price_on"]),
        "value": value,
        "weight": held["weight"],
        "daily_pnl": held["daily_pnl"],
        "unrealised": None if cost is None else value - cost,
        "gain": (value - cost) / abs(cost) if cost else None,
        "alert": reached(row.side, price, row.stop_loss, row.target),
    }


def reached(side: str, price: float, stop: Decimal | None, target: Decimal | None) -> str | None:
    """``stop`` or ``target`` where the newest close is at it or beyond, seen from the side held."""
    turn = 1 if side == "long" else -1
    if stop is not None and turn * price <= turn * float(stop):
        return "stop"
    return "target" if target is not None and turn * price >= turn * float(target) else None
