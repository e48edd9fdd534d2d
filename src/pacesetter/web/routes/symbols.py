"""Symbols: what is known of them, their prices, and what their ranks are made of."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field

from pacesetter.jobs.boards.board_panels import calendar_of
from pacesetter.jobs.boards.explain_symbol import BoardExplanation, explain_symbol, newest_ranks
from pacesetter.jobs.words import in_words, scope_in_words
from pacesetter.store.bars.bars import read_prices
from pacesetter.store.boards.boards import newest_published_date
from pacesetter.store.symbols.symbols import find_symbol, list_symbols
from pacesetter.web.auth.permission import Requires
from pacesetter.web.bodies.body import Body, freshness
from pacesetter.web.bodies.present import FORMS, Fields, present
from pacesetter.web.inputs import Flag, Whole
from pacesetter.web.kept.kept import kept
from pacesetter.web.paging import Page
from pacesetter.web.parameters import On, Span
from pacesetter.web.routes.rankings import RowItem, TrendItem, row_item
from pacesetter.web.workspace import Holder, Reading

router = APIRouter(tags=["symbols"], dependencies=[Requires("read")])


class SymbolItem(BaseModel):
    """What is known of a symbol."""

    symbol: str
    name: str | None
    asset_type: str
    exchange_mic: str | None
    currency: str | None
    quote_unit: str | None
    basis: str | None
    sector: str | None
    industry: str | None
    is_active: bool
    first_seen_date: dt.date | None
    last_seen_date: dt.date | None
    last_price_date: dt.date | None


class SymbolsBody(Body):
    """A page of symbols in their order; ``count`` in all."""

    count: int
    next: str | None
    rows: list[SymbolItem]


class BarItem(BaseModel):
    """A stored price: unadjusted or adjusted as the symbol's basis says; who gave it and when."""

    date: dt.date
    open: float | None
    high: float | None
    low: float | None
    close: float
    adj_close: float | None
    volume: int | None
    final: bool
    source: str
    fetched_at: dt.datetime


class BarsBody(Body):
    """The prices of a symbol, oldest first."""

    symbol: str
    name: str | None
    basis: str | None
    currency: str | None
    rows: list[BarItem]


class StatisticsItem(BaseModel):
    """What z was taken with."""

    scope: str
    n: int
    centre: float | None
    scale: float | None
    rule: str


class FactorDeclaration(BaseModel):
    """What a factor of the method is."""

    uses: str
    title: str
    formula: str
    unit: str
    higher_is_better: bool
    statistics: StatisticsItem | None


class StandingItem(BaseModel):
    """A symbol on one board, with the evidence behind every number."""

    board: str
    slug: str
    method: str
    method_version: int
    as_of: dt.date
    scope: str
    scope_words: str = Field(description="The same in words, such as all equities.")
    origin: str
    provisional: bool
    computed_at: dt.datetime | None
    ranked: int = Field(description="How many are ranked on the board.")
    row: RowItem
    trend: TrendItem | None
    factors: dict[str, FactorDeclaration]


class LongTermItem(BaseModel):
    """The long-term score (0–100) and its parts, or why there is none."""

    on: dt.date
    score: float | None
    one_year: float | None
    drawdown: float | None
    positive_months: float | None
    n_months: int
    reason: str | None
    because: str | None = Field(description="The reason in words.")


class SymbolBody(Body):
    """A symbol: what is known of it, and where it stands on every board it is on."""

    about: SymbolItem
    boards: list[StandingItem]
    long_term: LongTermItem | None


Symbol = Annotated[str, Path(max_length=32, description="Symbol, such as NVDA or VOD.L.")]


@router.get("/symbols", response_model=SymbolsBody, responses=FORMS)
@kept("detail", by_accept=True)
async def read_symbols(
    request: Request,
    ws: Reading,
    page: Page,
    search: Annotated[str | None, Query(max_length=40, description="In symbol, name or sector.")] = None,
    asset_type: Annotated[str | None, Query(max_length=20, description="equity, etf, index …")] = None,
    priced: Annotated[Flag | None, Query(description="Only those with prices, or without.")] = None,
    fields: Fields = None,
) -> Any:
    """Every symbol that is known."""
    async with ws.db.read() as conn:
        every = await list_symbols(conn)
        as_of = await newest_published_date(conn)
    found = [
        row
        for row in every
        if (search is None or search.casefold() in f"{row.symbol} {row.name} {row.sector}".casefold())
        and asset_type in (None, row.asset_type)
        and priced in (None, row.last_price_date is not None)
    ]
    rows, more = page.cut(found, lambda row: (row.symbol,))
    fresh = await freshness(ws, as_of)
    items = [symbol_item(row) for row in rows]
    return present(request, SymbolsBody(**fresh, count=len(found), next=more, rows=items), fields)


@router.get("/symbols/{symbol}")
@kept("detail")
async def read_symbol(holder: Holder, ws: Reading, symbol: Symbol, on: On = None) -> SymbolBody:
    """A symbol with its standing on every board, number by number."""
    async with ws.db.read() as conn:
        about = await find_symbol(conn, symbol)
        published = await newest_ranks(conn, about)
    found = await holder.compute(lambda own: explain_symbol(own, about.symbol, on=on)) if published else None
    long_term = None
    if found is not None:
        why = found.long_term.reason
        figures = vars(found.long_term) | {"reason": why or None, "because": in_words(why) or None}
        long_term = LongTermItem(on=found.long_term_on, **figures)
    as_of = found.long_term_on if found is not None and found.boards else published
    return SymbolBody(
        **await freshness(ws, as_of, calendar=calendar_of(ws, about.asset_type)),
        about=symbol_item(about),
        boards=[] if found is None else [standing_item(one) for one in found.boards],
        long_term=long_term,
    )


@router.get("/symbols/{symbol}/prices", response_model=BarsBody, responses=FORMS)
@kept("series", by_accept=True)
async def read_bars(
    request: Request,
    ws: Reading,
    symbol: Symbol,
    span: Span,
    limit: Annotated[Whole, Query(ge=1, le=10_000, description="At most so many, the newest.")] = 1000,
    fields: Fields = None,
) -> Any:
    """The accepted prices of a symbol."""
    async with ws.db.read() as conn:
        about = await find_symbol(conn, symbol)
        rows = await read_prices(conn, about.symbol, first=span[0], last=span[1], limit=limit)
    newest, calendar = rows[-1].date if rows else about.last_price_date, calendar_of(ws, about.asset_type)
    body = BarsBody(
        **await freshness(ws, newest, calendar=calendar),
        symbol=about.symbol,
        name=about.name,
        basis=about.basis,
        currency=about.quote_unit or about.currency,
        rows=[BarItem(**bar_fields(row)) for row in rows],
    )
    return present(request, body, fields)


def symbol_item(row: Any) -> SymbolItem:
    """A symbol's row as an answer."""
    return SymbolItem(**{name: getattr(row, name) for name in SymbolItem.model_fields})


def bar_fields(row: Any) -> dict[str, Any]:
    """A stored bar as an answer."""
    names = ("date", "open", "high", "low", "close", "adj_close", "volume", "fetched_at")
    return {**{name: getattr(row, name) for name in names}, "final": row.is_final, "source": row.data_source}


def standing_item(one: BoardExplanation) -> StandingItem:
    """A standing as an answer."""
    names = ("board", "slug", "method", "method_version", "as_of", "scope", "origin", "provisional")
    head = {name: getattr(one.head, name) for name in (*names, "computed_at")}
    trend = None if one.trend is None or one.trend.trend is None else TrendItem(**vars(one.trend.trend))
    declared = {
        name: FactorDeclaration(
            uses=own.name,
            title=own.title,
            formula=own.formula,
            unit=own.unit,
            higher_is_better=own.higher_is_better,
            statistics=StatisticsItem(**vars(one.statistics[name])) if name in one.statistics else None,
        )
        for name, own in one.factors.items()
    }
    head["scope_words"] = scope_in_words(one.head.scope)
    return StandingItem(**head, ranked=one.ranked, row=row_item(one.row), trend=trend, factors=declared)
