"""A list of symbols that somebody wants looked at: ``ticker, reason``, a line each."""

from __future__ import annotations

from dataclasses import dataclass

from pacesetter.kernel.errors import InputError
from pacesetter.market.symbol import normalise_symbol
from pacesetter.providers.files.delimited import cell_of, find_places, read_lines
from pacesetter.providers.files.plain_text import Flaw, clean_line

SPELLINGS = {
    "ticker": ("ticker", "symbol", "tickers", "symbols"),
    "reason": ("reason", "why", "note", "notes"),
}
MOST_OF_REASON = 1000


@dataclass(frozen=True)
class Pick:
    """A symbol that somebody names. ``at``: where in the file; ``urgency``: high, normal or low."""

    at: str
    symbol: str
    reason: str
    source: str = ""
    urgency: str = "normal"


def read_ticker_list(data: bytes, name: str) -> tuple[list[Pick], list[Flaw]]:
    """The symbols of a list, each once, and the lines that name none. ``BadFile`` for no list at all."""
    rows, flaws = read_lines(data, name)
    places = find_places(rows[0][1], SPELLINGS) if rows else {}
    if "ticker" in places:
        rows = rows[1:]
    else:
        places = {"ticker": 0, "reason": 1}
    picks: dict[str, Pick] = {}
    for line, cells in rows:
        at, given = f"line {line}", cell_of(cells, places["ticker"])
        try:
            symbol = normalise_symbol(given)
        except InputError:
            shown = clean_line(given, 40)
            what = f"{shown!r} cannot be a symbol" if shown else "no symbol is named"
            flaws.append(Flaw(at, what, "use Yahoo's spelling, like AAPL, BRK-B or VOD.L"))
            continue
        if symbol in picks:
            flaws.append(Flaw(at, f"{symbol} stands on {picks[symbol].at} already", "one line will do"))
            continue
        picks[symbol] = Pick(at, symbol, clean_line(cell_of(cells, places.get("reason")), MOST_OF_REASON))
    return list(picks.values()), flaws
