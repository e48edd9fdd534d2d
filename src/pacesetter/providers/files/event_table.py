"""Insider trades and earnings as tables: what is read out of them goes along with their text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate, BadFile
from pacesetter.providers.files.delimited import cell_of, find_places, read_lines, read_number
from pacesetter.providers.files.plain_text import Flaw, clean_line

INSIDER = {
    "date": ("date", "trade date", "transaction date"),
    "insider": ("insider", "name", "insider name", "owner"),
    "action": ("action", "type", "transaction", "trade type"),
    "shares": ("shares", "quantity", "qty"),
    "price": ("price", "price per share"),
}
EARNINGS = {
    "date": ("date", "reported on", "report date"),
    "reported": ("reported", "actual", "reported eps", "eps"),
    "expected": ("expected", "estimate", "consensus", "expected eps", "eps estimate"),
}
BUYING = re.compile(r"p\b|buy|bought|purchase|acquir")
SELLING = re.compile(r"s\b|sell|sold|sale|dispos")
Table = tuple[dict[str, Any], list[Flaw]]


def read_insiders(data: bytes, name: str) -> Table:
    """``{"trades": [{date, insider, action, shares, price}], "bought", "sold"}``: the last two are shares
    times price, in the currency of the file; ``action`` is buy, sell or other."""
    trades: list[dict[str, Any]] = []
    rows, flaws = read_rows(data, name, INSIDER, ("date", "insider", "action", "shares"))
    for at, own in rows:
        on, shares, price = read_day(own["date"]), read_number(own["shares"]), read_number(own["price"])
        if on is None:
            flaws.append(Flaw(at, f"{clean_line(own['date'], 40)!r} is not a date", "write it as YYYY-MM-DD"))
        elif shares is None or shares < 0:
            flaws.append(Flaw(at, f"{clean_line(own['shares'], 40)!r} is no number of shares"))
        elif own["price"] and (price is None or price < 0):
            flaws.append(Flaw(at, f"{clean_line(own['price'], 40)!r} is no price"))
        else:
            about = {"date": on.isoformat(), "insider": clean_line(own["insider"], 120)}
            trades.append({**about, "action": side_of(own["action"]), "shares": shares, "price": price})
    refuse_none(trades, flaws, name)
    worth = {
        side: sum(t["shares"] * (t["price"] or 0.0) for t in trades if t["action"] == action)
        for side, action in (("bought", "buy"), ("sold", "sell"))
    }
    return {"trades": trades, **worth}, flaws


def read_earnings(data: bytes, name: str) -> Table:
    """``{"reported", "expected", "surprise_pct", "quarters": [...]}``: the first three of the newest line;
    the surprise is (reported − expected) / |expected| in %, and left out where nothing was expected."""
    quarters: list[dict[str, Any]] = []
    rows, flaws = read_rows(data, name, EARNINGS, ("reported", "expected"))
    for at, own in rows:
        reported, expected = read_number(own["reported"]), read_number(own["expected"])
        on = read_day(own["date"])
        if reported is None or expected is None:
            bad = own["reported"] if reported is None else own["expected"]
            flaws.append(Flaw(at, f"{clean_line(bad, 40)!r} is no number"))
        elif own["date"] and on is None:
            flaws.append(Flaw(at, f"{clean_line(own['date'], 40)!r} is not a date", "write it as YYYY-MM-DD"))
        else:
            quarter: dict[str, Any] = {"reported": reported, "expected": expected}
            if expected:
                quarter["surprise_pct"] = (reported - expected) / abs(expected) * 100
            quarters.append(quarter | ({"date": on.isoformat()} if on else {}))
    refuse_none(quarters, flaws, name)
    newest = max(enumerate(quarters), key=lambda one: (one[1].get("date", ""), one[0]))[1]
    return {**{k: v for k, v in newest.items() if k != "date"}, "quarters": quarters}, flaws


def read_rows(
    data: bytes, name: str, spellings: dict[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[list[tuple[str, dict[str, str]]], list[Flaw]]:
    """The cells of each row by field. ``BadFile`` where the header lacks one that is needed."""
    rows, flaws = read_lines(data, name)
    places = find_places(rows[0][1], spellings) if rows else {}
    if missing := [field for field in needed if field not in places]:
        raise BadFile(
            f"there is no column {' and no column '.join(missing)}",
            where="line 1",
            mend=f"name the columns {', '.join(spellings)}",
        )
    cells = [(f"line {n}", {f: cell_of(row, places.get(f)) for f in spellings}) for n, row in rows[1:]]
    return cells, flaws


def refuse_none(found: list[dict[str, Any]], flaws: list[Flaw], name: str) -> None:
    """``BadFile`` where no row could be read; it names the first one's flaw."""
    if not found:
        first = flaws[0] if flaws else Flaw("", "it has no rows", "look at what it was saved from")
        raise BadFile(first.what, where=first.at or name, mend=first.mend)


def read_day(text: str) -> date | None:
    """A day as YYYY-MM-DD or YYYYMMDD."""
    bare = text.strip()[:10]
    if re.fullmatch(r"\d{8}", bare, re.ASCII):
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    try:
        return parse_date(bare)
    except BadDate:
        return None


def side_of(action: str) -> str:
    """buy, sell, or other: a grant or a gift is neither."""
    word = action.strip().casefold()
    return "buy" if BUYING.match(word) else "sell" if SELLING.match(word) else "other"
