"""The same portfolio kept day by day in exact fractions, by plain loops: nothing shared with the product.

It holds shares as they are on the day (splits multiply them on their ex date) and
values them at the unadjusted close of the day; the product counts in today's shares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass
class Day:
    nav: Fraction
    cash: Fraction
    flow_in: Fraction
    flow_out: Fraction
    values: dict[str, Fraction]
    pnl: dict[str, Fraction]  # "" for money of no holding
    daily_return: Fraction | None


@dataclass
class Share:
    held: Fraction = Fraction(0)  # negative: short
    brought: Fraction = Fraction(0)  # collateral: what the open short brought, in base currency
    last: Fraction | None = None  # price of one of today's shares, in its own currency
    quoted: bool = False  # whether a close was seen yet
    value: Fraction = Fraction(0)
    moved: Fraction = Fraction(0)


@dataclass
class PlainLedger:
    """``closes[symbol][date]`` unadjusted; ``rates[currency][date]``; ``dividends``: (symbol, date, each)."""

    sessions: list[date]
    closes: dict[str, dict[date, Fraction]]
    splits: list[tuple[str, date, Fraction]]
    dividends: list[tuple[str, date, Fraction]]
    quoted: dict[str, str]
    rates: dict[str, dict[date, Fraction]]
    rejected: list[Any] = field(default_factory=list)

    def run(self, trades: list[Any], base: str, left_out: frozenset[str] = frozenset()) -> list[Day]:
        trades = [t for t in trades if t.symbol not in left_out]
        trades = sorted(trades, key=lambda t: (t.traded_on, t.sequence))
        asks_for_money = not any(t.action in ("deposit", "withdrawal") for t in trades)
        shares: dict[str, Share] = {symbol: Share() for symbol in self.closes}
        cash = free = paid_in = nav_before = Fraction(0)
        days, previous = [], date.min
        for today in self.sessions:
            flow_in = flow_out = other = Fraction(0)
            for share in shares.values():
                share.moved = Fraction(0)

            def rate(currency: str, today: date = today) -> Fraction:
                return (
                    Fraction(1) if currency == base else self.rates[currency][today] / self.rates[base][today]
                )

            events: list[tuple[date, int, Any]] = []
            events += [
                (on, 0, (symbol, ratio)) for symbol, on, ratio in self.splits if previous < on <= today
            ]
            events += [
                (on, 1, (symbol, each)) for symbol, on, each in self.dividends if previous < on <= today
            ]
            events += [(t.traded_on, 2, t) for t in trades if previous < t.traded_on <= today]
            for _, kind, event in sorted(events, key=lambda e: e[:2]):
                if kind == 0:
                    shares[event[0]].held *= event[1]
                    if shares[event[0]].last is not None:
                        shares[event[0]].last /= event[1]
                    continue
                if kind == 1:
                    share = shares[event[0]]
                    got = share.held * event[1] * rate(self.quoted[event[0]])
                    share.moved += got
                    cash, free = cash + got, free + got
                    continue
                t = event
                fx, commission = rate(t.currency), Fraction(t.commission)
                if t.action in ("deposit", "withdrawal"):
                    amount = Fraction(t.amount) * fx
                    flow_in += amount if t.action == "deposit" else 0
                    flow_out += amount if t.action == "withdrawal" else 0
                    other -= commission * fx
                    cash += (amount if t.action == "deposit" else -amount) - commission * fx
                elif t.action == "fee":
                    other -= (Fraction(t.amount) + commission) * fx
                    cash -= (Fraction(t.amount) + commission) * fx
                    free -= (Fraction(t.amount) + commission) * fx
                else:
                    share = shares[t.symbol]
                    quantity, price = Fraction(t.quantity), Fraction(t.price)
                    allowed = {
                        "buy": share.held >= 0,
                        "sell": share.held >= quantity,
                        "short": share.held <= 0,
                        "cover": -share.held >= quantity,
                    }
                    if not allowed[t.action]:
                        self.rejected.append(t.id)
                        continue
                    gross = quantity * price
                    money = (-gross if t.action in ("buy", "cover") else gross) - commission
                    money *= fx
                    if t.action == "short":
                        share.brought += money
                    elif t.action == "cover":
                        back = share.brought * quantity / -share.held
                        share.brought -= back
                        free += back + money
                    else:
                        free += money
                    share.held += quantity if t.action in ("buy", "cover") else -quantity
                    share.moved += money
                    cash += money
                    if not share.quoted:  # what was traded last, until the first close
                        share.last = price * fx / rate(self.quoted[t.symbol])
            if asks_for_money and free < 0:
                flow_in, cash, free = -free, cash - free, Fraction(0)
            pnl, values = {"": other}, {}
            for symbol, share in shares.items():
                share.last = self.closes[symbol].get(today, share.last)
                share.quoted |= today in self.closes[symbol]
                worth = share.held * share.last * rate(self.quoted[symbol]) if share.held else Fraction(0)
                pnl[symbol] = worth - share.value + share.moved
                share.value = values[symbol] = worth
            nav = cash + sum(values.values())
            basis = nav_before + flow_in
            paid_in += flow_in
            earned = (nav + flow_out) / basis - 1 if paid_in > 0 and basis > 0 else None
            days.append(Day(nav, cash, flow_in, flow_out, values, pnl, earned))
            nav_before, previous = nav, today
        return days
