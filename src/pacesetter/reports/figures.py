"""How figures are written for a person: a sign where it matters, a unit, no more digits than help."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

MINUS = "−"
NOTHING = "–"
ISO_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])", re.ASCII)


def write_pct(value: float | None, *, signed: bool = True, digits: int = 1) -> str:
    """A share in percent, such as +1.2 %."""
    if value is None or not math.isfinite(value):
        return NOTHING
    value = round(value, digits) + 0.0
    sign = "+" if signed and value > 0 else ""
    return f"{sign}{value:,.{digits}f} %".replace("-", MINUS)


def write_price(value: float | None, unit: str | None = None) -> str:
    """A price in its quote unit: two digits, four under 1."""
    if value is None or not math.isfinite(value):
        return NOTHING
    digits = 2 if abs(value) >= 1 or value == 0 else 4
    text = f"{value:,.{digits}f}".replace("-", MINUS)
    return f"{text} {unit}" if unit else text


def write_number(value: float | None, digits: int = 1) -> str:
    """A number with at most ``digits`` decimals, and thousands kept apart."""
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text).replace("-", MINUS)


def write_score(value: float) -> str:
    """A score with one decimal, so that scores stand under each other."""
    return f"{value:.1f}".replace("-", MINUS)


def write_places(value: float) -> str:
    """Places gained or lost, with a sign; a decimal only where it is not whole."""
    text = f"{value:+.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return ("0" if text in ("+0", "-0") else text).replace("-", MINUS)


def write_day(on: date) -> str:
    """A date as a person says it: Fri 14 Mar 2025."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{days[on.weekday()]} {on.day} {months[on.month - 1]} {on.year}"


def write_days(text: str) -> str:
    """A text with its dates as a person says them; a date within a longer word stays."""
    return ISO_DAY.sub(lambda found: _say_day(found[0]), text)


def _say_day(text: str) -> str:
    try:
        return write_day(date.fromisoformat(text))
    except ValueError:
        return text


def count(n: int, noun: str, plural: str | None = None) -> str:
    """So many of something: 1 stock, 2 stocks."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def name_some(names: Sequence[str], most: int = 5) -> str:
    """The first names of a list, and how many more there are."""
    said = ", ".join(names[:most])
    return said if len(names) <= most else f"{said} and {len(names) - most:,} more"
