"""Symbols that people or programs put forward: ``{ticker, reason, source, urgency}``, or a list of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pacesetter.kernel.errors import BadFile, InputError
from pacesetter.market.symbol import normalise_symbol
from pacesetter.providers.files.plain_text import Flaw, clean_line
from pacesetter.providers.files.table import decode
from pacesetter.providers.files.ticker_list import MOST_OF_REASON, Pick

MOST_ENTRIES = 20_000
MOST_OF_SOURCE = 120
URGENCY = {
    "urgent": "high",
    "high": "high",
    "medium": "normal",
    "normal": "normal",
    "": "normal",
    "low": "low",
}
SHAPE = '{"ticker": "NVDA", "reason": "why", "source": "who", "urgency": "high"}'


def read_manual_stocks(data: bytes, name: str) -> tuple[list[Pick], list[Flaw]]:
    """The symbols put forward, each once, and the entries that are wrong. ``BadFile`` for no such JSON."""
    try:
        found = json.loads(decode(data, Path(name)), parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        raise BadFile(
            f"it is no JSON: {error.msg}", where=f"line {error.lineno}", mend=f"write {SHAPE}"
        ) from None
    except (ValueError, RecursionError):  # numbers of endless length, brackets in brackets
        raise BadFile("it is no JSON that can be read", where=name, mend=f"write {SHAPE}") from None
    entries = found if isinstance(found, list) else [found]
    if not entries:
        raise BadFile("it names no symbol", where=name, mend=f"write {SHAPE}")
    if len(entries) > MOST_ENTRIES:
        raise BadFile(f"it has more than {MOST_ENTRIES:,} entries", where=name, mend="split it")
    picks: dict[str, Pick] = {}
    flaws: list[Flaw] = []
    for number, entry in enumerate(entries, start=1):
        one = read_entry(f"entry {number}", entry)
        if isinstance(one, Flaw):
            flaws.append(one)
        elif one.symbol in picks:
            flaws.append(Flaw(one.at, f"{one.symbol} is {picks[one.symbol].at} already", "one will do"))
        else:
            picks[one.symbol] = one
    return list(picks.values()), flaws


def refuse_constant(name: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)


def read_entry(at: str, entry: Any) -> Pick | Flaw:
    """One entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return Flaw(at, "it is no object", f"write {SHAPE}")
    fields = {str(name).strip().casefold(): value for name, value in entry.items()}
    ticker = fields.get("ticker", fields.get("symbol"))
    if not isinstance(ticker, str):
        return Flaw(at, "it names no ticker", f"write {SHAPE}")
    for name in ("reason", "source", "urgency"):
        if not isinstance(fields.get(name) or "", str):
            return Flaw(at, f"its {name} is no text", f"write {SHAPE}")
    urgency = str(fields.get("urgency") or "").strip().casefold()
    if urgency not in URGENCY:
        return Flaw(at, f"{clean_line(urgency, 40)!r} is no urgency", "choose high, normal or low")
    try:
        symbol = normalise_symbol(ticker)
    except InputError:
        shown = clean_line(ticker, 40)
        return Flaw(at, f"{shown!r} cannot be a symbol", "use Yahoo's spelling, like AAPL, BRK-B or VOD.L")
    reason = clean_line(fields.get("reason") or "", MOST_OF_REASON)
    source = clean_line(fields.get("source") or "", MOST_OF_SOURCE)
    return Pick(at, symbol, reason, source, URGENCY[urgency])
