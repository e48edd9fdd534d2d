"""Cells of a portfolio file: numbers with one decimal mark in the whole file, dates in one spelling.

Everything that is wrong becomes a ``Fault`` with its line, so that one reading names all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from pacesetter.kernel.dates import parse_date
from pacesetter.kernel.errors import BadDate
from pacesetter.market.calendar import FIRST_ON

Mark = Literal[".", ","]
MOST = Decimal(10) ** 10
BLANK = frozenset({"", "-", "--", "n/a", "na", "nan", "null", "none", "#n/a"})
DIGITS = re.compile(r"\d+(\.\d+)?|\.\d+", re.ASCII)
GROUPED = {
    ".": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII),
    ",": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII),
}
COMMA = re.compile(r"[\d.]*\.\d{3},\d+|\d*,(\d{1,2}|\d{4,})", re.ASCII)  # the comma parts the decimals
POINT = re.compile(r"[\d,]*,\d{3}\.\d+|\d*\.(\d{1,2}|\d{4,})", re.ASCII)
EITHER = re.compile(r"\d{1,3},\d{3}", re.ASCII)  # 1,234: a thousand, or one and a bit
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """A mistake in a file. ``line`` counts every line from 1; ``row`` counts rows as a spreadsheet without
    the comments would, the header being row 1."""

    line: int
    row: int
    column: str | None
    value: str | None
    reason: str
    mend: str


class Mistake(Exception):
    """A cell cannot be used: why, and what to do."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, in one of the spellings for nothing."""
    return text.strip().casefold() in BLANK


def bare(text: str) -> str:
    """A number without currency signs, blanks and sign."""
    return re.sub(r"[\s\u00a0\u202f$€£¥']", "", text).lstrip("+-").strip("()").lstrip("+-")


def find_mark(cells: Iterable[str]) -> Mark | None:
    """The decimal mark that the numbers of a file agree on; None where they contradict each other."""
    numbers = [bare(cell) for cell in cells]
    comma = any(COMMA.fullmatch(number) for number in numbers)
    point = any(POINT.fullmatch(number) for number in numbers)
    if comma and point:
        return None
    return "," if comma else "."


def read_number(text: str, mark: Mark | None, *, decimals: int, sure: bool = True) -> Decimal:
    """An exact number; ``Mistake`` for what is none, or not surely this one.

    ``sure``: the file shows its decimal mark elsewhere, so that ``1,234`` can only be one thing."""
    number = bare(text)
    negative = text.strip().startswith(("-", "(")) or "-" in text.strip().lstrip("$€£¥ ")[:1]
    if mark is None and ("," in number or "." in number):
        raise Mistake(
            "some numbers of the file have a decimal comma, others a decimal point",
            "write all of them with a point, such as 1234.56",
        )
    if not sure and EITHER.fullmatch(number):
        whole, rest = number.split(",")
        raise Mistake(f"it may be {whole}{rest} or {whole}.{rest}", f"write {whole}{rest} or {whole}.{rest}")
    other: Mark = "," if mark != "," else "."
    plain = number
    if GROUPED[mark or "."].fullmatch(number):
        plain = number.replace(other, "")
    plain = plain.replace(",", ".") if mark == "," else plain
    if not DIGITS.fullmatch(plain):
        raise Mistake("it is no number", "write digits with a decimal point, such as 125.50")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Mistake("it is no number", "write digits with a decimal point, such as 125.50") from None
    if value >= MOST:
        raise Mistake("it is too large", f"it must lie below {MOST:,}")
    if -int(value.normalize().as_tuple().exponent) > decimals:
        raise Mistake(f"it has more than {decimals} decimals", f"round it to {decimals} decimals")
    return -value if negative else value


def read_day(text: str, *, latest: date) -> date:
    """A date that has been; ``Mistake`` for another spelling, and for one to come."""
    try:
        found = parse_date(text.strip())
    except BadDate:
        raise Mistake("it is no date in the form YYYY-MM-DD", suggest_date(text)) from None
    if found > latest:
        raise Mistake("it lies in the future", f"give a date up to {latest}")
    if found < FIRST_ON:
        raise Mistake("it is too long ago", f"give a date from {FIRST_ON} on")
    return found


def suggest_date(text: str) -> str:
    """The spelling that is meant, where there is only one."""
    found = AMERICAN.fullmatch(text.strip())
    if found:
        first, second, year = (int(part) for part in found.groups())
        days = [(first, second), (second, first)] if first != second else [(first, second)]
        fits = [f"{year}-{m:02d}-{d:02d}" for m, d in days if m <= 12 and d <= 31]
        if fits:
            return f"write {' or '.join(fits)}"
    return "write it as YYYY-MM-DD, such as 2025-06-30"
