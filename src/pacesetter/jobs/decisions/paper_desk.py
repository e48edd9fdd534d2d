"""Trading on paper: what was approved is bought and sold at the next session's open, stops and first
targets on the sessions after that, in the desk's own paper portfolio and nowhere else.

Each night takes what is stored of the bars up to its session; done again it finds that everything is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from pacesetter.agents.evidence import Evidence
from pacesetter.jobs.decisions.desk_holdings import fold_until, read_trades_until
from pacesetter.jobs.decisions.log_trade import note_trade, put_trade, tell_fill
from pacesetter.jobs.decisions.paper_fill import DayPrices, Sale, sell_on_bar
from pacesetter.jobs.decisions.paper_portfolio import find_paper_portfolio
from pacesetter.jobs.portfolios.plan import calendar_of
from pacesetter.jobs.portfolios.quotes import Quote, read_quotes
from pacesetter.jobs.portfolios.trade_portfolio import enter_trade
from pacesetter.jobs.proposals.decision_terms import proposal_of, told
from pacesetter.jobs.proposals.position_exits import mark_exits, sold_of
from pacesetter.jobs.workspace import Workspace
from pacesetter.kernel.decimals import to_decimal
from pacesetter.market.calendar import EPOCH, day_number, is_session, load_hours, sessions_before
from pacesetter.research.desk import Desk, load_desk
from pacesetter.research.proposal import Fill, log_trade
from pacesetter.store.accounts.audit import write_entry
from pacesetter.store.bars.bars import bars_between
from pacesetter.store.desk.decisions import DecisionRow, decisions, traded_decisions
from pacesetter.store.portfolios.portfolios import get_portfolio
from pacesetter.store.portfolios.trades import find_trade

BY = "the desk, on paper"


@dataclass(frozen=True)
class PaperTrade:
    """What was traded on paper, in the shares of its day; ``why``: open, stop or target; ``told``: the same
    in the audit log's words, as of a trade that a person logs."""

    decision_id: UUID
    symbol: str
    action: str
    traded_on: date
    quantity: Decimal
    price: Decimal
    why: str
    told: Mapping[str, Any]


async def settle_paper(
    ws: Workspace, conn: AsyncConnection, evidence: Evidence, *, desk: Desk | None = None
) -> list[PaperTrade]:
    """Trade on paper what is due up to the session of the evidence, in the caller's transaction.

    To be called before the night ends what nobody acted upon: an approved order stands for the next session.
    """
    portfolio = await find_paper_portfolio(conn)
    if portfolio is None:
        return []
    await get_portfolio(conn, portfolio.id, lock=True)
    rows = await traded_decisions(conn, portfolio.id, ("approved", "traded"))
    symbols = sorted({row.symbol for row in rows if row.mode == "paper"})
    part_pct = (desk or load_desk()).decision.sell_at_target_pct
    done: list[PaperTrade] = []
    for quote in (await read_quotes(conn, symbols)).values():
        done += await _Account(ws, conn, portfolio.id, quote, part_pct).settle(evidence.on)
    done.sort(key=lambda one: (one.traded_on, one.symbol, one.decision_id))
    for one in done:  # at the end: nobody else writes to the log until this transaction is over
        verb = "sold" if one.why in ("stop", "target") else "traded"
        await write_entry(conn, f"decision.{verb}", one.told, at=ws.now())
    return done


class _Account:
    """The decisions on one symbol on paper, worked through session by session."""

    def __init__(
        self, ws: Workspace, conn: AsyncConnection, portfolio_id: UUID, quote: Quote, part_pct: float
    ) -> None:
        self.ws, self.conn, self.portfolio_id = ws, conn, portfolio_id
        self.quote, self.symbol, self.part_pct = quote, quote.symbol, part_pct
        self.calendar = calendar_of(quote.mic, ws.settings.calendar)
        self.done: list[PaperTrade] = []

    async def settle(self, on: date) -> list[PaperTrade]:
        rows = await self._rows()
        first = min(row.decided_on for row in rows) + timedelta(days=1)
        bars = await bars_between(self.conn, self.symbol, first, on)
        for bar in bars.iter_rows(named=True):
            if bar["is_final"]:
                await self._settle_session(bar["date"], bar, on)
        bought = [row for row in await self._rows("traded") if row.action == "BUY"]
        if any(self.quote.shares_between(row.decided_on, on) != 1 for row in bought):
            await mark_exits(self.conn, self.portfolio_id, self.symbol, self.quote.splits)
        return self.done

    async def _settle_session(self, on: date, bar: Mapping[str, Any], night_on: date) -> None:
        day = self._read_day(bar, on)
        approved = [row for row in await self._rows("approved") if self._stands(row, night_on)]
        due = [row for row in approved if self._is_due(row, on)]
        for row in sorted(due, key=lambda one: one.action != "SELL"):  # what a sale frees comes first
            await (self._sell(row, on, day) if row.action == "SELL" else self._buy(row, on, day))
        for row in await self._rows("traded"):
            if row.action == "BUY":
                await self._leave(row, on, day)

    def _read_day(self, bar: Mapping[str, Any], on: date) -> DayPrices:
        """A bar's prices as they were traded; of a bar without its open, what it closed at stands for it."""
        close = self.quote.as_traded(bar["close"], on)
        first, high, low = (
            close if bar[name] is None else self.quote.as_traded(bar[name], on)
            for name in ("open", "high", "low")
        )
        return DayPrices(first, max(first, high, close), min(first, low, close), close)

    async def _buy(self, row: DecisionRow, on: date, day: DayPrices) -> None:
        shares = self.quote.shares_between(row.decided_on, on)
        stop = None if row.stop_loss is None else to_decimal(Fraction(row.stop_loss) / shares)
        quantity = Decimal((Fraction(row.quantity or 0) * shares).__floor__())
        if stop is not None and day.open <= stop:
            await self._end(row, f"it opened at {day.open:f} on {on}, not above its stop: not bought")
        elif quantity < 1:
            await self._end(row, "it says no quantity: not bought")
        else:
            await self._trade(row, Fill(on, quantity, day.open, paper=True))

    async def _sell(self, row: DecisionRow, on: date, day: DayPrices) -> None:
        held = await self._held(on)
        if held <= 0:
            await self._end(row, f"nothing of it was held any more on {on}: not sold")
        else:
            await self._trade(row, Fill(on, held, day.open, paper=True))

    async def _trade(self, row: DecisionRow, fill: Fill) -> None:
        """Buy or sell what was approved, at the open."""
        given = proposal_of(row)
        standing = replace(given, expires_on=max(given.expires_on, fill.traded_on))
        log_trade(standing, "paper", fill.traded_on, by=BY, fill=fill)  # refuses what may not be
        entered = await put_trade(self.ws, self.conn, row, self.portfolio_id, fill, why="on paper")
        after = await note_trade(self.conn, row, self.portfolio_id, entered.id)
        self._tell(after, "buy" if row.action == "BUY" else "sell", fill, "open", entered.id)

    async def _leave(self, row: DecisionRow, on: date, day: DayPrices) -> None:
        """Sell at the stop and the first target, on a session after the purchase."""
        assert row.trade_id is not None  # noqa: S101 - it is traded
        trade = await find_trade(self.conn, self.portfolio_id, row.trade_id)
        sold = sold_of(row)
        since = max([trade.traded_on, *(date.fromisoformat(one["on"]) for one in sold)])
        if on <= since:
            return
        left = Fraction(trade.quantity) * self.quote.shares_between(trade.traded_on, on)
        for one in sold:
            then = date.fromisoformat(one["on"])
            left -= Fraction(one["quantity"]) * self.quote.shares_between(then, on)
        shares = self.quote.shares_between(row.decided_on, on)
        exits = [
            None if one is None else to_decimal(Fraction(one) / shares) for one in (row.stop_loss, row.target)
        ]
        sales = sell_on_bar(
            day,
            min(to_decimal(left), await self._held(on)),
            stop=exits[0],
            target=exits[1],
            part_sold=any(one["why"] == "target" for one in sold),
            part_pct=self.part_pct,
        )
        for sale in sales:
            sold.append(_note(sale, on))
            await decisions.change(self.conn, row.id, outcome={**(row.outcome or {}), "sold": list(sold)})
            entered = await enter_trade(
                self.ws,
                self.conn,
                self.portfolio_id,
                action="sell",
                symbol=self.symbol,
                quantity=sale.quantity,
                price=sale.price,
                currency=self.quote.currency,
                traded_on=on,
                note=f"decision {row.id}: {sale.why}, on paper",
            )
            after = await decisions.get(self.conn, row.id)
            self._tell(after, "sell", Fill(on, sale.quantity, sale.price, paper=True), sale.why, entered.id)
        if sales:
            await mark_exits(self.conn, self.portfolio_id, self.symbol, self.quote.splits)

    async def _held(self, on: date) -> Decimal:
        """Shares held on the evening of a session, in that session's."""
        trades, quotes = await read_trades_until(self.conn, self.portfolio_id, on)
        own = [one for one in trades if one.symbol == self.symbol]
        found = fold_until(own, quotes, on).positions
        return sum((one.quantity for one in found if one.side == "long"), Decimal(0))

    async def _rows(self, *statuses: str) -> list[DecisionRow]:
        rows = await traded_decisions(self.conn, self.portfolio_id, statuses or ("approved", "traded"))
        return [row for row in rows if row.symbol == self.symbol and row.mode == "paper"]

    async def _end(self, row: DecisionRow, why: str) -> None:
        await decisions.change(self.conn, row.id, status="expired", answer=why)

    def _stands(self, row: DecisionRow, night_on: date) -> bool:
        """Whether a night may still fill an order: up to its last day, and in the first session that opens
        after its approval. Later it may be one whose trade was taken away, which nobody asked for again."""
        if row.expires_on is None or night_on <= row.expires_on:
            return True
        before = sessions_before(self.calendar, night_on - timedelta(days=1), 1)
        return row.answered_at is not None and not any(
            on > row.decided_on and opens_at(self.calendar, on) > row.answered_at for on in before
        )

    def _is_due(self, row: DecisionRow, on: date) -> bool:
        """Whether a session opened after the approval, and after the evening of the decision."""
        return (
            row.answered_at is not None
            and on > row.decided_on
            and opens_at(self.calendar, on) > row.answered_at
        )

    def _tell(self, row: DecisionRow, action: str, fill: Fill, why: str, trade_id: UUID) -> None:
        """Note a fill; ``row``: its decision afterwards."""
        event = f"traded by {BY}" if why == "open" else f"sold at its {why} by {BY}"
        found = told(row, event=event, **tell_fill(fill, trade_id, self.portfolio_id))
        on, each = fill.traded_on, fill.price
        self.done.append(PaperTrade(row.id, self.symbol, action, on, fill.quantity, each, why, found))


def opens_at(calendar: str, on: date) -> datetime:
    """When a session opens, in UTC; midnight of a day that is no session of the calendar."""
    if not is_session(calendar, on):
        return datetime.combine(on, time(), UTC)
    hours = load_hours(calendar)
    place = int(hours.days.searchsorted(day_number(on)))
    return EPOCH + timedelta(microseconds=int(hours.opens[place]))


def _note(sale: Sale, on: date) -> dict[str, str]:
    return {
        "on": on.isoformat(),
        "quantity": f"{sale.quantity:f}",
        "price": f"{sale.price:f}",
        "why": sale.why,
    }
