"""Numbers, percentages, amounts and dates as they stand in a text, each with what it may mean.

Nothing that counts is overlooked: each digit of a text lies in a mention, or in something that is
left alone (names such as S&P 500, Q4 or A320, the numbers of a list). What cannot
be read is a mention without a reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from pacesetter.research.number_pattern import CODES, ONES, PERIODS, PLACES, TENS, compile_pattern
from pacesetter.research.written_date import WrittenDate, read_date

SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
CURRENCY_WORDS = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY"}
CURRENCIES = tuple(CODES.split("|"))
SCALES = {"hundred": 2, "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "million": 6, "b": 9, "bn": 9}
SCALES |= {"billion": 9, "t": 12, "tn": 12, "trillion": 12}
SPELLED = {word: i for i, word in enumerate(ONES, 1)} | {word: 10 * i for i, word in enumerate(TENS, 2)}
PERCENT, BASIS_POINT, PERMILLE, TIMES = "%", "bp", "‰", "x"
_FALLS = (
    r"fell|falls?|falling|fallen|down|dropp?(?:ed|s|ing)?|declin(?:ed|es?|ing)|lost|loses?|losing|loss|slid|slides?"
    r"|decreas(?:ed|es?|ing)|shrank|shrunk|sank|minus|negative|slipp?(?:ed|s|ing)?|tumbled|plunged|slumped|shed|sheds"
    r"|contracted|lower|worsened|missed"
)
FALLING = re.compile(
    rf"\b(?:{_FALLS})(?:\s(?:by|of|another|an?|some|about|around|roughly|nearly|almost|approximately|further"
    r"|more than|less than|over|under|just|only|expectations|estimates|is|was|at))*\s*$",
    re.IGNORECASE,
)
FALLEN = re.compile(
    r"[\s-](?:lower|down|drops?|declines?|loss|losses|falls?|decreases?|slides?|contraction|pullback)\b",
    re.IGNORECASE,
)
LOOK_BACK = 40  # characters in which such a word stands
JOINED = re.compile(r"\s?(?P<dash>[-–—])\s?|\s(?:to|and)\s")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Reading:
    """A number as written: ``value`` ± ``half`` of its last place, both to be taken × 10 ^ ``power``, in
    ``unit``: a currency's code, ``%``, ``bp``, ``‰``, ``x``, a period such as ``day``, or nothing."""

    value: Decimal
    half: Decimal
    power: int
    unit: str


@dataclass(frozen=True)
class Mention:
    """Where something stands in a text, and what it may mean; nothing where it cannot be read."""

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...] = ()
    dates: tuple[WrittenDate, ...] = ()
    loose: bool = False  # 2nd, second or two: a number only beside what it counts


def find_mentions(text: str, *, names: Iterable[str] = ()) -> list[Mention]:
    """Every mention, in order. ``names``: more that hold digits and are left alone, whole words only."""
    return [one for one in find_all_mentions(text, names=names) if not one.loose]


def find_all_mentions(text: str, *, names: Iterable[str] = ()) -> list[Mention]:
    """The same with the loose ones."""
    covered = bytearray(len(text))
    found: list[Mention] = []
    listed = 0
    for match in compile_pattern(names).finditer(text):
        start, end = match.span()
        covered[start:end] = b"\1" * (end - start)
        if match["listed"] is not None:
            number = int(match["listed"])
            if number in (1, listed + 1):
                listed = number
            else:  # it only stands at the start of a line
                found.append(_mention(match, "listed", _read_plain(match["listed"])))
        elif match["date"] is not None:
            found.append(Mention(start, end, match[0], dates=read_date(match[0])))
        elif match["time"] is not None:
            found.append(Mention(start, end, match[0]))
        elif match["words"] is not None:
            found.append(_mention(match, 0, _read_words(match, text)))
        elif match["ordinal"] is not None:
            found.append(replace(_mention(match, 0, _read_plain(match["ordinal"])), loose=True))
        elif match["place"] is not None:
            number = PLACES.index(match["place"].lower()) + 1
            found.append(replace(_mention(match, 0, _read_plain(str(number))), loose=True))
        elif match["alone"] is not None:
            found.append(replace(_mention(match, 0, _read_alone(match, text)), loose=True))
        elif match["digits"] is not None:
            found.append(_mention(match, 0, _read_number(match, text)))
    # numerals of other kinds (½, ², ④) say something, too
    rest = (i for i, char in enumerate(text) if char.isnumeric() and not covered[i])
    found += [Mention(i, i + 1, text[i]) for i in rest]
    found.sort(key=lambda one: one.start)
    for i in range(len(found) - 1):
        found[i], found[i + 1] = _share(found[i], found[i + 1], text)
    return found


def _mention(match: re.Match[str], group: str | int, reading: Reading) -> Mention:
    return Mention(match.start(group), match.end(group), match[group], (reading,))


def _read_plain(digits: str) -> Reading:
    return Reading(Decimal(digits), HALF, 0, "")


def _read_number(match: re.Match[str], text: str) -> Reading:
    digits = re.sub(r"['’ \u00a0\u202f]", "", match["digits"])
    if digits.count(".") > 1:  # 1.234.567,89
        digits = digits.replace(".", "").replace(",", ".")
    elif re.search(r",(?!\d{3}(?:\D|$))", digits):  # 12,5
        digits = digits.replace(",", ".")
    digits = digits.replace(",", "")
    decimals = len(digits.partition(".")[2])
    power = int((match["power"] or "e0")[1:]) + SCALES.get((match["scale"] or "").strip(" -").lower(), 0)
    money = (match["money"] or "").strip()
    unit = SYMBOLS.get(money, money) or _unit(match["unit"])
    value = Decimal(digits)
    signs = (match["sign"] or "") + (match["inner"] or "")
    if re.search("[-−–]", signs) or (not signs and _falls(text, match.start(), match.end())):
        value = -value
    return Reading(value, HALF.scaleb(-decimals), power, unit)


def _read_words(match: re.Match[str], text: str) -> Reading:
    value = Decimal(sum(SPELLED[word] for word in re.split(r"[\s-]", match["words"].lower())))
    power = SCALES.get((match["big"] or "").lower(), 0)
    unit = _unit(match["big_unit"] or match["word_unit"])
    return Reading(-value if _falls(text, match.start()) else value, HALF, power, unit)


def _read_alone(match: re.Match[str], text: str) -> Reading:
    whole = sum(SPELLED.get(word, 0) for word in re.split(r"[\s-]", match["alone"].lower()))
    places = [str(SPELLED.get(word, 0)) for word in (match["point"] or "").lower().split()[1:]]
    value = Decimal(f"{whole}.{''.join(places)}" if places else whole)
    return Reading(-value if _falls(text, match.start()) else value, HALF.scaleb(-len(places)), 0, "")


def _falls(text: str, start: int, end: int | None = None) -> bool:
    """Whether the words around say that it is a loss: it fell 5 %, a 5 % fall; but not: it fell to 5 %."""
    before = FALLING.search(text[max(0, start - LOOK_BACK) : start]) is not None
    return before or (end is not None and FALLEN.match(text, end) is not None)


def _unit(written: str | None) -> str:
    unit = re.sub(r"\s+", " ", (written or "").strip().lstrip("-").strip())
    if unit in CURRENCIES or unit in (PERCENT, PERMILLE):
        return unit
    lower = unit.lower()
    if lower.startswith(("percent", "per cent", "pp")):
        return PERCENT
    if lower.startswith(("basis", "bp")):
        return BASIS_POINT
    if lower in ("x", "×", "times", "fold"):
        return TIMES
    singular = lower.removesuffix("s")
    return singular if singular in PERIODS else SYMBOLS.get(unit) or CURRENCY_WORDS.get(singular, "")


def _share(one: Mention, two: Mention, text: str) -> tuple[Mention, Mention]:
    """The two ends of a range share what is written once: 10–12 %, $3–4 bn."""
    gap = JOINED.fullmatch(text, one.end, two.start)
    if gap is None or not one.readings or not two.readings:
        return one, two
    first, second = one.readings[0], two.readings[0]
    unit = first.unit or second.unit
    lent = (
        replace(first, unit=unit, power=first.power or second.power),
        replace(second, unit=second.unit or first.unit),
    )
    kept = ((), ()) if gap["dash"] else ((first,), (second,))  # "in 2024 and 12 %" shares nothing
    ends = zip((one, two), lent, kept, strict=True)
    changed = [replace(end, readings=tuple(dict.fromkeys((*own, new)))) for end, new, own in ends]
    return changed[0], changed[1]
