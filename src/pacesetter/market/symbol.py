"""Symbols: one spelling (Yahoo's), the kind of thing they name, and where they are listed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pacesetter.kernel.errors import InputError

ASSET_TYPES = ("equity", "etf", "index", "option_underlying", "sealed_box")
BOX = "sealed_box"
PRICED = ("equity", "etf", "fund", "index", "option_underlying")  # kinds that have returns

_SHAPE = re.compile(r"[A-Z0-9^_][A-Z0-9.\-=^_&]{0,30}")
_US_SHARE_CLASS = re.compile(r"([A-Z]{1,5})[./ ]([A-EG-K])")  # .F is Frankfurt


class Listing(NamedTuple):
    """Exchange MIC, ISO currency of the major unit, and the unit that quotes are in."""

    mic: str
    currency: str
    quote_unit: str


_SUFFIXES = {
    "L": Listing("XLON", "GBP", "GBX"),
    "DE": Listing("XETR", "EUR", "EUR"),
    "PA": Listing("XPAR", "EUR", "EUR"),
    "AS": Listing("XAMS", "EUR", "EUR"),
    "MI": Listing("XMIL", "EUR", "EUR"),
    "TO": Listing("XTSE", "CAD", "CAD"),
    "T": Listing("XTKS", "JPY", "JPY"),
    "HK": Listing("XHKG", "HKD", "HKD"),
    "AX": Listing("XASX", "AUD", "AUD"),
    "SW": Listing("XSWX", "CHF", "CHF"),
}
_DEFAULT = Listing("XNYS", "USD", "USD")


def normalise_symbol(text: str) -> str:
    """The one spelling of a symbol: ``brk.b`` → ``BRK-B``, ``VOD.L`` stays.

    A letter A–K but F after a point is a US share class; any other suffix names an exchange.
    Raises ``InputError`` for what cannot be a symbol.
    """
    symbol = text.strip().upper()
    share_class = _US_SHARE_CLASS.fullmatch(symbol)
    if share_class:
        return f"{share_class[1]}-{share_class[2]}"
    if not _SHAPE.fullmatch(symbol):
        raise InputError(
            f"{text!r} cannot be a symbol", mend="use Yahoo's spelling, like AAPL, BRK-B or VOD.L"
        )
    return symbol


@cache
def shipped_etfs() -> frozenset[str]:
    """Symbols known to be exchange-traded funds."""
    text = files("pacesetter.market").joinpath("etfs.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["symbols"])


def guess_asset_type(symbol: str) -> tuple[str, str]:
    """The kind of thing ``symbol`` most likely names, and why."""
    if symbol.startswith(("_", "^")):
        return "index", "the name starts with _ or ^"
    if symbol in shipped_etfs():
        return "etf", "it is in the shipped list of ETFs"
    return "equity", "nothing says otherwise"


def guess_listing(symbol: str) -> Listing:
    """Where a symbol is listed by its suffix; none means the United States."""
    _, point, suffix = symbol.rpartition(".")
    return _SUFFIXES.get(suffix, _DEFAULT) if point else _DEFAULT
