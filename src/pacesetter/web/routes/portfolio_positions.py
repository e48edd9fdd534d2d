"""What a portfolio holds and has held, with a person's stops, targets and notes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.portfolios.trade_portfolio import edit_position
from pacesetter.jobs.portfolios.view_portfolio import view_positions
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.money import Amount, Positive
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Given
from pacesetter.web.routes.portfolios import PortfolioId, Reason, Seen, State
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["portfolios"], dependencies=[PRIVATE, Requires("read")])


class HeldRankItem(BaseModel):
    """Where a holding stands on the board that knows it best: the one with the most ranked symbols."""

    board: str
    slug: str
    on: dt.date
    rank: int
    ranked: int = Field(description="How many are ranked there.")
    score: float | None
    rank_change: int | None


class PositionItem(BaseModel):
    """A position, from flat to flat. Amounts and prices are per share as of today, after splits."""

    id: UUID
    symbol: str
    name: str | None
    asset_type: str
    side: Literal["long", "short"]
    status: Literal["open", "closed"]
    entry_date: dt.date
    entry_price: Amount = Field(description="Mean cost of one.")
    quantity: Amount = Field(description="Zero when it is closed.")
    currency: str = Field(description="Of what was paid and got: that of its trades.")
    exit_date: dt.date | None
    exit_price: Amount | None = Field(description="Mean of what was closed.")
    realised: Amount = Field(description="Profit of what was closed, in its currency.")
    price: float | None = Field(
        description="Newest close, in the major unit of the currency that it is quoted in."
    )
    price_on: dt.date | None
    value: float | None = Field(description="In the base currency; below zero for a short.")
    weight: float | None = Field(description="Of NAV.")
    daily_pnl: float | None = Field(description="Profit of the newest session, in the base currency.")
    unrealised: float | None = Field(
        description="Value less cost at today's rates, in the base currency; null without a rate."
    )
    gain: float | None = Field(description="Of the open part against its cost, as a fraction.")
    left_out: Reason | None = Field(description="Why it has no value; null where it has one.")
    rank: HeldRankItem | None
    stop_loss: Amount | None = Field(description="In the currency of price, that of the quote.")
    target: Amount | None = Field(description="In the currency of price, that of the quote.")
    note: str | None
    alert: Literal["stop", "target"] | None = Field(description="What the newest close has reached.")


class PositionsBody(Body):
    """The positions of a portfolio: open ones first, each by symbol."""

    id: UUID
    name: str
    base_currency: str
    state: State
    metric_date: dt.date | None
    count: int
    rows: list[PositionItem]


class PositionBody(Body, PositionItem):
    """One position."""


class PositionEdited(Given):
    """A person's own words on a position. A field that is not there stays; null takes it away."""

    stop_loss: Positive | None = Field(None, description="In the currency of price, that of the quote.")
    target: Positive | None = Field(None, description="In the currency of price, that of the quote.")
    note: str | None = Field(None, max_length=500)


@router.get("/portfolios/{portfolio_id}/positions", response_model=PositionsBody, responses=FORMS)
async def read_positions(
    request: Request,
    response: Response,
    ws: Reading,
    seen: Seen,
    portfolio_id: PortfolioId,
    fields: Fields = None,
) -> Any:
    """All positions, open and closed."""
    found, rows = await view_positions(ws, portfolio_id, seen)
    about = found.about
    body = PositionsBody(
        **await freshness(ws, about.metric_date),
        id=about.id,
        name=about.name,
        base_currency=about.base_currency,
        state=about.state,  # type: ignore[arg-type]
        metric_date=about.metric_date,
        count=len(rows),
        rows=[PositionItem(**row) for row in rows],
    )
    return present(request, body, fields, told=response)


@router.patch("/portfolios/{portfolio_id}/positions/{position_id}", dependencies=[Requires("write")])
async def change_position(
    ws: Reading,
    seen: Seen,
    portfolio_id: PortfolioId,
    position_id: Annotated[UUID, Path(description="Id of a position.")],
    asked: PositionEdited,
) -> PositionBody:
    """Set or take away a stop, a target or a note."""
    values = {name: getattr(asked, name) for name in asked.model_fields_set}
    await edit_position(ws, portfolio_id, position_id, values, seen)
    found, rows = await view_positions(ws, portfolio_id, seen)
    own = next(row for row in rows if row["id"] == position_id)
    return PositionBody(**await freshness(ws, found.about.metric_date), **own)
