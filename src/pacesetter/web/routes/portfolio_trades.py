"""Trades: what a portfolio is made from. Each change rebuilds its positions and its figures."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from pacesetter.jobs.portfolios import trade_portfolio as jobs
from pacesetter.jobs.portfolios.keep_portfolios import look_up
from pacesetter.jobs.workspace import Workspace
from pacesetter.web.auth.door import PRIVATE
from pacesetter.web.auth.permission import Asking, Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.money import Amount, NotNegative, Positive
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.errors import CREATED
from pacesetter.web.inputs import Day, Given
from pacesetter.web.paging import Page, bad_cursor, write_cursor
from pacesetter.web.routes.portfolios import PortfolioId, Seen, State
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["portfolios"], dependencies=[PRIVATE, Requires("read")])

Action = Literal["buy", "sell", "short", "cover", "deposit", "withdrawal", "dividend", "fee"]


class TradeItem(BaseModel):
    """A trade as it was made: quantity and price are before later splits."""

    id: UUID
    action: Action
    symbol: str | None
    quantity: Amount | None
    price: Amount | None
    amount: Amount | None = Field(description="Of money alone: deposit, withdrawal, dividend, fee.")
    commission: Amount
    currency: str
    traded_on: dt.date
    import_id: UUID | None = Field(description="The import that it came with; null: entered by hand.")
    note: str | None
    why_not: str | None = Field(description="Why it does not count; null where it does.")
    created_at: dt.datetime


class TradesBody(Body):
    """A page of trades, newest first; ``count`` in all."""

    id: UUID
    name: str
    count: int
    next: str | None
    rows: list[TradeItem]


class TradeAsked(Given):
    """A trade to add: buy, sell, short and cover take symbol, quantity and price; the others an amount."""

    action: Action
    symbol: str | None = Field(None, min_length=1, max_length=32)
    quantity: Positive | None = None
    price: NotNegative | None = None
    amount: Positive | None = None
    commission: NotNegative = Field(0, validate_default=True)
    currency: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="Default: the symbol's, else the portfolio's."
    )
    traded_on: Day
    note: str | None = Field(None, max_length=500)


class TradeDone(Body):
    """What a change of the trades came to."""

    id: UUID = Field(description="Of the trade.")
    portfolio_id: UUID
    state: State
    metric_date: dt.date | None
    nav: float | None
    pending: list[str] = Field(description="Symbols that are being fetched.")
    said: list[str]


@router.get("/portfolios/{portfolio_id}/trades", response_model=TradesBody, responses=FORMS)
async def read_trades(
    request: Request,
    response: Response,
    ws: Reading,
    seen: Seen,
    portfolio_id: PortfolioId,
    page: Page,
    fields: Fields = None,
) -> Any:
    """The trades of a portfolio."""
    before = None if page.after is None else read_place(page.after)
    about, found, count = await jobs.look_through(
        ws, portfolio_id, before=before, limit=page.limit + 1, seen=seen
    )
    rows = found[: page.limit]
    more = None
    if len(found) > len(rows):
        more = write_cursor((rows[-1].traded_on.isoformat(), rows[-1].sequence))
    view = await look_up(ws, portfolio_id, seen)
    items = [trade_item(row) for row in rows]
    fresh = await freshness(ws, view.metric_date)
    body = TradesBody(**fresh, id=about.id, name=about.name, count=count, next=more, rows=items)
    return present(request, body, fields, told=response)


@router.post("/portfolios/{portfolio_id}/trades", status_code=CREATED, dependencies=[Requires("write")])
async def enter_trade(
    ws: Reading, holder: Holder, seen: Seen, portfolio_id: PortfolioId, asked: TradeAsked
) -> TradeDone:
    """Add a trade."""
    done = await holder.compute(
        lambda own: jobs.add_trade(own, portfolio_id, **asked.model_dump(), seen=seen)
    )
    return await tell(ws, done)


@router.delete("/portfolios/{portfolio_id}/trades/{trade_id}", dependencies=[Requires("write")])
async def drop_trade(
    ws: Reading,
    holder: Holder,
    seen: Seen,
    who: Asking,
    portfolio_id: PortfolioId,
    trade_id: Annotated[UUID, Path(description="Id of a trade.")],
) -> TradeDone:
    """Take a trade away."""
    done = await holder.compute(
        lambda own: jobs.remove_trade(own, portfolio_id, trade_id, seen, user_id=who.user_id)
    )
    return await tell(ws, done)


async def tell(ws: Workspace, done: jobs.TradeDone) -> TradeDone:
    """What a change came to, as an answer."""
    view = await look_up(ws, done.portfolio_id)
    about: dict[str, Any] = {"state": view.state, "metric_date": view.metric_date, "nav": view.nav}
    return TradeDone(**await freshness(ws, view.metric_date), **vars(done), **about)


def trade_item(row: Any) -> TradeItem:
    """A stored trade as an answer."""
    names = [name for name in TradeItem.model_fields if name != "why_not"]
    return TradeItem(**{n: getattr(row, n) for n in names}, why_not=(row.outcome or {}).get("why"))


def read_place(after: tuple[Any, ...]) -> tuple[dt.date, int]:
    """The trade that a cursor names."""
    try:
        day, sequence = after
        if isinstance(sequence, bool) or not isinstance(sequence, int) or abs(sequence) >= 1 << 31:
            raise ValueError(sequence)
        return dt.date.fromisoformat(day), sequence
    except (ValueError, TypeError):
        raise bad_cursor() from None
