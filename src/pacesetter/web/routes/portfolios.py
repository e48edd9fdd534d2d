"""Portfolios: make, list, change, take away. One that belongs to somebody is nobody else's to see."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from pacesetter.jobs.portfolios.keep_portfolios import (
    PortfolioView,
    create_portfolio,
    edit_portfolio,
    look_over,
    look_up,
    remove_portfolio,
    seen_by,
)
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.errors import CREATED
from pacesetter.web.inputs import Given
from pacesetter.web.paging import Page
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["portfolios"], dependencies=[PRIVATE, Requires("read")])

State = Literal["complete", "partial", "empty"]
Reason = Literal["no_price", "no_rate", "pending", "failed", "no_bars_of_boxes"]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO code, such as USD.")]
PortfolioId = Annotated[UUID, Path(description="Id of a portfolio.")]


class LeftOutHoldingItem(BaseModel):
    """A holding that counts neither as holding nor as money, and why."""

    symbol: str
    reason: Reason = Field(
        description="no_price, no_rate (to the base currency), pending (being fetched), failed (fetching), "
        "no_bars_of_boxes."
    )
    because: str = Field(description="The reason in words.")


class PortfolioItem(BaseModel):
    """A portfolio and the figures of its newest snapshot, in its base currency; null before the first."""

    id: UUID
    name: str
    own: bool = Field(description="Whether it is one's own alone; false: everyone's who may read.")
    base_currency: str
    benchmark: str = Field(description="The symbol that returns are compared with.")
    state: State = Field(description="partial: holdings are left out; empty: there is nothing to value yet.")
    metric_date: dt.date | None = Field(description="Session of the figures, of the newest prices.")
    nav: float | None
    cash: float | None
    daily_pnl: float | None
    daily_return: float | None
    twr: float | None = Field(description="Time-weighted return since the first trade, as a fraction.")
    drawdown: float | None
    n_holdings: int
    left_out: list[LeftOutHoldingItem]
    created_at: dt.datetime
    updated_at: dt.datetime


class PortfolioBody(Body, PortfolioItem):
    """One portfolio."""


class PortfoliosBody(Body):
    """A page of portfolios by their names; ``count`` in all."""

    count: int
    next: str | None
    rows: list[PortfolioItem]


class PortfolioAsked(Given):
    """A portfolio to be."""

    name: str = Field(min_length=1, max_length=80)
    base_currency: Currency = "USD"
    benchmark: str | None = Field(None, max_length=32, description="A known symbol; default: the market's.")


class PortfolioEdited(Given):
    """What to change; a field that is not there stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=80)
    base_currency: Currency | None = None
    benchmark: str | None = Field(None, max_length=32)


def seen_by_asking(who: Asking) -> ColumnElement[bool]:
    """What whoever asks may see: their own portfolios, and nobody's."""
    return seen_by(who.user_id)


Seen = Annotated[Any, Depends(seen_by_asking)]


@router.get("/portfolios", response_model=PortfoliosBody, responses=FORMS)
async def read_portfolios(
    request: Request, response: Response, ws: Reading, seen: Seen, page: Page, fields: Fields = None
) -> Any:
    """One's own portfolios, and those that are nobody's own."""
    found = await look_over(ws, seen)
    rows, more = page.cut(found, lambda one: (one.name, one.id.hex))
    newest = max((one.metric_date for one in found if one.metric_date), default=None)
    items = [PortfolioItem(**portfolio_fields(one)) for one in rows]
    body = PortfoliosBody(**await freshness(ws, newest), count=len(found), next=more, rows=items)
    return present(request, body, fields, told=response)


@router.post("/portfolios", status_code=CREATED, dependencies=[Requires("write")])
async def make_portfolio(
    ws: Reading, who: Asking, asked: PortfolioAsked, request: Request, response: Response
) -> PortfolioBody:
    """Make a portfolio of one's own."""
    made = await create_portfolio(ws, **asked.model_dump(), user_id=who.user_id)
    response.headers["Location"] = request.app.url_path_for("read_portfolio", portfolio_id=made.id)
    return PortfolioBody(**await freshness(ws, None), **portfolio_fields(made))


@router.get("/portfolios/{portfolio_id}")
async def read_portfolio(ws: Reading, seen: Seen, portfolio_id: PortfolioId) -> PortfolioBody:
    """One portfolio."""
    found = await look_up(ws, portfolio_id, seen)
    return PortfolioBody(**await freshness(ws, found.metric_date), **portfolio_fields(found))


@router.patch("/portfolios/{portfolio_id}", dependencies=[Requires("write")])
async def change_portfolio(
    ws: Reading, holder: Holder, seen: Seen, portfolio_id: PortfolioId, asked: PortfolioEdited
) -> PortfolioBody:
    """Change name, base currency or benchmark; a benchmark of null is the market's."""
    changes = {name: getattr(asked, name) for name in asked.model_fields_set}
    changes = {name: value for name, value in changes.items() if value is not None or name == "benchmark"}
    done = await holder.compute(lambda own: edit_portfolio(own, portfolio_id, changes, seen))
    return PortfolioBody(**await freshness(ws, done.metric_date), **portfolio_fields(done))


@router.delete("/portfolios/{portfolio_id}", dependencies=[Requires("write")])
async def drop_portfolio(ws: Reading, seen: Seen, portfolio_id: PortfolioId) -> PortfolioBody:
    """Take a portfolio away; the answer is how it was."""
    gone = await remove_portfolio(ws, portfolio_id, seen)
    return PortfolioBody(**await freshness(ws, gone.metric_date), **portfolio_fields(gone))


def portfolio_fields(one: PortfolioView) -> dict[str, Any]:
    """A portfolio as an answer."""
    fields = {name: getattr(one, name) for name in PortfolioItem.model_fields if name != "own"}
    return fields | {"own": one.user_id is not None}
