"""The day's figures of every symbol: price, returns, ratios, style exposures, and how good the data is."""

from __future__ import annotations

import datetime as dt
from math import isfinite
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.kernel.errors import UnknownName
from pacesetter.store.portfolios.daily_metrics import (
    Place,
    count_metrics,
    find_metrics,
    newest_metrics_date,
    page_metrics,
)
from pacesetter.store.symbols.symbols import find_symbol
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Asked, Page, bad_cursor, write_cursor
from pacesetter.web.workspace import Reading

router = APIRouter(tags=["exposures"], dependencies=[Requires("read")])
Sort = Literal[
    "symbol", "price", "return_1d", "return_mtd", "return_ytd", "return_1m", "return_3m", "return_1y",
    "market_cap", "trailing_pe", "price_to_sales", "price_to_book", "market_beta", "rate_beta", "value",
    "growth", "momentum", "quality", "size", "low_volatility", "data_quality", "-symbol", "-price",
    "-return_1d", "-return_mtd", "-return_ytd", "-return_1m", "-return_3m", "-return_1y", "-market_cap",
    "-trailing_pe", "-price_to_sales", "-price_to_book", "-market_beta", "-rate_beta", "-value", "-growth",
    "-momentum", "-quality", "-size", "-low_volatility", "-data_quality",
]  # fmt: skip


class MetricsFields(BaseModel):
    """The newest figures of a symbol; null where there is none. Returns are shares: 0.01 is 1 %."""

    symbol: str
    on: dt.date = Field(description="Session of the price.")
    name: str | None
    sector: str | None
    industry: str | None
    currency: str | None
    price: float | None = Field(description="Unadjusted close, in the unit of the quote.")
    return_1d: float | None
    return_mtd: float | None
    return_ytd: float | None
    return_1m: float | None
    return_3m: float | None
    return_1y: float | None
    market_cap: float | None
    trailing_pe: float | None
    price_to_sales: float | None
    price_to_book: float | None
    market_beta: float | None
    rate_beta: float | None
    value: float | None
    growth: float | None
    momentum: float | None
    quality: float | None
    size: float | None
    low_volatility: float | None
    data_quality: float = Field(description="0 to 100.")
    quality_notes: list[str] = Field(description="Why data_quality is less than 100, in words.")
    computed_at: dt.datetime


class MetricsPage(Body):
    """A page of symbols with their figures; ``count`` in all."""

    count: int
    next: str | None
    rows: list[MetricsFields]


class MetricsBody(Body, MetricsFields):
    """The figures of one symbol."""


Symbol = Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")]


@router.get("/daily-metrics", response_model=MetricsPage, responses=FORMS)
@kept("leaderboard", by_accept=True)
async def read_metrics(
    request: Request,
    ws: Reading,
    page: Page,
    sort: Annotated[
        Sort, Query(description="Ascending; a leading - is descending. Ties go by symbol.")
    ] = "symbol",
    sector: Annotated[str | None, Query(max_length=80, description="Only this sector.")] = None,
    fields: Fields = None,
) -> Any:
    """The newest figures of every symbol, as the nightly batch left them."""
    async with ws.db.read() as conn:
        count = await count_metrics(conn, sector=sector)
        rows = await page_metrics(conn, sort, after=place(page, sort), limit=page.limit + 1, sector=sector)
        as_of = await newest_metrics_date(conn)
    shown = [item(row) for row in rows[: page.limit]]
    more = write_cursor(key_of(rows[page.limit - 1], sort)) if len(rows) > page.limit else None
    return present(
        request, MetricsPage(**await freshness(ws, as_of), count=count, next=more, rows=shown), fields
    )


@router.get("/daily-metrics/{symbol}")
@kept("detail")
async def read_symbol_metrics(ws: Reading, symbol: Symbol) -> MetricsBody:
    """The newest figures of a symbol."""
    async with ws.db.read() as conn:
        about = await find_symbol(conn, symbol)
        row = await find_metrics(conn, about.symbol)
    if row is None:
        raise UnknownName(
            f"there are no figures of {about.symbol} yet",
            mend="the nightly batch (`pacesetter batch`) makes them",
        )
    return MetricsBody(**await freshness(ws, row.metric_date), **vars(item(row)))


def item(row: Any) -> MetricsFields:
    """A row as an answer."""
    names = [name for name in MetricsFields.model_fields if name != "on"]
    return MetricsFields(on=row.metric_date, **{name: getattr(row, name) for name in names})


def key_of(row: Any, sort: str) -> Place:
    """A row's place under a sort, as a cursor keeps it."""
    column = sort.removeprefix("-")
    value = None if column == "symbol" else getattr(row, column)
    return (value is None, 0.0 if value is None else value, row.symbol)


def place(page: Asked, sort: str) -> Place | None:
    """The place that a cursor names; ``BadParameter`` for one of another list."""
    if page.after is None:
        return None
    try:
        missing, value, symbol = page.after
    except ValueError:
        raise bad_cursor() from None
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    named = isinstance(symbol, str) and "\0" not in symbol
    if not (isinstance(missing, bool) and number and named) or (sort.lstrip("-") == "symbol" and not missing):
        raise bad_cursor()
    return (missing, float(value), symbol)
