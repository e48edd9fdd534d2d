"""What a portfolio is worth and how it did: its newest snapshot, and its value day by day."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.portfolios.view_portfolio import SnapshotView, view_series, view_snapshot
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.routes.portfolios import LeftOutHoldingItem, PortfolioId, Seen, State
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["portfolios"], dependencies=[PRIVATE, Requires("read")])


class FiguresItem(BaseModel):
    """Money in the base currency, everything else as a fraction or a ratio; null where it is undefined."""

    nav: float | None
    cash: float | None
    long_value: float | None
    short_value: float | None = Field(description="Zero or less.")
    gross: float | None
    net: float | None
    flow: float | None = Field(description="Money put in on the day, less money taken out.")
    daily_pnl: float | None
    cumulative_pnl: float | None
    daily_return: float | None
    twr: float | None = Field(description="Time-weighted, since the first trade.")
    irr: float | None = Field(description="Money-weighted, a year (act/365).")
    benchmark_return: float | None = Field(description="Of the benchmark over the same sessions.")
    volatility_21d: float | None = Field(description="A year, from the last 21 daily returns.")
    volatility_63d: float | None
    drawdown: float | None = Field(description="Zero or less: below the highest value so far.")
    max_drawdown: float | None
    sharpe: float | None
    beta: float | None
    hhi: float | None = Field(description="Sum of squared weights by absolute value.")
    effective_n: float | None = Field(description="1 / hhi.")


class MonthReturnItem(BaseModel):
    """The return of a calendar month, as far as it went."""

    year: int
    month: int = Field(ge=1, le=12)
    value: float = Field(description="Return of the portfolio.")
    benchmark: float | None


class PortfolioExposureItem(BaseModel):
    """How the portfolio moves with a factor: its holdings' betas, weighted by value over NAV."""

    factor: str
    label: str
    kind: Literal["market", "rate", "ridge", "spread"]
    beta: float | None
    standard_error: float | None
    covered: float | None = Field(description="Share of the gross value whose beta is known.")
    missing: list[str] = Field(description="Holdings without a beta.")


class StressItem(BaseModel):
    """What a scenario would do to today's value."""

    name: str
    label: str
    kind: str = Field(description="market, rates, rotation or volatility.")
    severity: str
    about: str
    direct: float | None = Field(description="Change of NAV as a fraction: the shocked factors alone.")
    direct_amount: float | None = Field(description="The same in the base currency.")
    correlated: float | None = Field(description="With the factors that move along.")
    correlated_amount: float | None
    covered: float | None = Field(description="Share of the gross value with a beta to what is shocked.")


class AttributionItem(BaseModel):
    """What a holding gave to the return since the first trade, or a factor to that of the last sessions."""

    name: str = Field(
        description="Symbol or factor; empty: money of no holding; rest: what no factor explains."
    )
    pnl: float | None = Field(description="In the base currency.")
    contribution: float | None = Field(description="As a fraction.")


class AttributionsItem(BaseModel):
    """Profit by holding since the first trade, and the return of the last 21 sessions by style, by today's
    exposures. Both add up."""

    holdings: list[AttributionItem]
    factors: list[AttributionItem]
    factors_from: dt.date | None = None
    factors_total: float | None = None


class HoldingItem(BaseModel):
    """What is held at the session of the figures."""

    symbol: str
    quantity: float = Field(description="In today's shares; below zero: short.")
    price: float = Field(description="Newest close, in the major unit of its currency.")
    price_on: dt.date
    value: float = Field(description="In the base currency.")
    daily_pnl: float = Field(description="Profit of the newest session, in the base currency.")
    weight: float | None = Field(description="Of NAV.")


class CorrelationsItem(BaseModel):
    """Correlations of the holdings' daily returns over 90 days; null under 30 common ones."""

    symbols: list[str]
    matrix: list[list[float | None]]
    overlap: list[list[int]] = Field(description="Common days behind each.")
    mean: float | None = Field(description="Of the pairs, as they stand.")


class SnapshotBody(Body):
    """A portfolio's newest snapshot. ``metric_date`` is the session of its prices, never "now"."""

    id: UUID
    name: str
    base_currency: str
    benchmark: str
    state: State
    metric_date: dt.date | None
    computed_at: dt.datetime | None
    n_holdings: int
    left_out: list[LeftOutHoldingItem]
    remarks: list[str] = Field(description="What to know when reading the figures, such as stale prices.")
    figures: FiguresItem
    reasons: dict[str, str] = Field(description="Why a figure is null.")
    holdings: list[HoldingItem]
    months: list[MonthReturnItem]
    exposures: list[PortfolioExposureItem]
    exposures_on: dt.date | None = Field(description="Session of the betas.")
    stress: list[StressItem]
    attribution: AttributionsItem
    correlations: CorrelationsItem


class SeriesItem(BaseModel):
    """One session of a portfolio."""

    date: dt.date
    nav: float | None
    flow: float = Field(description="Money put in on the day, less money taken out.")
    daily_return: float | None
    twr_index: float | None = Field(description="What one unit became since the first trade.")
    drawdown: float | None
    benchmark_index: float | None


class SeriesBody(Body):
    """A portfolio's sessions, oldest first."""

    id: UUID
    name: str
    base_currency: str
    benchmark: str
    state: State
    left_out: list[LeftOutHoldingItem]
    remarks: list[str] = Field(description="What to know when reading the sessions.")
    rows: list[SeriesItem]


@router.get("/portfolios/{portfolio_id}/snapshot")
async def read_snapshot(ws: Reading, seen: Seen, portfolio_id: PortfolioId) -> SnapshotBody:
    """A portfolio's newest figures, months, exposures, stress, attribution and correlations."""
    found = await view_snapshot(ws, portfolio_id, seen)
    own = {"figures", "computed_at", "reasons", "months", "holdings", "exposures", "exposures_on", "stress"}
    own |= {"attribution", "correlations", "remarks"}
    fields = {name: getattr(found, name) for name in own}
    return SnapshotBody(**await freshness(ws, found.about.metric_date), **about_fields(found), **fields)


@router.get("/portfolios/{portfolio_id}/series", response_model=SeriesBody, responses=FORMS)
async def read_series(
    request: Request,
    response: Response,
    ws: Reading,
    holder: Holder,
    seen: Seen,
    portfolio_id: PortfolioId,
    fields: Fields = None,
) -> Any:
    """A portfolio's value on each session since its first trade, from what is known now."""
    found, rows = await holder.compute(lambda own: view_series(own, portfolio_id, seen))
    names = ("id", "name", "base_currency", "benchmark", "state", "left_out")
    about = {name: getattr(found.about, name) for name in names}
    items = [SeriesItem(**row) for row in rows]
    body = SeriesBody(
        **await freshness(ws, found.about.metric_date), **about, remarks=found.remarks, rows=items
    )
    return present(request, body, fields, told=response)


def about_fields(found: SnapshotView) -> dict[str, Any]:
    """What an answer says of the portfolio itself."""
    names = ("id", "name", "base_currency", "benchmark", "state", "metric_date", "n_holdings", "left_out")
    return {name: getattr(found.about, name) for name in names}
