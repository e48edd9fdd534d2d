"""Which of the desk's limits a purchase would pass on the terms that a person chose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.setting import AgentSetting
from pacesetter.jobs.decisions.desk_book import DeskBook, load_book, sectors_of, with_purchases
from pacesetter.jobs.decisions.paper_portfolio import find_paper_portfolio
from pacesetter.jobs.proposals.desk_terms import desk_terms
from pacesetter.jobs.workspace import Workspace
from pacesetter.research.desk import load_desk
from pacesetter.research.sizing import tell_passed
from pacesetter.store.desk.decisions import DecisionRow, decisions


async def tell_limits(
    ws: Workspace, conn: AsyncConnection, row: DecisionRow, settings: Mapping[str, AgentSetting], on: date
) -> tuple[str, ...]:
    """The limits that a decision would pass today, in words: beside what is held and what is approved. Empty
    for a sale, and where its portfolio, or what that is worth, is not known."""
    if row.action != "BUY":
        return ()
    if desk_terms(settings)[0] == "paper" and await find_paper_portfolio(conn) is None:
        return ()  # an answer makes no portfolio
    book = await load_book(ws, conn, settings, on)
    if book.value is None or row.portfolio_id not in (None, book.portfolio_id):
        return ()
    size_pct = measure_size(row, book)
    if size_pct is None:
        return ()
    of = decisions.table.c
    here = of.portfolio_id.is_(None) if row.portfolio_id is None else of.portfolio_id == row.portfolio_id
    tonight = (of.decided_on == on) & (of.action == "BUY") & (of.status == "approved") & (of.id != row.id)
    others = await decisions.find(conn, here, tonight)  # the book has those of earlier nights
    sectors = await sectors_of(conn, {row.symbol, *(one.symbol for one in others)})
    whole = with_purchases(book, others, sectors)
    sector = sectors.get(row.symbol) or ""
    return tell_passed(row.symbol, sector, size_pct, whole.book, load_desk().decision)


def measure_size(row: DecisionRow, book: DeskBook) -> float | None:
    """What a purchase comes to at its price, in % of the portfolio's value; where that is not known, the size
    that the decision says."""
    rate = book.rates.get(row.currency or "")
    if row.quantity is None or row.entry_price is None or rate is None or not book.value:
        return row.size_pct
    return float(100 * row.quantity * row.entry_price * rate / Decimal(book.value))
