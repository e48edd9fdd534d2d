"""Trades folded into positions, exactly: mean cost, from flat to flat, long or short.

Rules. Commissions belong to the cost: those of opening raise what a long position cost
and lower what a short one brought, those of closing lower what was got back. A partial
closing realises its share of the mean cost, and leaves the mean cost of the rest as it
was. Dividends and fees are income and expense of the portfolio, not of a position's
cost. All quantities and prices of one share are in today's shares. Arithmetic is in
fractions, so that a third of a share stays one; results are rounded to eight decimals.
Only a cost that has grown past what twenty decimals can say is rounded to those.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Literal

from pacesetter.portfolio.trade import (
    IN_SHARES,
    Split,
    Trade,
    TradeProblem,
    check_trade,
    count_shares_today,
    name_trade,
)

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
SMALLEST = Decimal("1e-8")
FINEST = 10**20  # parts of one that a cost is kept in


@dataclass(frozen=True)
class Position:
    """One run of a symbol from flat to flat, in its trade currency, in today's shares.

    ``entry_price`` is the mean cost of one share that is held (of all that were opened,
    when it is closed); ``exit_price`` the mean of what was closed, commissions off;
    ``realised`` the profit of what was closed; ``quantity`` is 0 when it is closed.
    """

    symbol: str
    side: Literal["long", "short"]
    status: Literal["open", "closed"]
    opened_by: Hashable  # the id of the first trade
    entry_on: date
    entry_price: Decimal
    quantity: Decimal
    exit_on: date | None
    exit_price: Decimal | None
    realised: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A trade that counts, and what it did.

    ``money`` is what it brought to the cash (negative: took), commission off, in the
    trade's currency; ``held`` the shares of its symbol afterwards, in today's shares,
    negative when short; ``closed`` the share (0 to 1) of the position that it closed;
    ``price`` that of one of today's shares.
    """

    trade: Trade
    money: float
    held: float = 0.0
    closed: float = 0.0
    price: float = 0.0


@dataclass(frozen=True)
class Ledger:
    """All trades in order: ``entries`` count, ``problems`` name those that do not, and why."""

    positions: tuple[Position, ...]
    entries: tuple[Entry, ...]
    problems: tuple[TradeProblem, ...]


def fold_trades(
    trades: Iterable[Trade],
    splits: Mapping[str, Sequence[Split]] | None = None,
    *,
    positions: bool = True,
) -> Ledger:
    """Positions and entries from trades in any order (sorted by day, sequence, then as given).

    ``splits`` are those by symbol that the prices to be used are adjusted for. A trade
    that contradicts the others (selling more than is held, buying while short) or
    itself is left out as a whole and named in ``problems``. Without ``positions`` there
    are none in the ledger: a valuation needs the entries only, and rounding takes long.
    """
    known = splits or {}
    runs: dict[str, _Run] = {}
    finished: list[_Run] = []  # in the order of their beginning, running ones among them
    entries: list[Entry] = []
    problems: list[TradeProblem] = []
    for trade in sorted(trades, key=lambda t: (t.traded_on, t.sequence)):
        wrong = check_trade(trade)
        if wrong:
            problems.extend(wrong)
        elif trade.action not in IN_SHARES:
            entries.append(Entry(trade, float(_money_alone(trade))))
        else:
            symbol, shares, each = trade.symbol or "", trade.quantity or 0, trade.price or 0  # checked above
            ratio = count_shares_today(known.get(symbol, ()), trade.traded_on)
            quantity = Fraction(shares) * ratio
            run = runs.get(symbol)
            problem = _contradiction(trade, quantity, run)
            if problem is not None:
                problems.append(problem)
                continue
            if run is None:
                run = runs[symbol] = _Run(trade, "long" if trade.action == "buy" else "short")
                finished.append(run)
            gross = Fraction(shares) * Fraction(each)
            entries.append(run.take(trade, quantity, gross, float(Fraction(each) / ratio)))
            if not run.held:
                del runs[symbol]
    made = tuple(run.position() for run in finished) if positions else ()
    return Ledger(made, tuple(entries), tuple(problems))


class _Run:
    """A position while it is folded; ``held`` and ``cost`` (for a short: what it brought) are positive."""

    __slots__ = ("closed", "closed_for", "cost", "first", "held", "last", "opened", "opened_for", "side")

    def __init__(self, first: Trade, side: Literal["long", "short"]) -> None:
        self.first = self.last = first
        self.side = side
        self.held = self.cost = Fraction(0)
        self.opened = self.opened_for = Fraction(0)
        self.closed = self.closed_for = Fraction(0)

    def take(self, trade: Trade, quantity: Fraction, gross: Fraction, price: float) -> Entry:
        """Fold one trade that fits; ``gross`` is its quantity times its price."""
        self.last = trade
        paying = trade.action in ("buy", "cover")
        commission = Fraction(trade.commission)
        money = gross + commission if paying else gross - commission
        part = Fraction(0)
        if trade.action in ("buy", "short"):
            self.held += quantity
            self.cost += money
            self.opened += quantity
            self.opened_for += money
        else:
            part = quantity / self.held
            self.cost = _keep_short(self.cost - self.cost * part)
            self.held -= quantity
            self.closed += quantity
            self.closed_for += money
        held = float(self.held)
        return Entry(
            trade,
            float(-money if paying else money),
            held if self.side == "long" else 0.0 - held,
            float(part),
            price,
        )

    def position(self) -> Position:
        """The run as it stands."""
        over = not self.held
        cost_of_closed = self.opened_for - self.cost
        gain = self.closed_for - cost_of_closed
        return Position(
            symbol=str(self.first.symbol),
            side=self.side,
            status="closed" if over else "open",
            opened_by=self.first.id,
            entry_on=self.first.traded_on,
            entry_price=_round(self.opened_for / self.opened if over else self.cost / self.held),
            quantity=_round(self.held),
            exit_on=self.last.traded_on if over else None,
            exit_price=_round(self.closed_for / self.closed) if self.closed else None,
            realised=_round(gain if self.side == "long" else -gain),
            currency=self.first.currency,
        )


def _contradiction(trade: Trade, quantity: Fraction, run: _Run | None) -> TradeProblem | None:
    """Why a trade does not fit what is held before it; None where it does."""
    symbol = trade.symbol

    def problem(code: str, what: str, mend: str) -> TradeProblem:
        return TradeProblem(trade.id, code, f"{name_trade(trade)}: {what}", mend)

    if run is None:
        if trade.action == "sell":
            return problem("nothing_held", f"no {symbol} is held then", "add its purchase, or sell short")
        if trade.action == "cover":
            return problem("nothing_short", f"no {symbol} is short then", "add the short sale before it")
        return None
    if trade.currency != run.first.currency:
        return problem(
            "other_currency",
            f"the position was opened in {run.first.currency}",
            "write all trades of a position in one currency",
        )
    held = f"{_round(run.held).normalize():f}"
    if run.side == "long" and trade.action in ("short", "cover"):
        return problem("is_long", f"{held} {symbol} are held then", "sell them first")
    if run.side == "short" and trade.action in ("buy", "sell"):
        return problem("is_short", f"{held} {symbol} are short then", "cover them first")
    if trade.action in ("sell", "cover") and quantity > run.held:
        code, state = ("more_than_held", "held") if trade.action == "sell" else ("more_than_short", "short")
        mend = "correct the quantity, or add the trade that is missing; a split may be missing too"
        return problem(code, f"only {held} of today's shares are {state} then", mend)
    return None


def _money_alone(trade: Trade) -> Fraction:
    """What a trade without shares brings to the cash, commission off."""
    amount = Fraction(trade.amount or 0)
    gets = trade.action in ("deposit", "dividend")
    return (amount if gets else -amount) - Fraction(trade.commission)


def _keep_short(value: Fraction) -> Fraction:
    """The same with at most twenty decimals where it would need more: with each partial closing the
    denominator gains digits, and a thousand of them would take longer each time."""
    return value if value.denominator <= FINEST else Fraction(round(value * FINEST), FINEST)


def _round(value: Fraction) -> Decimal:
    """The nearest number with eight decimals."""
    return EXACT.quantize(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)), SMALLEST)
