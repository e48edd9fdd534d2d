"""Dates as they are written: 2025-03-14, 14 March 2025, March 14th, 2025, 14/03/2025, March 2025."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# fmt: off
NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)
# fmt: on
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}
_MONTH = rf"(?i:\b(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?:\.(?=\s\d))?)"
_DAY = r"(?<![\d.,])\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"\d{4}(?![\d%]|[.,]\d)"
DATE = "|".join(
    (
        r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)",
        r"(?<![\d/])\d{1,2}/\d{1,2}/\d{4}(?![\d/])",
        rf"{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
        rf"{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?![\d%]|[.,]\d)(?:,?\s{_YEAR})?",
        rf"{_MONTH},?\s{_YEAR}",
    )
)
_PARTS = re.compile(rf"(?P<month>{_MONTH})|(?P<year>\d{{4}})|(?P<day>\d{{1,2}})")


@dataclass(frozen=True)
class WrittenDate:
    """What of a date is written; none is not."""

    year: int | None
    month: int
    day: int | None

    def fits(self, on: date) -> bool:
        """Whether a date is the written one, as far as that goes."""
        return self.month == on.month and self.year in (None, on.year) and self.day in (None, on.day)


def read_date(text: str) -> tuple[WrittenDate, ...]:
    """What a match of ``DATE`` means: one date, two where day and month may change places."""
    if "/" in text:
        first, second, year = (int(part) for part in text.split("/"))
        orders = {(second, first), (first, second)}
        return tuple(WrittenDate(year, month, day) for month, day in sorted(orders) if month <= 12)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return (WrittenDate(year, month, day),)
    found: dict[str, str] = {}
    for match in _PARTS.finditer(text):
        found.setdefault(str(match.lastgroup), match[0])
    month = MONTHS[found["month"].rstrip(".").lower()]
    year_, day_ = found.get("year"), found.get("day")
    return (WrittenDate(int(year_) if year_ else None, month, int(day_) if day_ else None),)
