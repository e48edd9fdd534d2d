"""Rows of a portfolio file as the trades that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pacesetter.providers.files.portfolio_cells import MOST, Mistake, read_day
from pacesetter.providers.files.portfolio_row import TRADE_DECIMALS, Row

CLASSES = ("PUBLIC", "OPTIONS")
SUBTYPES = {"STOCK": "equity", "ETF": "etf", "MUTUAL_FUND": "fund"}
RIGHTS = {"CALL": "C", "C": "C", "PUT": "P", "P": "P"}
ACTIONS = {
    "buy": ("buy", "bought", "b", "purchase", "you bought", "buy to open", "reinvestment"),
    "sell": ("sell", "sold", "s", "sale", "you sold", "sell to close"),
    "short": ("short", "sell short", "short sell", "short sale", "sold short", "sell to open"),
    "cover": ("cover", "buy to cover", "cover short", "bought to cover", "buy to close"),
    "deposit": ("deposit", "contribution", "transfer in", "cash in", "funding"),
    "withdrawal": ("withdrawal", "withdraw", "transfer out", "cash out"),
    "dividend": ("dividend", "dividends", "div", "cash dividend", "qualified dividend"),
    "fee": ("fee", "fees", "charge", "custody fee", "account fee"),
}
SPELT = {spelling: action for action, spellings in ACTIONS.items() for spelling in spellings}
TRADING = ("buy", "sell", "short", "cover")
INCOMING = ("deposit", "dividend")
OWNED_DECIMALS, STRIKE_DECIMALS = 6, 3
LONGEST = 32  # characters of a symbol


@dataclass(frozen=True)
class TradeRow:
    """A trade that a line stands for; ``asset_type`` and ``currency``: None where the file says nothing."""

    line: int
    action: str
    symbol: str | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None
    commission: Decimal
    currency: str | None
    traded_on: date
    asset_type: str | None = None
    note: str | None = None


def read_position(row: Row) -> list[TradeRow]:
    """The trade that opened a position, and the one that closed it where there is an exit."""
    symbol, asset_type = read_instrument(row)
    quantity = row.number("quantity", decimals=OWNED_DECIMALS)
    if quantity == 0:
        row.fail("quantity", "it is zero", "give the number of shares; below zero for a short")
    price, opened = row.price("entry_price"), row.day("entry_date")
    closed, exit_price = row.day("exit_date", needed=False), row.price("exit_price", needed=False)
    for name, other in (("exit_date", "exit_price"), ("exit_price", "exit_date")):
        if row.cell(name) and not row.cell(other):
            row.fail(other, f"it is empty although {row.names.get(name, name)} is given", "give both or none")
    if opened is not None and closed is not None and closed < opened:
        row.fail("exit_date", f"it is before the entry on {opened}", "give a date from the entry on")
    currency, units = row.currency()
    commission = row.commission(units)
    if row.faults or quantity is None or price is None or opened is None:
        return []
    note = row.cell("note")[:500] or None
    common: dict[str, Any] = {"line": row.line, "symbol": symbol, "quantity": abs(quantity), "amount": None}
    common |= {"currency": currency, "asset_type": asset_type, "note": note}
    begin, end = ("buy", "sell") if quantity > 0 else ("short", "cover")
    made = [TradeRow(action=begin, price=price / units, commission=commission, traded_on=opened, **common)]
    if closed is not None and exit_price is not None:
        free = Decimal(0)
        made.append(
            TradeRow(action=end, price=exit_price / units, commission=free, traded_on=closed, **common)
        )
    return made


def read_instrument(row: Row) -> tuple[str | None, str | None]:
    """The symbol and kind of what is held: an option by its contract, everything else by its own name."""
    stated, subtype = row.cell("investment_class").upper(), row.cell("investment_subtype").upper()
    if stated and stated not in CLASSES:
        row.fail("investment_class", "it is no known class", f"one of {', '.join(CLASSES)}")
    if stated == "OPTIONS":
        return read_contract(row), "option"
    if subtype and subtype not in SUBTYPES:
        row.fail("investment_subtype", "it is no known subtype", f"one of {', '.join(SUBTYPES)}")
    return row.symbol("symbol"), SUBTYPES.get(subtype)


def read_contract(row: Row) -> str | None:
    """The contract's name as the OCC writes it: root, date, right, strike in thousandths
    (``IWM250920C00220000``)."""
    root, strike = row.symbol("underlying"), row.number("strike", decimals=STRIKE_DECIMALS)
    if strike is not None and not 0 < strike < 100_000:
        row.fail("strike", "it must lie between 0 and 100,000", "give the strike price")
    expires: date | None = None
    try:
        expires = read_day(row.cell("expiration"), latest=date(2099, 12, 31))
    except Mistake as mistake:
        row.fail("expiration", mistake.reason, mistake.mend)
    right = RIGHTS.get(row.cell("option_type").upper())
    if right is None:
        row.fail("option_type", "it is neither a call nor a put", "write CALL or PUT")
    if row.faults or root is None or strike is None or expires is None:
        return None
    name = f"{root}{expires:%y%m%d}{right}{int(strike * 1000):08d}"
    if len(name) > LONGEST:
        row.fail("underlying", f"the contract's name {name} is too long", "give a shorter symbol")
        return None
    return name


def read_trade(row: Row) -> list[TradeRow]:
    """The trade of a line."""
    said = " ".join(re.sub(r"[^a-z]+", " ", row.cell("action").casefold()).split())
    action = SPELT.get(said)
    if action is None:
        row.fail("action", "it is no known action" if said else "it is empty", f"one of {', '.join(ACTIONS)}")
    traded_on = row.day("date")
    currency, units = row.currency()
    commission = row.commission(units)
    trading = action in TRADING
    exact = TRADE_DECIMALS if units == 1 else TRADE_DECIMALS - 2  # a hundredth has two more
    quantity = row.number("quantity", decimals=TRADE_DECIMALS, needed=trading)
    price = row.number("price", decimals=exact, needed=trading)
    amount = row.number("amount", decimals=exact, needed=False)
    symbol = row.symbol("symbol") if row.cell("symbol") or trading else None
    if trading:
        check_size(row, action or "", quantity, price)
        amount = None
    elif action is not None:
        amount = check_amount(row, action, amount, quantity, price)
        quantity = price = None
    if row.faults or action is None or traded_on is None:
        return []
    return [
        TradeRow(
            line=row.line,
            action=action,
            symbol=symbol if action not in ("deposit", "withdrawal") else None,
            quantity=None if quantity is None else abs(quantity),
            price=None if price is None else price / units,
            amount=None if amount is None else amount / units,
            commission=commission,
            currency=currency,
            traded_on=traded_on,
            note=row.cell("note")[:500] or None,
        )
    ]


def check_amount(
    row: Row, action: str, amount: Decimal | None, quantity: Decimal | None, price: Decimal | None
) -> Decimal | None:
    """How much money a line without shares is about, without a sign; what goes out often has a minus."""
    each = (("price", product(quantity, price)), ("price", price), ("quantity", quantity))
    stated = ((name, x) for name, x in (("amount", amount), *each) if x is not None)
    name, found = next(stated, ("amount", None))
    if found is None:
        if not row.faults:
            row.fail("amount", "there is no amount of money", "give it in a column Amount, or as price")
        return None
    if abs(found) >= MOST:
        row.fail(name, "quantity times price is too large", f"it must lie below {MOST:,}")
    if found == 0:
        row.fail(name, "the amount of money is zero", "leave the line out")
    if found < 0 and action in INCOMING:
        other = {"deposit": "withdrawal where money went out", "dividend": "fee where it was taken back"}
        row.fail(name, f"it is below zero for a {action}", f"say {other[action]}")
    return abs(found)


def check_size(row: Row, action: str, quantity: Decimal | None, price: Decimal | None) -> None:
    """How many were traded at which price can be so."""
    if quantity == 0:
        row.fail("quantity", "it is zero", "give the number of shares")
    if quantity is not None and quantity < 0 and action in ("buy", "cover"):
        row.fail(
            "quantity", f"it is below zero for a {action}", "say sell or short, or give it without a sign"
        )
    if price is not None and price < 0:
        row.fail("price", "it is below zero", "give the price of one share")


def product(quantity: Decimal | None, price: Decimal | None) -> Decimal | None:
    """Quantity times price, as exact as it is kept, where both are given."""
    if quantity is None or price is None:
        return None
    return round(quantity * price, TRADE_DECIMALS - 2)
