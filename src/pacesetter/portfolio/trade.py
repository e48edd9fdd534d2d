"""What a person did in a portfolio, and what companies did to its shares.

Quantities and prices of a trade are as traded; later splits change what they mean
today. What is wrong with a trade is a value that names it, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

Action = Literal["buy", "sell", "short", "cover", "deposit", "withdrawal", "dividend", "fee"]
ACTIONS: tuple[str, ...] = get_args(Action)
IN_SHARES = ("buy", "sell", "short", "cover")  # these have a symbol, a quantity and a price
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
COMMON_PART = 100  # a split is so many for so many
SPELLED_OUT = 5e-7  # what is lost where 1/3 is written with six decimals


@dataclass(frozen=True)
class Trade:
    """One thing that was done, in the major unit of ``currency``.

    Shares (``IN_SHARES``) have ``symbol``, ``quantity`` (positive, as traded) and
    ``price`` of one. Money alone has ``amount`` (positive); a dividend or a fee may
    name the ``symbol`` that it belongs to. ``sequence`` orders the trades of a day.
    """

    id: Hashable
    action: Action
    traded_on: date
    currency: str
    symbol: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    commission: Decimal = Decimal(0)
    sequence: int = 0


@dataclass(frozen=True)
class Split:
    """``ratio`` new shares for each old one, from ``ex_on`` on (``read_ratio`` makes one of a float)."""

    ex_on: date
    ratio: Fraction


@dataclass(frozen=True)
class Dividend:
    """Cash for each of *today's* shares, in the major unit of ``currency``, to who held before ``ex_on``."""

    ex_on: date
    amount: float
    currency: str


@dataclass(frozen=True)
class TradeProblem:
    """Why a trade is not counted: a ``code``, the sentence for a person, and how to mend it."""

    trade_id: Hashable
    code: str
    what: str
    mend: str


def read_ratio(value: float) -> Fraction:
    """The exact ratio that a float stands for: 0.333333 is 1/3, so that 30 old shares are 10 new ones."""
    near = Fraction(value).limit_denominator(COMMON_PART)
    return near if near and abs(float(near) - value) <= SPELLED_OUT else Fraction(str(value))


def count_shares_today(splits: Sequence[Split], on: date) -> Fraction:
    """How many of today's shares one share of the end of ``on`` is: all splits with a later ex date."""
    shares = Fraction(1)
    for split in splits:
        if split.ex_on > on:
            shares *= split.ratio
    return shares


def name_trade(trade: Trade) -> str:
    """A trade in words, such as ``sell of 10 AAPL on 2025-03-04``."""
    if trade.action in IN_SHARES:
        what = f"{_plain(trade.quantity)} {trade.symbol}"
    else:
        what = f"{_plain(trade.amount)} {trade.currency}"
    return f"{trade.action} of {what} on {trade.traded_on}"


def check_trade(trade: Trade) -> tuple[TradeProblem, ...]:
    """Everything that is wrong with a trade taken by itself; nothing where it is fine."""
    found: list[TradeProblem] = []

    def tell(code: str, what: str, mend: str) -> None:
        found.append(TradeProblem(trade.id, code, f"{name_trade(trade)}: {what}", mend))

    if trade.action not in ACTIONS:
        tell("action", f"{trade.action!r} is no action", f"use one of {', '.join(ACTIONS)}")
        return tuple(found)
    if not CURRENCY.fullmatch(trade.currency):
        tell("currency", f"{trade.currency!r} is no currency", "write three capital letters, such as USD")
    if trade.action in IN_SHARES:
        if not trade.symbol:
            tell("symbol", "the symbol is missing", "say what was traded")
        if not _at_least(trade.quantity, above=True):
            tell("quantity", "the quantity is missing or not above 0", "write how many, without a sign")
        if not _at_least(trade.price):
            tell("price", "the price is missing or below 0", "write the price of one share")
    else:
        if not _at_least(trade.amount, above=True):
            tell("amount", "the amount is missing or not above 0", "write how much money, without a sign")
        if trade.symbol and trade.action in ("deposit", "withdrawal"):
            tell("symbol", f"money alone does not belong to {trade.symbol}", "leave the symbol out")
    if not _at_least(trade.commission):
        tell("commission", "the commission is below 0 or no number", "write 0 where there was none")
    return tuple(found)


def _at_least(value: Decimal | None, *, above: bool = False) -> bool:
    return value is not None and value.is_finite() and (value > 0 if above else value >= 0)


def _plain(value: Decimal | None) -> str:
    return "?" if value is None or not value.is_finite() else f"{value.normalize():f}"
