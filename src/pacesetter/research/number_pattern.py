"""How numbers are written in a text: digits, signs, currencies, scales, units, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pacesetter.research.written_date import DATE

CODES = "USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|SEK|NOK|DKK|CNY|HKD|INR"
PERIODS = ("minute", "hour", "day", "session", "week", "month", "quarter", "year")
# fmt: off
ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
PLACES = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)
# fmt: on
LEFT_ALONE = (
    "S&P 500",
    "Nasdaq 100",
    "Nasdaq-100",
    "FTSE 100",
    "Russell 2000",
    "52-week",
    "10-K",
    "10-Q",
    "8-K",
)

_BIG = r"(?:hundred|thousand|million|billion|trillion)\b"
_UNIT = rf"""[\s-]?(?:%|‰|(?i:percentage[\s-]points?|percent|per\s?cent|pp|basis\s?points?|bps?)\b
    |[x×](?!\w)|(?i:times|fold)\b|(?:{CODES})\b|€|(?i:(?:dollar|euro|pound)s?|yen)\b
    |(?i:(?:{"|".join(PERIODS)})s?)\b)"""
_DIGITS = r"""\d{1,3}(?:[,'’\ \u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?
    |\d{1,3}(?:\.\d{3}){2,}(?!\d)(?:,\d+)?
    |(?<!\d,)\d+,(?:\d{1,2}|\d{4,})(?!\d|,\d)
    |\d*\.\d+|\d+"""
_NUMBER = rf"""(?P<sign>(?<![\w)%.,])[-−–+])?
    (?P<money>(?:US\$|[$€£¥])\s?|\b(?:{CODES})\s?)?(?P<inner>(?<=[$€£¥\s])[-−+])?
    (?P<digits>{_DIGITS})(?P<power>[eE][+-]?\d{{1,3}}(?!\w))?
    (?P<scale>[\s-]?(?i:thousand|million|billion|trillion|mln|mn|bn|tn)\b|[kKmMbBT](?![A-Za-z\d]))?
    (?P<unit>{_UNIT})?"""
_SPELLED = rf"""(?i:\b(?P<words>(?:{"|".join(TENS)})(?:[\s-](?:{"|".join(ONES)}))?|{"|".join(ONES)})\b)
    (?:(?:\s(?i:(?P<big>{_BIG})))(?P<big_unit>{_UNIT})?|(?P<word_unit>{_UNIT}))"""
_ORDINAL = r"\b(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
_ALONE = rf"""(?i:\b(?P<alone>zero|(?:{"|".join(TENS)})(?:[\s-](?:{"|".join(ONES)}))?|{"|".join(ONES)})
    (?P<point>\spoint(?:\s(?:zero|{"|".join(ONES[:9])})\b)+)?\b)"""
_PLACE = rf"(?i:\b(?P<place>{'|'.join(PLACES)})\b)"
_CODE = r"\b[A-Z]{1,2}\d{1,3}\b(?![%.,]?\d|\s?%)"  # Q4, H1, A320
_LISTED = r"^[ ]{0,3}(?P<listed>\d{1,2})[.)](?=\s)"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)"


def compile_pattern(names: Iterable[str] = ()) -> re.Pattern[str]:
    """Everything that holds a number, told apart by the groups ``listed``, ``date``, ``time``, ``words`` and
    ``digits``; what matches none of them is left alone, as ``names`` are (whole words). ``ordinal`` (2nd),
    ``place`` (second) and ``alone`` (two, with no unit) are numbers only beside what they count."""
    alone = "|".join(re.escape(name) for name in sorted({*LEFT_ALONE, *names}, key=len, reverse=True))
    parts = (
        rf"(?<!\w)(?:{alone})(?!\w)",
        _LISTED,
        f"(?P<date>{DATE})",
        f"(?P<time>{_TIME})",
        _ORDINAL,
        _CODE,
        _SPELLED,
        _ALONE,
        _PLACE,
        _NUMBER,
    )
    return re.compile("|".join(parts), re.VERBOSE | re.MULTILINE)
